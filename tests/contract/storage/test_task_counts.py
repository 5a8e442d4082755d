"""What is counted is what is there, whatever has been done to it and whoever asks."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.dates.due import Due
from core.people.model import Role
from core.ports.storage import Storage, UnitOfWork
from core.tasks.model import Priority, Status, Task, TaskCounts, TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.databases import off_the_stand_in

BATCH = "01JD0000000000000000000000"
TODAY = NOON.date()

_names = count(1)


def recounted(tasks: Sequence[Task], now: datetime, today: date) -> TaskCounts:
    """Count tasks one by one."""
    opened = [task for task in tasks if task.status is Status.PENDING]
    due = [task.due for task in opened if task.due]
    overdue = sum(one.at < now if one.time else one.date < today for one in due)
    return TaskCounts(
        by_status=dict(Counter(task.status for task in tasks)),
        by_priority=dict(Counter(task.priority for task in opened)),
        by_assignee=dict(Counter(member for task in opened for member in task.assignees or (0,))),
        overdue=overdue,
        upcoming=len(due) - overdue,
    )


def _sees(audience: Audience, task: Task, place: Place) -> bool:
    is_open = task.channel_id == place.general.id or task.channel_id in audience.channels
    return audience.everything or is_open or audience.member_id in (task.author_id, *task.assignees)


async def assert_counts(place: Place, now: datetime = NOON, today: date = TODAY) -> None:
    """Compare what is counted for everybody and every channel with what is there."""
    some = Audience(place.ben, frozenset({place.board.id}))
    for audience in (place.everything, place.public, some, Audience(place.ann, frozenset())):
        async with place.reading() as work:
            every = work.of(TASKS).stream(TaskFilter(status=None), place.everything)
            tasks = [task async for chunk in every for task in chunk if _sees(audience, task, place)]
            for channel in (None, place.general.id, place.board.id, place.direct.id):
                here = [task for task in tasks if channel in (None, task.channel_id)]
                counts = await work.of(TASKS).counts(channel, audience, now=now, today=today)
                assert counts == recounted(here, now, today)


@dataclass
class Story:
    """What has become of a workspace's tasks, as far as one has to know to go on."""

    place: Place
    people: list[int]
    tasks: dict[int, Task] = field(default_factory=dict)

    def made(self, draft: dict[str, Any]) -> Task:
        """Return a task of a draft, which names people and channels by their places."""
        where = (self.place.general, self.place.board, self.place.direct)[draft["channel"]]
        people = tuple(dict.fromkeys(self.people[one % len(self.people)] for one in draft["assignees"]))
        status, is_done = draft["status"], draft["status"] is Status.COMPLETED
        return self.place.task(
            channel_id=where.id,
            author_id=(self.place.ann, self.place.ben)[draft["author"]],
            assignees=people,
            status=status,
            priority=draft["priority"],
            due=draft["due"],
            completed_at=NOON if is_done else None,
            removed_at=NOON if draft["removed"] else None,
            batch=BATCH if draft["batch"] else "",
        )

    def changed(self, draft: dict[str, Any], number: int) -> Task:
        """Return a task as a draft has it, its version raised."""
        old = self.tasks[number]
        new = self.made(draft)
        return replace(new, number=number, batch=old.batch, author_id=old.author_id, version=old.version + 1)


dues = st.none() | st.builds(
    Due,
    st.sampled_from([date(2026, 11, 1), TODAY - timedelta(1), TODAY, TODAY + timedelta(1), date(2027, 1, 1)]),
    st.none() | st.sampled_from([time(9), time(13)]),
    st.sampled_from(["UTC", "Pacific/Kiritimati", "Etc/GMT+12"]),
)
drafts = st.fixed_dictionaries(
    {
        "channel": st.integers(0, 2),
        "author": st.integers(0, 1),
        "assignees": st.lists(st.integers(0, 3), max_size=3),
        "status": st.sampled_from(Status),
        "priority": st.sampled_from(Priority),
        "due": dues,
        "removed": st.sampled_from([False, False, True]),
        "batch": st.booleans(),
    }
)

Deed = Callable[[Story, UnitOfWork, list[dict[str, Any]]], Awaitable[None]]


async def _add(story: Story, work: UnitOfWork, some: list[dict[str, Any]]) -> None:
    first = await work.of(TASKS).reserve_numbers(len(some))
    for number, draft in enumerate(some, start=first):
        story.tasks[number] = replace(story.made(draft), number=number)
        work.of(TASKS).add(story.tasks[number])


async def _add_all(story: Story, work: UnitOfWork, some: list[dict[str, Any]]) -> None:
    first = await work.of(TASKS).reserve_numbers(len(some))
    added = [replace(story.made(draft), number=number) for number, draft in enumerate(some, start=first)]
    story.tasks.update((task.number, task) for task in added)
    work.of(TASKS).add_all(added)


async def _change(story: Story, work: UnitOfWork, some: list[dict[str, Any]]) -> None:
    for number, draft in zip(list(story.tasks), some, strict=False):
        if draft["batch"]:
            await work.of(TASKS).find(number)
        new = story.changed(draft, number)
        assert await work.of(TASKS).change(new, new.version - 1)
        assert not await work.of(TASKS).change(replace(new, priority=Priority.URGENT), new.version - 1)
        story.tasks[number] = new


