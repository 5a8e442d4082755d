"""Files that other programs and people have made: what means something comes in, and none of their numbers is ours."""

import codecs
import json
from datetime import date

import pytest

from core.tasks.model import Priority, Status
from core.transfer.choices import ImportMode
from tests.support.task_files import Desk

DUE = date(2027, 1, 4)


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\r\nTitle;Due\r\nOrder flour;2027-01-04\r\n",
        "Title|Due|Priority\nOrder flour|2027-01-04|high\n",
        codecs.BOM_UTF8 * 2 + b"Title,Due\r\nOrder flour,2027-01-04\r\n",
        codecs.BOM_UTF8 * 3 + b'[{"title": "Order flour", "due": "2027-01-04"}]',
        b"\xff\xfe\xff\xfe" + "Title\tDue\nOrder flour\t2027-01-04\n".encode("utf-16-le"),
        "\r\n\r\nTasks of the shop\r\n\r\nTitle,Due\r\nOrder flour,2027-01-04\r\n",
        'Title, "Due", "Notes"\r\nOrder flour, "2027-01-04", "a, b"\r\n',
        "Card Name,Due Date,List Name\nOrder flour,2027-01-04,Doing\n",
    ],
)
async def test_ways_to_write_a_table(desk: Desk, content: str | bytes) -> None:
    done = await desk.run(content)
    assert not done.findings.bad
    [task] = await desk.tasks()
    assert task.title == "Order flour"
    assert task.due is not None
    assert task.due.date == DUE


async def test_a_planner_with_remarks_between_its_tasks_and_dues_that_repeat(desk: Desk) -> None:
    content = (
        "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\r\n"
        "task,Order flour,two bags,1,1,Ann (123),,every monday,en,Europe/Berlin\r\n"
        "note,a remark,,,,Ann (123),,,,\r\n"
        ",,,,,,,,,\r\n"
        "task,Sweep,,4,2,Ann (123),,25 Dec 2026,en,Europe/Berlin\r\n"
    )
    done = await desk.run(content, ImportMode.GOOD)
    flour, sweep = await desk.tasks()
    assert (flour.title, flour.notes, flour.priority) == ("Order flour", "two bags", Priority.URGENT)
    assert flour.repeat is not None
    assert flour.due is not None
    assert flour.due.date.weekday() == 0
    assert (sweep.title, sweep.priority, sweep.repeat) == ("Sweep", Priority.LOW, None)
    assert [(problem.line, problem.reason) for problem in done.findings.problems] == [(3, "other_kind")]
    assert done.findings.unused == ("INDENT", "AUTHOR", "DATE_LANG", "TIMEZONE")


async def test_a_board_with_numbers_of_its_own_and_moments_of_completion(desk: Desk) -> None:
    content = (
        "Task ID,Completed At,Name,Section/Column,Due Date,Notes\n"
        "1201234567890123,,Order flour,To do,2027-01-04,two bags\n"
        "1201234567890124,2026-11-05,Sweep,Done,2026-11-06,\n"
    )
    done = await desk.run(content)
    assert [(task.number, task.title, task.status) for task in await desk.tasks()] == [
        (1, "Order flour", Status.PENDING),
        (2, "Sweep", Status.COMPLETED),
    ]
    assert done.findings.unused == ("Task ID", "Section/Column")


@pytest.mark.parametrize(
    "content",
    [
        "No.,Task,Due\n1,Order flour,2027-01-04\n2,Sweep,2027-01-05\n",
        "Number,Title\n1,Order flour\n2,Sweep\n",
        json.dumps([{"number": 1, "title": "Order flour", "state": "open"}, {"number": 2, "title": "Sweep", "id": 9}]),
    ],
)
async def test_a_list_numbered_by_others_changes_no_task_of_ours(desk: Desk, content: str) -> None:
    await desk.run("title\nMine\nMine too\n")
    await desk.run(content)
    assert [task.title for task in await desk.tasks()][:3] == ["Mine", "Mine too", "Order flour"]


async def test_an_export_of_ours_shows_what_it_would_change_as_it_was(desk: Desk) -> None:
    await desk.run("title\nMine\n")
    done = await desk.run("number,title\n1,Mine at last\n", ImportMode.CHECK)
    [change] = done.findings.changed
    assert change.before is not None
    assert (change.before.title, change.record.title) == ("Mine", "Mine at last")
