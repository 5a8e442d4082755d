"""Tasks that repeat, from files and into them."""

from dataclasses import replace
from datetime import date

import pytest

from bot.texts.tasks.notices import TaskNotices
from bot.texts.tasks.transfer import TASK_WORDS
from core.dates.due import Due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_grammar import parse_recurrence
from core.shared.errors import ConflictError
from core.tasks.drafted import UPCOMING
from core.tasks.model import Status, Task
from core.tasks.requests import NewTask
from core.tasks.service import TaskService
from core.transfer.choices import ImportMode
from tests.support.task_files import NOW, ZONE, Desk

HEADED = "number,title,status,due,repeat\n"
FRIDAY, NEXT_FRIDAY = (Due(date(2026, 11, day), None, ZONE) for day in (20, 27))


def rule(words: str) -> Recurrence:
    return parse_recurrence(words, today=NOW.date())


def service(desk: Desk) -> TaskService:
    return TaskService(desk.transactions, desk.clock, TaskNotices())


async def weekly(desk: Desk) -> Task:
    """A task that repeats every Friday, due today."""
    return (await service(desk).add(desk.ann, NewTask("Water plants", FRIDAY, repeat=rule("weekly")))).task


async def test_rows_make_tasks_that_repeat_from_their_due_or_the_first_day_that_fits(desk: Desk) -> None:
    await desk.run(HEADED + ",Water plants,,2026-12-01,weekly\n,Pay rent,,,monthly on the 1st\n,Done,done,,daily\n")
    plants, rent, done = await desk.tasks()
    assert (plants.due, plants.repeat) == (plants.planned, rule("every tue"))
    assert rent.due == Due(date(2026, 12, 1), None, ZONE)
    assert rent.remind_at
    assert plants.series != rent.series
    assert (done.repeat, done.series) == (None, "")


async def test_an_export_changes_nothing_even_of_what_was_put_off(desk: Desk) -> None:
    task = await weekly(desk)
    await service(desk).set_due(desk.ann, desk.audience(desk.ann), [1], Due(date(2027, 1, 6), None, ZONE))
    exported = await desk.export()
    assert b",every Friday\r\n" in exported
    assert (await desk.run(exported)).findings.unchanged == 1
    (found,) = await desk.tasks()
    assert (found.planned, found.repeat, found.series) == (FRIDAY, rule("every fri"), task.series)


async def test_a_row_that_completes_makes_the_next_and_its_undo_takes_both_back(desk: Desk) -> None:
    task = await weekly(desk)
    rows = "number,title,status\n1,Water the cactus,done\n2,Buy milk,pending\n"
    checked = await desk.run(rows, ImportMode.CHECK)
    assert (checked.findings.updated, checked.findings.following) == (1, 1)
    assert len(await desk.tasks()) == 1
    done = await desk.run(rows)
    completed, following, milk = await desk.tasks()
    assert (completed.status, completed.repeat) == (Status.COMPLETED, None)
    assert (following.title, following.due, following.repeat) == ("Water the cactus", NEXT_FRIDAY, rule("every fri"))
    assert (following.status, following.series, milk.title) == (Status.PENDING, task.series, "Buy milk")
    undone = await desk.undo(done)
    assert (undone.removed, undone.restored) == (2, 1)
    there = [found for found in await desk.tasks() if not found.removed_at]
    assert [replace(found, version=1) for found in there] == [task]


async def test_an_undo_is_refused_once_the_next_was_changed(desk: Desk) -> None:
    await weekly(desk)
    done = await desk.run("number,status\n1,done\n")
    await service(desk).skip(desk.ann, desk.audience(desk.ann), [2])
    with pytest.raises(ConflictError):
        await desk.undo(done)


async def test_rows_change_and_end_how_tasks_repeat(desk: Desk) -> None:
    task = await weekly(desk)
    await desk.run("number,repeat\n1,every mon and fri\n")
    (changed,) = await desk.tasks()
    assert (changed.repeat, changed.series, changed.due) == (rule("every mon and fri"), task.series, FRIDAY)
    done = await desk.run("number,status,repeat\n1,done,\n")
    assert done.findings.following == 0
    await desk.undo(done)
    await desk.run("number,repeat\n1,\n")
    (ended,) = await desk.tasks()
    assert (ended.repeat, ended.planned, ended.due) == (None, None, FRIDAY)


async def test_rows_that_end_before_they_begin_are_named(desk: Desk) -> None:
    await desk.run(HEADED + ",Old,,2026-11-27,\n")
    rows = (
        "1,Old,,2026-11-27,daily until 2026-11-26\n"
        ",New,,2026-11-27,daily until 2026-11-26\n"
        ",Undated,,,every mon until 2026-11-22\n"
        ",Odd,,,sometimes\n"
    )
    for mode in (ImportMode.CHECK, ImportMode.GOOD):
        found = (await desk.run(HEADED + rows, mode)).findings
        assert (found.bad, found.good) == (4, 0)
        said = [TASK_WORDS.error(problem) for problem in found.problems]
        assert said[:2] == ["repeat “daily until 26 Nov 2026”: This ends before the task is first due."] * 2
        assert said[3].startswith("repeat “sometimes”: Write it as daily")


async def test_a_check_counts_what_repeats_as_the_import_does(desk: Desk) -> None:
    rows = "".join(f",Task {number},,,daily\n" for number in range(12))
    checked = (await desk.run(HEADED + rows, ImportMode.CHECK)).findings
    imported = (await desk.run(HEADED + rows)).findings
    assert (checked.new, checked.tallies[UPCOMING]) == (imported.new, imported.tallies[UPCOMING]) == (12, 12)
