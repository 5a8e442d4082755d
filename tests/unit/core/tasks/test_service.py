"""Tasks through their service, on a real database."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.chat.text import plain
from core.dates.due import Due
from core.people.model import Role
from core.shared.errors import InvalidArgumentError, NotFoundError, RefusedError
from core.tasks.model import Priority, Status, TaskFilter
from core.tasks.requests import AssignMode, NewTask, TaskEdit
from core.tasks.service import TaskService
from tests.support.clock import NOON
from tests.unit.core.tasks.world import BERLIN, World

IN_AN_HOUR = Due(date(2026, 11, 20), time(14), BERLIN)
TOMORROW = Due(date(2026, 11, 21), None, BERLIN)


async def test_an_added_task_is_there_with_all_it_was_given(world: World) -> None:
    new = NewTask(
        " Buy  milk ", TOMORROW, Priority.HIGH, (world.people["Ann"],), "oat\r\nplease", "https://x.example/1"
    )
    change = await world.tasks.add(world.actor(), new)
    task = (await world.tasks.show(change.task.number, world.sees())).task
    assert task == change.task
    assert (task.title, task.notes, task.priority, task.due) == ("Buy milk", "oat\nplease", Priority.HIGH, TOMORROW)
    assert (task.status, task.assignees, task.origin) == (Status.PENDING, (world.people["Ann"],), "https://x.example/1")
    assert task.channel_id == world.channels["general"]
    assert task.remind_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert world.kinds() == ["task.added"]


async def test_numbers_count_up_and_are_never_used_again(world: World) -> None:
    first = await world.add()
    second = await world.add()
    await world.tasks.remove(world.actor(), world.sees(), [second.number])
    third = await world.add()
    assert [first.number, second.number, third.number] == [1, 2, 3]


async def test_of_three_hundred_adds_at_once_none_is_lost(world: World) -> None:
    added = await asyncio.gather(*(world.add(f"Task {number}") for number in range(300)))
    assert sorted(task.number for task in added) == list(range(1, 301))
    listed = await world.tasks.list(TaskFilter(), world.sees(), limit=300)
    assert {task.title for task in listed.page.items} == {f"Task {number}" for number in range(300)}


async def test_a_task_that_is_refused_leaves_nothing(world: World) -> None:
    with pytest.raises(InvalidArgumentError):
        await world.add("x" * 10_000)
    with pytest.raises(NotFoundError):
        await world.add("Buy milk", assignees=(999,))
    assert (await world.add()).number == 1
    assert world.kinds() == ["task.added"]
    assert await world.posts() == []


async def test_somebody_given_a_task_is_told_but_not_oneself(world: World) -> None:
    task = await world.add(assignees=(world.people["Ann"], world.people["Ben"]), due=TOMORROW)
    (item,) = await world.posts()
    assert item.post.member_id == world.people["Ben"]
    assert item.post.channel_id == world.channels["general"]
    assert plain(item.post.reply.text).startswith(f"@Ben, Ann gave you #{task.number} Buy milk, due tomorrow")


async def test_a_private_task_is_seen_by_its_channel_its_people_and_its_author_alone(world: World) -> None:
    task = await world.add(channel="board", assignees=(world.people["Ben"],))
    for seeing in (world.sees("Cat", "board"), world.sees("Ben"), world.sees("Ann")):
        assert (await world.tasks.show(task.number, seeing)).task.number == task.number
    with pytest.raises(NotFoundError):
        await world.tasks.show(task.number, world.sees("Cat"))
    with pytest.raises(NotFoundError):
        await world.tasks.done(world.actor("Cat"), world.sees("Cat"), [task.number])
    assert (await world.tasks.list(TaskFilter(), world.sees("Cat"))).page.items == []
    assert (await world.tasks.summary(world.actor("Cat"), None, world.sees("Cat"))).counts.by_status.get(
        Status.PENDING, 0
    ) == 0


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 2**63, 10**30])
async def test_an_unknown_number_is_a_clear_answer(world: World, number: int) -> None:
    with pytest.raises(NotFoundError) as missing:
        await world.tasks.show(number, world.sees())
    assert missing.value.details["reference"] == str(number)
    with pytest.raises(NotFoundError):
        await world.tasks.done(world.actor(), world.sees(), [number])


async def test_completing_keeps_who_and_when(world: World) -> None:
    task = await world.add(due=TOMORROW)
    world.clock.forward(minutes=5)
    change = await world.tasks.done(world.actor("Ben"), world.sees("Ben"), [task.number])
    stored = await world.stored(task.number)
    assert stored == change.task
    assert stored is not None
    assert (stored.status, stored.completed_by) == (Status.COMPLETED, world.people["Ben"])
    assert stored.completed_at == NOON + timedelta(minutes=5)
    assert stored.remind_at is None
    assert change.before == (task,)
    assert world.kinds() == ["task.added", "task.completed"]


async def test_completing_again_changes_nothing(world: World) -> None:
    task = await world.add()
    first = await world.tasks.done(world.actor(), world.sees(), [task.number])
    again = await world.tasks.done(world.actor("Ben"), world.sees("Ben"), [task.number])
    assert (again.tasks, again.unchanged, again.undo_id) == ((), first.tasks, "")
    assert world.kinds() == ["task.added", "task.completed"]


async def test_several_are_completed_together_or_not_at_all(world: World) -> None:
    first, second = await world.add("One"), await world.add("Two")
    with pytest.raises(NotFoundError) as missing:
        await world.tasks.done(world.actor(), world.sees(), [first.number, 77, 78])
    assert missing.value.details["reference"] == "77, #78"
    assert (await world.tasks.show(first.number, world.sees())).task.status is Status.PENDING
    change = await world.tasks.done(world.actor(), world.sees(), [second.number, first.number, second.number])
    assert [task.number for task in change.tasks] == [second.number, first.number]


async def test_reopening_brings_a_reminder_back_that_is_still_ahead(world: World) -> None:
    task = await world.add(due=TOMORROW)
    await world.tasks.done(world.actor(), world.sees(), [task.number])
    change = await world.tasks.reopen(world.actor(), world.sees(), [task.number])
    assert change.task.status is Status.PENDING
    assert change.task.completed_at is None
    assert change.task.completed_by is None
    assert change.task.remind_at == task.remind_at
    assert (await world.tasks.reopen(world.actor(), world.sees(), [task.number])).tasks == ()


async def test_an_edit_changes_what_is_given_and_nothing_else(world: World) -> None:
    task = await world.add(notes="old", due=TOMORROW)
    change = await world.tasks.edit(world.actor(), world.sees(), task.number, TaskEdit(title="Buy oat milk"))
    assert (change.task.title, change.task.notes, change.task.due) == ("Buy oat milk", "old", TOMORROW)
    change = await world.tasks.edit(world.actor(), world.sees(), task.number, TaskEdit(notes="", priority=Priority.LOW))
    assert (change.task.title, change.task.notes, change.task.priority) == ("Buy oat milk", "", Priority.LOW)
    assert world.events[-1].payload["fields"] == ["notes", "priority"]


async def test_an_edit_of_nothing_is_refused_and_one_that_changes_nothing_is_harmless(world: World) -> None:
    task = await world.add()
    with pytest.raises(InvalidArgumentError) as refused:
        await world.tasks.edit(world.actor(), world.sees(), task.number, TaskEdit())
    assert refused.value.reason == "nothing_to_edit"
    same = await world.tasks.edit(world.actor(), world.sees(), task.number, TaskEdit(title="Buy milk"))
    assert same.tasks == ()
    with pytest.raises(InvalidArgumentError):
        await world.tasks.edit(world.actor(), world.sees(), task.number, TaskEdit(title="x" * 501))


async def test_people_are_added_set_and_removed(world: World) -> None:
    ann, ben, cat = (world.people[name] for name in ("Ann", "Ben", "Cat"))
    task = await world.add(assignees=(ann,))

    async def assign(people: tuple[int, ...], mode: AssignMode) -> tuple[int, ...]:
        change = await world.tasks.assign(world.actor(), world.sees(), [task.number], people, mode)
        stored = await world.stored(task.number)
        assert stored is not None
        assert stored.assignees == change.task.assignees
        return change.task.assignees

    assert await assign((ben,), AssignMode.ADD) == (ann, ben)
    assert await assign((cat, ben), AssignMode.SET) == (cat, ben)
    assert await assign((ben,), AssignMode.REMOVE) == (cat,)
    assert await assign((ben,), AssignMode.REMOVE) == (cat,)
    assert world.events[-1].payload == {"number": task.number, "assignees": [cat], "added": [], "removed": [ben]}
    told = [item.post.member_id for item in await world.posts()]
    assert sorted(told, key=str) == [ben, cat]


async def test_somebody_given_several_tasks_hears_of_them_once(world: World) -> None:
    numbers = [(await world.add(f"Task {number}")).number for number in range(3)]
    await world.tasks.assign(world.actor(), world.sees(), numbers, [world.people["Ben"]])
    (item,) = await world.posts()
    assert "Ann gave you 3 tasks" in plain(item.post.reply.text)


async def test_at_most_twenty_five_people_share_a_task(world: World) -> None:
    async with world.storage.workspace(world.workspace_id).write() as work:
        crowd = [await work.members.add(f"Member {number}", Role.MEMBER, at=NOON) for number in range(26)]
        await work.commit()
    task = await world.add(assignees=tuple(crowd[:25]))
    with pytest.raises(InvalidArgumentError) as refused:
        await world.tasks.assign(world.actor(), world.sees(), [task.number], crowd[25:])
    assert (refused.value.reason, refused.value.field) == ("too_many_assignees", "people")


async def test_a_due_moves_its_reminder_and_can_be_taken_away(world: World) -> None:
    task = await world.add()
    change = await world.tasks.set_due(world.actor(), world.sees(), [task.number], IN_AN_HOUR)
    assert change.task.remind_at == NOON + timedelta(hours=1)
    change = await world.tasks.set_due(world.actor(), world.sees(), [task.number], None)
    assert (change.task.due, change.task.remind_at) == (None, None)
    assert world.kinds()[-2:] == ["task.rescheduled", "task.rescheduled"]
    past = Due(date(2026, 11, 1), None, BERLIN)
    assert (await world.tasks.set_due(world.actor(), world.sees(), [task.number], past)).task.remind_at is None


async def test_a_snooze_moves_the_reminder_and_leaves_the_due(world: World) -> None:
    task = await world.add(due=IN_AN_HOUR)
    until = Due(date(2026, 11, 23), None, BERLIN)
    change = await world.tasks.snooze(world.actor(), world.sees(), [task.number], until)
    assert change.task.due == IN_AN_HOUR
    assert change.task.remind_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert world.kinds()[-1] == "task.snoozed"


async def test_a_snooze_into_the_past_or_of_something_done_is_refused(world: World) -> None:
    task = await world.add()
    with pytest.raises(InvalidArgumentError) as refused:
        await world.tasks.snooze(world.actor(), world.sees(), [task.number], Due(date(2026, 11, 20), time(8), BERLIN))
    assert refused.value.reason == "snooze_past"
    await world.tasks.done(world.actor(), world.sees(), [task.number])
    with pytest.raises(RefusedError) as done:
        await world.tasks.snooze(world.actor(), world.sees(), [task.number], TOMORROW)
    assert done.value.details["reason"] == "snooze_completed"


async def test_a_removed_task_is_out_of_every_view(world: World) -> None:
    task = await world.add()
    await world.tasks.remove(world.actor(), world.sees(), [task.number])
    with pytest.raises(NotFoundError):
        await world.tasks.show(task.number, world.sees())
    assert (await world.tasks.list(TaskFilter(None), world.sees())).page.items == []
    assert await world.suggested("Buy") == []
    summary = await world.tasks.summary(world.actor(), None, world.sees())
    assert sum(summary.counts.by_status.values()) == 0


async def test_a_list_has_overdue_first_then_by_due_then_by_priority(world: World) -> None:
    later = Due(date(2026, 12, 1), None, BERLIN)
    late = Due(date(2026, 11, 18), None, BERLIN)
    for title, due, priority in (
        ("no due, low", None, Priority.LOW),
        ("no due, urgent", None, Priority.URGENT),
        ("later", later, Priority.URGENT),
        ("tomorrow, low", TOMORROW, Priority.LOW),
        ("tomorrow, high", TOMORROW, Priority.HIGH),
        ("late", late, Priority.LOW),
        ("in an hour", IN_AN_HOUR, Priority.LOW),
    ):
        await world.add(title, due=due, priority=priority)
    wanted = TaskFilter(channel_id=world.channels["general"])
    found = await world.tasks.list(wanted, world.sees())
    assert [task.title for task in found.page.items] == [
        "late",
        "in an hour",
        "tomorrow, high",
        "tomorrow, low",
        "later",
        "no due, urgent",
        "no due, low",
    ]


async def test_pages_lead_forth_and_back_over_every_task_once(world: World) -> None:
    for number in range(25):
        await world.add(f"Task {number}", due=TOMORROW if number % 3 else None)
    wanted, seen, cursor = TaskFilter(), [], ""
    pages = []
    while True:
        page = (await world.tasks.list(wanted, world.sees(), cursor=cursor)).page
        pages.append([task.number for task in page.items])
        seen += pages[-1]
        assert page.total == 25
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert [len(page) for page in pages] == [10, 10, 5]
    assert sorted(seen) == list(range(1, 26))
    assert page.previous_cursor is not None
    back = (await world.tasks.list(wanted, world.sees(), cursor=page.previous_cursor)).page
    assert [task.number for task in back.items] == pages[1]


@pytest.mark.parametrize("cursor", ["x", "💥", "0" * 500, "../../etc", "' OR 1=1 --"])
async def test_a_page_that_is_none_is_refused(world: World, cursor: str) -> None:
    await world.add()
    with pytest.raises(InvalidArgumentError) as refused:
        await world.tasks.list(TaskFilter(), world.sees(), cursor=cursor)
    assert (refused.value.reason, refused.value.field) == ("no_such_page", "page")


async def test_filters_by_person_priority_status_and_channel(world: World) -> None:
    ann = world.people["Ann"]
    mine = await world.add("mine", assignees=(ann,))
    urgent = await world.add("urgent", priority=Priority.URGENT)
    private = await world.add("private", channel="board")
    done = await world.add("done")
    await world.tasks.done(world.actor(), world.sees(), [done.number])

    async def numbers(wanted: TaskFilter) -> set[int]:
        return {task.number for task in (await world.tasks.list(wanted, world.sees("Ann", "board"))).page.items}

    assert await numbers(TaskFilter(assignee=ann)) == {mine.number}
    assert await numbers(TaskFilter(assignee=0)) == {urgent.number, private.number}
    assert await numbers(TaskFilter(priority=Priority.URGENT)) == {urgent.number}
    assert await numbers(TaskFilter(Status.COMPLETED)) == {done.number}
    assert await numbers(TaskFilter(channel_id=world.channels["board"])) == {private.number}
    assert await numbers(TaskFilter(None)) == {mine.number, urgent.number, private.number, done.number}


async def test_a_summary_counts_by_status_priority_person_and_due(world: World) -> None:
    ann, ben = world.people["Ann"], world.people["Ben"]
    await world.add("late", due=Due(date(2026, 11, 19), None, BERLIN), priority=Priority.HIGH, assignees=(ann, ben))
    await world.add("today", due=Due(date(2026, 11, 20), None, BERLIN), assignees=(ann,))
    await world.add("timed and late", due=Due(date(2026, 11, 20), time(12, 59), BERLIN))
    await world.add("ahead", due=IN_AN_HOUR)
    done = await world.add("done", priority=Priority.LOW)
    await world.tasks.done(world.actor(), world.sees(), [done.number])
    counts = (await world.tasks.summary(world.actor(), None, world.sees())).counts
    assert counts.by_status == {Status.PENDING: 4, Status.COMPLETED: 1}
    assert counts.by_priority == {Priority.HIGH: 1, Priority.MEDIUM: 3}
    assert counts.by_assignee == {ann: 2, ben: 1, 0: 2}
    assert (counts.overdue, counts.upcoming) == (2, 2)


async def test_completion_finds_tasks_by_number_and_by_word(world: World) -> None:
    task = await world.add("Call the landlord")
    await world.add("Buy milk")
    assert await world.suggested("land") == [task.number]
    assert await world.suggested(str(task.number)) == [task.number]


async def test_two_who_complete_a_task_at_once_do_it_once(world: World) -> None:
    task = await world.add()

    async def complete(service: TaskService, name: str) -> int:
        return len((await service.done(world.actor(name), world.sees(name), [task.number])).tasks)

    assert sum(await asyncio.gather(complete(world.tasks, "Ann"), complete(world.tasks, "Ben"))) == 1
    assert world.kinds().count("task.completed") == 1