async def _change_many(story: Story, work: UnitOfWork, some: list[dict[str, Any]]) -> None:
    changed = [story.changed(draft, number) for number, draft in zip(reversed(story.tasks), some, strict=False)]
    if some[0]["batch"]:
        await work.of(TASKS).get_many([task.number for task in changed], story.place.everything)
    await work.of(TASKS).change_many(changed)
    story.tasks.update((task.number, task) for task in changed)


async def _withdraw(story: Story, work: UnitOfWork, _some: list[dict[str, Any]]) -> None:
    await work.of(TASKS).remove_untouched([number for number, task in story.tasks.items() if task.batch == BATCH], NOON)
    for number in story.tasks:
        found = await work.of(TASKS).find(number)
        assert found
        story.tasks[number] = found


async def _forget(story: Story, work: UnitOfWork, _some: list[dict[str, Any]]) -> None:
    gone = story.people.pop()
    await work.members.forget(gone, NOON)
    story.people.insert(0, await work.members.add("New", Role.MEMBER, at=NOON))


async def _merge(story: Story, work: UnitOfWork, _some: list[dict[str, Any]]) -> None:
    await work.members.move_identities(story.people[-1], story.people[-2])


DEEDS: Sequence[Deed] = (_add, _add_all, _change, _change_many, _withdraw, _forget, _merge)


async def _live(place: Place, steps: Sequence[tuple[Deed, list[dict[str, Any]], bool]]) -> None:
    """Let a workspace live through steps, each of which is kept or rolled back."""
    async with place.writing() as work:
        others = [await work.members.add(f"Other {index}", Role.MEMBER, at=NOON) for index in range(2)]
    story = Story(place, [place.ann, place.ben, *others])
    for deed, some, is_kept in steps:
        before = dict(story.tasks), list(story.people)
        async with place.storage.workspace(place.id).write() as work:
            await deed(story, work, some)
            if is_kept:
                await work.commit()
            else:
                story.tasks, story.people = before


@off_the_stand_in("a story of every deed is told there too")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(DEEDS), st.lists(drafts, min_size=1, max_size=4), st.booleans()), max_size=8
    ),
    hours=st.integers(-30, 30),
)
async def test_counts_are_those_of_what_is_there(
    storage: Storage, steps: list[tuple[Deed, list[dict[str, Any]], bool]], hours: int
) -> None:
    place = await build_place(storage, f"w{next(_names)}")
    await _live(place, steps)
    now = NOON + timedelta(hours=hours)
    await assert_counts(place, now, now.astimezone(UTC).date())


def _draft(number: int) -> dict[str, Any]:
    """Return a draft that differs from the next ones in everything."""
    return {
        "channel": number % 3,
        "author": number % 2,
        "assignees": [number, number + 1][: number % 3],
        "status": list(Status)[number % len(Status)],
        "priority": list(Priority)[number % len(Priority)],
        "due": (None, Due(TODAY, time(9), "UTC"), Due(TODAY - timedelta(1), None, "Etc/GMT+12"))[number % 3],
        "removed": number % 5 == 4,
        "batch": number % 4 > 1,
    }


async def test_counts_are_right_after_a_story_of_every_deed(here: Place) -> None:
    drafts_of = count()
    steps = [(deed, [_draft(next(drafts_of)) for _ in range(4)], kept) for deed in DEEDS for kept in (False, True)]
    await _live(here, [*steps, *steps[2:]])
    await assert_counts(here)


async def test_what_many_write_at_once_is_all_counted(here: Place) -> None:
    async def add(index: int) -> None:
        async with here.writing() as work:
            number = await work.of(TASKS).reserve_numbers()
            work.of(TASKS).add(here.task(number, priority=Priority(index % 4), assignees=(here.ann,)))

    async def finish(task: Task) -> None:
        async with here.writing() as work:
            assert await work.of(TASKS).change(replace(task, status=Status.COMPLETED, completed_at=NOON, version=2), 1)

    tasks = await here.add(*(here.task(assignees=(here.ben,)) for _ in range(10)))
    await asyncio.gather(*(add(index) for index in range(20)), *map(finish, tasks))
    await assert_counts(here)


async def test_a_task_with_several_people_counts_once_for_each_of_them_and_for_nobody_never(here: Place) -> None:
    await here.add(here.task(assignees=(here.ann, here.ben)), here.task(assignees=(here.ben,)), here.task())
    async with here.writing() as work:
        # The first of them: whoever is left was never the first.
        await work.members.forget(here.ann, NOON)
    async with here.reading() as work:
        counts = await work.of(TASKS).counts(here.general.id, here.everything, now=NOON, today=TODAY)
    assert counts.by_assignee == {here.ben: 2, 0: 1}


@off_the_stand_in("nothing but a moment differs from what is counted elsewhere")
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
@pytest.mark.parametrize("days", [-3, -2, -1, 0, 1, 2])
async def test_a_day_is_late_when_it_has_ended_where_the_reader_is(here: Place, zone: str, days: int) -> None:
    await here.add(here.task(due=Due(TODAY + timedelta(days), None, zone)))
    await assert_counts(here)
    await assert_counts(here, NOON, TODAY + timedelta(1))
