"""Tasks are kept whole, change only from the version that was read, and keep their numbers for good."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from adapters.storage.engine.errors import UnscopedStatementError
from core.dates.due import Due
from core.dates.recurrence_grammar import parse_recurrence
from core.tasks.model import NOTES_LIMIT, TITLE_LIMIT, Priority, Status, TaskFilter
from core.tasks.repository import TASKS
from tests.contract.storage.world import NOON, Place

DUES = [
    None,
    Due(date(2026, 11, 20), None, "Europe/Berlin"),
    Due(date(2026, 11, 20), time(9, 30), "America/New_York"),
    Due(date(2026, 10, 25), time(2, 30), "Europe/Berlin"),
    Due(date(2026, 10, 25), time(2, 30, fold=1), "Europe/Berlin"),
    Due(date(2026, 3, 29), time(2, 30), "Europe/Berlin"),
]


@pytest.mark.parametrize("due", DUES)
async def test_a_task_comes_back_as_it_was_stored(here: Place, due: Due | None) -> None:
    task = here.task(
        title="Buy “milk” — 牛乳 🥛 'or' %_\\",
        notes="a\nb\tc" * 3,
        priority=Priority.URGENT,
        due=due,
        assignees=(here.ben, here.ann),
        origin="https://example.org/m/1",
        remind_at=NOON + timedelta(hours=2),
        batch="01JD0000000000000000000000",
    )
    [stored] = await here.add(task)
    found = await here.find(stored.number)
    assert found == stored
    if due and due.time:
        assert found is not None
        assert found.due is not None
        assert found.due.time is not None
        assert found.due.time.fold == due.time.fold
        assert found.due.at == due.at


async def test_how_a_task_repeats_and_was_planned_comes_back(here: Place) -> None:
    words = ("daily", "every 400 months on the 31st, 1000 times", "weekly until 31 dec 2199")
    repeats = [parse_recurrence(repeat, today=NOON.date()) for repeat in words]
    series = "01JD0000000000000000000000"
    stored = await here.add(
        *(here.task(repeat=repeat, series=series, planned=due) for repeat in repeats for due in DUES)
    )
    found = [await here.find(task.number) for task in stored]
    assert found == stored
    moments = [task and task.planned and task.planned.at for task in found]
    assert moments == [task.planned and task.planned.at for task in stored]


async def test_texts_of_the_greatest_length_are_kept(here: Place) -> None:
    [stored] = await here.add(here.task(title="ﬃ" * TITLE_LIMIT, notes="😀" * NOTES_LIMIT))
    assert await here.find(stored.number) == stored


async def test_what_a_task_was_completed_and_removed_with_is_kept(here: Place) -> None:
    [stored] = await here.add(
        here.task(status=Status.COMPLETED, completed_at=NOON, completed_by=here.ben, removed_at=NOON, version=4)
    )
    assert await here.find(stored.number) == stored


async def test_a_removed_task_is_found_for_undo_but_never_shown(here: Place) -> None:
    [gone] = await here.add(here.task(removed_at=NOON, assignees=(here.ben,)))
    async with here.reading() as work:
        assert await work.of(TASKS).find(gone.number) == gone
        assert await work.of(TASKS).get(gone.number, here.everything) is None
        assert await work.of(TASKS).get_many([gone.number], here.everything) == []
        assert (await work.of(TASKS).page(TaskFilter(status=None), here.everything)).total == 0
        assert [chunk async for chunk in work.of(TASKS).stream(TaskFilter(status=None), here.everything)] == []
        assert await work.of(TASKS).suggest("Task", here.everything) == []


async def test_a_change_needs_the_version_that_was_read(here: Place) -> None:
    [task] = await here.add(here.task(assignees=(here.ann,)))
    changed = replace(task, title="New", assignees=(here.ben, here.ann), version=2)
    async with here.writing() as work:
        assert await work.of(TASKS).change(changed, 1)
        assert not await work.of(TASKS).change(replace(changed, title="Late", version=2), 1)
    assert await here.find(task.number) == changed


async def test_a_reminder_is_taken_away_once_and_counts_as_no_change(here: Place) -> None:
    [task] = await here.add(here.task(remind_at=NOON, assignees=(here.ann,)))
    async with here.writing() as work:
        assert not await work.of(TASKS).take_due([task.number], NOON - timedelta(seconds=1))
        assert not await work.of(TASKS).take_due([task.number + 1], NOON)
        assert await work.of(TASKS).take_due([task.number], NOON) == [task]
        assert not await work.of(TASKS).take_due([task.number], NOON)
    assert await here.find(task.number) == replace(task, remind_at=None)


async def test_many_tasks_are_added_and_changed_in_bulk(here: Place, is_read_slowly: bool) -> None:
    due = Due(date(2027, 1, 1), time(8), "UTC")
    numbers = range(1, 451 if is_read_slowly else 4501)
    tasks = [here.task(number, assignees=(here.ann,), due=due) for number in numbers]
    async with here.writing() as work:
        assert await work.of(TASKS).reserve_numbers(len(tasks)) == 1
        work.of(TASKS).add_all(tasks)
        changed = [replace(task, title="Changed", assignees=(here.ben,), version=2) for task in tasks[1:]]
        await work.of(TASKS).change_many(changed)
    async with here.reading() as work:
        found = await work.of(TASKS).get_many(numbers, here.everything)
    assert found == [tasks[0], *changed]


async def test_tasks_laid_out_beforehand_are_there_once_another_unit_of_work_adds_them(here: Place) -> None:
    due = Due(date(2027, 1, 1), time(8), "UTC")
    tasks = [here.task(number, assignees=(here.ann, here.ben)[: number % 3], due=due) for number in range(1, 101)]
    async with here.storage.workspace(here.id).write() as desk:
        desk.of(TASKS).add_all(tasks)
        add = await asyncio.to_thread(desk.laid_out)
        # Nobody waits for the one that lays out.
        async with here.writing() as work:
            assert await work.of(TASKS).find(1) is None
            add(work)
            assert await work.of(TASKS).find(1) == tasks[0]
    async with here.reading() as work:
        assert await work.of(TASKS).get_many(range(1, 101), here.everything) == tasks
        counted = await work.of(TASKS).counts(here.general.id, here.everything, now=NOON, today=NOON.date())
    assert counted.by_status == {Status.PENDING: 100}


async def test_what_was_laid_out_is_added_to_no_other_workspace(here: Place, there: Place) -> None:
    async with here.storage.workspace(here.id).write() as desk:
        desk.of(TASKS).add_all([here.task(1)])
        add = desk.laid_out()
    with pytest.raises(UnscopedStatementError):
        async with there.writing() as work:
            add(work)
    assert await here.find(1) is None


async def test_of_many_changed_tasks_each_gets_its_own_values_and_people(here: Place) -> None:
    kept = (here.ann, here.ben)
    before = await here.add(*(here.task(assignees=people) for people in (kept, kept, kept, (), kept)))
    people = (kept, (here.ben, here.ann), (), (here.ben,), (here.ben,))
    changed = [
        replace(task, title=f"Task {task.number}", due=due, assignees=new, version=2)
        for task, due, new in zip(before, (*DUES, *DUES), people, strict=False)
    ]
    async with here.writing() as work:
        await work.of(TASKS).change_many(changed[:4])
        await work.of(TASKS).change_many([])
    assert [await here.find(task.number) for task in before] == [*changed[:4], before[4]]


async def test_a_stream_has_every_task_once_by_number(here: Place) -> None:
    tasks = await here.add(*(here.task(due=DUES[index % len(DUES)]) for index in range(25)))
    async with here.reading() as work:
        chunks = [chunk async for chunk in work.of(TASKS).stream(TaskFilter(), here.public, chunk=10)]
    assert [len(chunk) for chunk in chunks] == [10, 10, 5]
    assert [task for chunk in chunks for task in chunk] == tasks


async def test_tasks_are_removed_as_far_as_they_are_untouched(here: Place) -> None:
    mine, touched, other = await here.add(here.task(remind_at=NOON), here.task(), here.task())
    async with here.writing() as work:
        await work.of(TASKS).change(replace(touched, title="Mine now", version=2), 1)
        assert await work.of(TASKS).versions([mine.number, touched.number, 99]) == {mine.number: 1, touched.number: 2}
        assert await work.of(TASKS).remove_untouched([mine.number, touched.number, 99], NOON) == 1
        assert await work.of(TASKS).versions([mine.number]) == {}
        assert await work.of(TASKS).remove_untouched([mine.number], NOON) == 0
    async with here.reading() as work:
        left = await work.of(TASKS).page(TaskFilter(), here.everything)
        removed = await work.of(TASKS).find(mine.number)
    assert [task.number for task in left.items] == [touched.number, other.number]
    assert removed == replace(mine, removed_at=NOON, version=2, remind_at=None)


async def test_completion_finds_by_number_and_by_the_start_of_a_word(here: Place) -> None:
    expected = {
        "mil": [1, 2],
        "MIL": [1, 2],
        "bu": [1],
        "ilk": [],
        "buy m": [1],
        "3": [3, 30],
        "#3": [3, 30],
        "100%": [4],
        "%": [],
        "_": [],
        "\\": [],
        "": [1, 2, 3, 4, 30],
        "9" * 40: [],
        "straße": [30],
        "STRASSE": [30],
        "done": [],
    }
    await here.add(
        here.task(1, title="Buy milk"),
        here.task(2, title="Milk the cow"),
        here.task(3, title="Call"),
        here.task(4, title="100% sure"),
        here.task(30, title="Die Straße"),
        here.task(5, title="Done", status=Status.COMPLETED, completed_at=NOON),
    )
    async with here.reading() as work:
        found = {prefix: await work.of(TASKS).suggest(prefix, here.public) for prefix in expected}
    assert {prefix: [task.number for task in tasks] for prefix, tasks in found.items()} == expected


async def test_counts_tell_status_priority_person_and_due(here: Place) -> None:
    today = date(2026, 11, 20)
    await here.add(
        here.task(due=Due(date(2026, 11, 19), None, "UTC"), assignees=(here.ann,)),
        here.task(due=Due(today, None, "UTC"), assignees=(here.ann, here.ben)),
        here.task(due=Due(today, time(11), "UTC"), priority=Priority.URGENT),
        here.task(due=Due(today, time(13), "UTC")),
        here.task(priority=Priority.LOW),
        here.task(status=Status.COMPLETED, completed_at=NOON, due=Due(date(2026, 1, 1), None, "UTC")),
        here.task(removed_at=NOON),
    )
    async with here.reading() as work:
        counts = await work.of(TASKS).counts(None, here.public, now=NOON, today=today)
        tomorrow = await work.of(TASKS).counts(None, here.public, now=NOON, today=date(2026, 11, 21))
    assert counts.by_status == {Status.PENDING: 5, Status.COMPLETED: 1}
    assert counts.by_priority == {Priority.URGENT: 1, Priority.MEDIUM: 3, Priority.LOW: 1}
    assert counts.by_assignee == {here.ann: 2, here.ben: 1, 0: 3}
    assert (counts.overdue, counts.upcoming) == (2, 2)
    assert (tomorrow.overdue, tomorrow.upcoming) == (3, 1)


async def test_nothing_counts_as_nothing(here: Place) -> None:
    async with here.reading() as work:
        counts = await work.of(TASKS).counts(None, here.public, now=NOON, today=NOON.date())
    assert (counts.by_status, counts.by_priority, counts.by_assignee) == ({}, {}, {})
    assert (counts.overdue, counts.upcoming) == (0, 0)
