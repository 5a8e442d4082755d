"""People are reminded of what is due: once, not too late, where they want it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.commands.tasks.area import TASK_REMINDERS
from bot.texts.tasks.notices import TaskNotices
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.chat.text import plain
from core.dates.due import Due
from core.people.model import Reader, Role
from core.reminders.timer import Reminding
from core.tasks.model import Priority, Status, Task
from core.tasks.repository import TASKS
from tests.support.clock import NOON
from tests.unit.core.tasks.world import BERLIN, World

AT_TWO = Due(date(2026, 11, 20), time(14), BERLIN)


async def test_a_due_task_reminds_each_of_its_people_directly(world: World) -> None:
    people = (world.people["Ann"], world.people["Ben"])
    await world.add(due=AT_TWO, assignees=people)
    await world.posts()
    assert await world.reminders.run() == 0
    world.clock.forward(hours=1)
    assert await world.reminders.run() == 1
    posts = [item.post for item in await world.posts()]
    assert {post.member_id for post in posts} == set(people)
    assert {post.channel_id for post in posts} == {world.channels["general"]}
    assert "reminder: #1 Buy milk is due today" in plain(posts[0].reply.text)
    assert [action.label for action in posts[0].reply.actions] == ["Done", "Snooze", "Show"]
    assert world.events[-1].payload == {"number": 1, "sent": True}


async def test_a_task_that_nobody_has_reminds_its_channel(world: World) -> None:
    await world.add(due=AT_TWO)
    world.clock.forward(hours=1)
    await world.reminders.run()
    (item,) = await world.posts()
    assert (item.post.member_id, item.post.channel_id) == (None, world.channels["general"])


async def test_a_reminder_is_on_the_persons_clock_else_the_channels(world: World) -> None:
    async with world.storage.workspace(world.workspace_id).write() as work:
        await work.channels.set_zone(world.channels["general"], "Asia/Tokyo")
        await work.members.set_profile(world.people["Ben"], name="Ben", zone="America/New_York", locale="")
        await work.commit()
    people = world.people["Ann"], world.people["Ben"]
    for assignees in ((), people):
        await world.add(due=AT_TWO, assignees=assignees)
    await world.posts()
    world.clock.forward(hours=1)
    await world.reminders.run()
    told = {item.post.member_id: plain(item.post.reply.text) for item in await world.posts()}
    channels, ann, ben = (told[member] for member in (None, *people))
    assert "22:00 (Asia/Tokyo)" in channels
    assert "22:00 (Asia/Tokyo)" in ann
    assert "08:00 (America/New_York)" in ben


async def test_what_belongs_to_no_channel_reminds_its_people_or_nobody(world: World) -> None:
    await world.add(due=AT_TWO, assignees=(world.people["Ann"],))
    await world.add(due=AT_TWO)
    world.clock.forward(hours=1)
    everywhere = replace(TASK_REMINDERS, channel=lambda _task: None)
    assert await Reminding(world.storage, world.clock, [everywhere]).run() == 2
    (item,) = await world.posts()
    assert (item.post.member_id, item.post.channel_id) == (world.people["Ann"], None)


async def test_what_nobody_has_can_remind_another_channel_than_its_own(world: World) -> None:
    await world.add(due=AT_TWO)
    world.clock.forward(hours=1)
    elsewhere = replace(TASK_REMINDERS, channel=lambda _task: world.channels["board"])
    await Reminding(world.storage, world.clock, [elsewhere]).run()
    assert [item.post.channel_id for item in await world.posts()] == [world.channels["board"]]


async def test_a_task_reminds_once_however_many_timers_run(world: World) -> None:
    await world.add(due=AT_TWO)
    world.clock.forward(hours=1)
    counts = await asyncio.gather(*(world.reminders.run() for _ in range(5)))
    assert sum(counts) == 1
    assert len(await world.posts()) == 1
    world.clock.forward(days=1)
    assert await world.reminders.run() == 0


@pytest.mark.parametrize(("late", "posts"), [(timedelta(hours=24), 1), (timedelta(hours=24, seconds=1), 0)])
async def test_after_a_downtime_a_reminder_comes_within_a_day_or_not_at_all(
    world: World, late: timedelta, posts: int
) -> None:
    await world.add(due=AT_TWO)
    world.clock.moment = AT_TWO.at + late
    assert await world.reminders.run() == 1
    assert len(await world.posts()) == posts
    assert await world.reminders.run() == 0
    assert world.events[-1].payload["sent"] is bool(posts)


async def test_what_is_done_or_removed_or_reopened_late_reminds_nobody(world: World) -> None:
    done, removed, reopened = [await world.add(due=AT_TWO) for _ in range(3)]
    await world.tasks.done(world.actor(), world.sees(), [done.number, reopened.number])
    await world.tasks.remove(world.actor(), world.sees(), [removed.number])
    world.clock.forward(hours=2)
    await world.tasks.reopen(world.actor(), world.sees(), [reopened.number])
    assert await world.reminders.run() == 0
    assert await world.posts() == []


async def test_a_snoozed_task_reminds_when_the_snooze_is_over(world: World) -> None:
    task = await world.add(due=AT_TWO)
    until = Due(date(2026, 11, 20), time(16), BERLIN)
    await world.tasks.snooze(world.actor(), world.sees(), [task.number], until)
    world.clock.forward(hours=1)
    assert await world.reminders.run() == 0
    world.clock.forward(hours=2)
    assert await world.reminders.run() == 1
    (item,) = await world.posts()
    assert "was due" in plain(item.post.reply.text)


async def test_many_that_come_due_together_are_one_post(world: World) -> None:
    for number in range(30):
        await world.add(f"Task {number}", due=AT_TWO)
    world.clock.forward(hours=1)
    assert await world.reminders.run() == 30
    (item,) = await world.posts()
    assert "30 tasks to look at now" in plain(item.post.reply.text)


async def test_one_workspace_in_trouble_does_not_keep_others_from_being_reminded(world: World) -> None:
    other = await world.storage.system.create_workspace("other", zone="UTC", currency="EUR", locale="en", at=NOON)
    await world.add("mine", due=AT_TWO)
    await _add_elsewhere(world, other.id)
    world.clock.forward(hours=1)

    class OneFails(TaskNotices):
        def reminder(self, tasks: Sequence[Task], to: Reader, now: datetime) -> Reply:
            if tasks[0].title == "mine":
                raise RuntimeError("broken")
            return super().reminder(tasks, to, now)

    with pytest.raises(ExceptionGroup):
        await Reminding(world.storage, world.clock, [replace(TASK_REMINDERS, word=OneFails().reminder)]).run()
    (item,) = await world.posts()
    assert item.workspace_id == other.id
    assert await world.reminders.run() == 1


async def _add_elsewhere(world: World, workspace_id: int) -> None:
    space = await world.storage.system.ensure_space(workspace_id, Platform.WEB, "elsewhere", "Elsewhere", NOON)
    async with world.storage.workspace(workspace_id).write() as work:
        member = await work.members.add("Dan", Role.MEMBER, at=NOON)
        channel = await work.channels.ensure(space.id, "c", "general", ChannelKind.PUBLIC, NOON)
        number = await work.of(TASKS).reserve_numbers()
        work.of(TASKS).add(
            Task(
                number,
                "theirs",
                "",
                Status.PENDING,
                Priority.LOW,
                AT_TWO,
                channel.id,
                member,
                (),
                "",
                NOON,
                remind_at=AT_TWO.at,
            )
        )
        await work.commit()
