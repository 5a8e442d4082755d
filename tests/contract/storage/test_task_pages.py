"""Pages lead over every task once, in order, forth and back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import chain, count, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.dates.due import Due
from core.ports.storage import Storage
from core.shared.errors import InvalidArgumentError
from core.shared.paging import COUNT_LIMIT, Page
from core.tasks.model import Priority, Status, Task, TaskFilter
from core.tasks.repository import TASKS
from core.tasks.requests import TaskSort
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.databases import off_the_stand_in

_names = count(1)

dues = st.none() | st.builds(
    Due,
    st.dates(date(2026, 11, 19), date(2026, 11, 21)),
    st.none() | st.sampled_from([time(9), time(12, 30)]),
    st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]),
)
WANTED = [TaskFilter(), TaskFilter(status=Status.COMPLETED), TaskFilter(status=None)]

Draft = tuple[Due | None, Priority, int]
"""When something is due, how urgent it is, and in which second it was done."""

drafts = st.tuples(dues, st.sampled_from(Priority), st.integers(0, 3))


def _expected(tasks: list[Task], status: Status | None, sort: TaskSort) -> list[Task]:
    if sort is TaskSort.NUMBER:
        return sorted(tasks, key=lambda task: task.number)
    if sort is TaskSort.PRIORITY:
        return sorted(_expected(tasks, None, TaskSort.DUE), key=lambda task: task.priority)
    if status is Status.COMPLETED:
        return sorted(tasks, key=lambda task: (task.completed_at or NOON, task.number), reverse=True)
    far = datetime.max.replace(tzinfo=NOON.tzinfo)
    return sorted(tasks, key=lambda task: (task.due.at if task.due else far, task.priority, task.number))


async def _page(place: Place, wanted: TaskFilter, cursor: str, limit: int, sort: TaskSort = TaskSort.DUE) -> Page[Task]:
    async with place.reading() as work:
        return await work.of(TASKS).page(wanted, place.public, sort=sort, cursor=cursor, limit=limit)


async def _walk(place: Place, wanted: TaskFilter, limit: int, sort: TaskSort) -> tuple[list[Task], list[Task]]:
    """Return the tasks on the way forth, and those on the way back, put in the same order."""
    page = await _page(place, wanted, "", limit, sort)
    assert (page.previous_cursor, page.before) == (None, 0)
    forth = [list(page.items)]
    while page.next_cursor:
        page = await _page(place, wanted, page.next_cursor, limit, sort)
        assert page.before == sum(map(len, forth))
        forth.append(list(page.items))
        assert page.previous_cursor
    back, behind = [list(page.items)], page.before
    while page.previous_cursor:
        page = await _page(place, wanted, page.previous_cursor, limit, sort)
        back.insert(0, list(page.items))
        assert page.next_cursor
        assert page.before == behind - len(page.items)
        behind = page.before
    return list(chain.from_iterable(forth)), list(chain.from_iterable(back))


async def _add(place: Place, status: Status, made: Sequence[Draft]) -> list[Task]:
    return await place.add(
        *(
            place.task(
                due=due,
                priority=priority,
                status=status,
                completed_at=NOON + timedelta(seconds=second) if status is Status.COMPLETED else None,
            )
            for due, priority, second in made
        )
    )


@off_the_stand_in("every way through is gone there too")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=st.lists(drafts, max_size=14),
    limit=st.integers(1, 5),
    wanted=st.sampled_from(WANTED),
    in_channel=st.booleans(),
    sort=st.sampled_from(TaskSort),
)
async def test_every_task_is_met_once_in_order_both_ways(
    storage: Storage,
    made: list[Draft],
    limit: int,
    wanted: TaskFilter,
    in_channel: bool,
    sort: TaskSort,
) -> None:
    place = await build_place(storage, f"w{next(_names)}")
    wanted = replace(wanted, channel_id=place.general.id if in_channel else None)
    tasks = await _add(place, wanted.status or Status.PENDING, made)
    forth, back = await _walk(place, wanted, limit, sort)
    assert forth == _expected(tasks, wanted.status, sort)
    assert back == forth
    assert (await _page(place, wanted, "", limit)).total == len(tasks)


@pytest.mark.parametrize("wanted", WANTED)
async def test_every_way_leads_through_a_list(here: Place, wanted: TaskFilter) -> None:
    days = [Due(date(2026, 11, 20), None, "UTC"), Due(date(2026, 11, 19), time(9), "Asia/Tokyo"), None]
    made = [(day, priority, second) for second, day in enumerate(days) for priority in (Priority.URGENT, Priority.LOW)]
    tasks = await _add(here, wanted.status or Status.PENDING, made)
    for channel_id, sort in product((None, here.general.id), TaskSort):
        forth, back = await _walk(here, replace(wanted, channel_id=channel_id), 2, sort)
        assert forth == back == _expected(tasks, wanted.status, sort)


async def test_filters_narrow_a_page(here: Place) -> None:
    await here.add(
        here.task(1, priority=Priority.URGENT, assignees=(here.ann,)),
        here.task(2, assignees=(here.ben, here.ann), batch="b"),
        here.task(3, channel_id=here.board.id),
        here.task(4, status=Status.COMPLETED, completed_at=NOON),
    )

    async def numbers(**wanted: object) -> set[int]:
        async with here.reading() as work:
            page = await work.of(TASKS).page(TaskFilter(**wanted), here.everything)  # type: ignore[arg-type]
        assert page.total == len(page.items)
        return {task.number for task in page.items}

    assert await numbers() == {1, 2, 3}
    assert await numbers(status=None) == {1, 2, 3, 4}
    assert await numbers(status=Status.COMPLETED) == {4}
    assert await numbers(channel_id=here.board.id) == {3}
    assert await numbers(assignee=here.ann) == {1, 2}
    assert await numbers(assignee=here.ben) == {2}
    assert await numbers(assignee=0) == {3}
    assert await numbers(priority=Priority.URGENT) == {1}
    assert await numbers(batch="b") == {2}
    assert await numbers(assignee=here.ann, priority=Priority.URGENT, channel_id=here.general.id) == {1}
    assert await numbers(assignee=0, status=None, channel_id=here.general.id) == {4}


@off_the_stand_in("every page is counted so far, and no further")
async def test_a_total_stops_beyond_the_limit_of_counting(here: Place) -> None:
    async with here.writing() as work:
        work.of(TASKS).add_all([here.task(number) for number in range(1, COUNT_LIMIT + 11)])
    assert (await _page(here, TaskFilter(), "", 10)).total == COUNT_LIMIT + 1


async def test_a_page_whose_tasks_are_gone_gives_way_to_the_nearest(here: Place) -> None:
    tasks = await here.add(*(here.task() for _ in range(6)))
    first = await _page(here, TaskFilter(), "", 3)
    second = await _page(here, TaskFilter(), first.next_cursor or "", 3)
    async with here.writing() as work:
        for task in tasks[3:]:
            await work.of(TASKS).change(replace(task, removed_at=NOON, version=2), 1)
    late = await _page(here, TaskFilter(), first.next_cursor or "", 3)
    assert (late.items, late.next_cursor, late.previous_cursor) == (tasks[:3], None, None)
    async with here.writing() as work:
        for task in tasks:
            await work.of(TASKS).change(replace(task, removed_at=None if task.number > 3 else NOON, version=3), 2)
            await work.of(TASKS).change(replace(task, removed_at=NOON, version=2), 1)
    early = await _page(here, TaskFilter(), second.previous_cursor or "", 3)
    assert [task.number for task in early.items] == [4, 5, 6]


async def test_an_empty_list_has_no_pages_around_it(here: Place) -> None:
    page = await _page(here, TaskFilter(), "", 10)
    assert (page.items, page.next_cursor, page.previous_cursor, page.total) == ([], None, None, 0)
    stale = await _page(here, TaskFilter(), "n.0.0.0", 10)
    assert (stale.items, stale.next_cursor, stale.previous_cursor) == ([], None, None)


NO_CURSORS = (
    "x", "n", "n.", "n.0", "n.0.0", "n.0.0.0.0", "q.0.0.0", "n.zzzzzzzzzzzz.0.0", "n.0.0.zzzzzzz", "N.0.0.0",
    "n.-1.0.0", "n.0.0.0\n", "n.٣.0.0", "' OR 1=1", "n.0.0." + "1" * 500,
)  # fmt: skip


async def test_a_cursor_that_no_page_has_is_refused(here: Place) -> None:
    async def said_of(cursor: str) -> str:
        try:
            await _page(here, TaskFilter(), cursor, 10)
        except InvalidArgumentError as error:
            return error.reason
        return ""

    assert {cursor: await said_of(cursor) for cursor in NO_CURSORS} == dict.fromkeys(NO_CURSORS, "cursor")


@off_the_stand_in("any sign of a cursor is judged before anything is asked")
@given(cursor=st.text(max_size=40) | st.from_regex(r"[np](\.[0-9a-z]{1,13}){2,4}", fullmatch=True))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_cursor_is_refused_or_leads_to_a_page(here: Place, cursor: str) -> None:
    try:
        page = await _page(here, TaskFilter(), cursor, 10)
    except InvalidArgumentError:
        return
    assert page.total == 0
