"""Tasks into files, and back."""

import csv
import io
import json
from dataclasses import replace

import pytest

from core.shared.errors import NotFoundError
from core.tasks.model import Priority, Status, Task, TaskFilter
from core.transfer.choices import ExportFormat, ImportMode
from tests.support.task_files import NOW, Desk

CONTENT = '''title,status,priority,due,assignees,notes,channel,origin
Buy milk,open,high,2027-01-01,"@Ann Lee, ""@Cid, Jr.""","the ""oat"" one
not the soy one",general,https://example.com/1
=SUM(A1),done,low,2026-11-20T14:30[Asia/Tokyo],,,shop,
Käse 🧀,open,medium,,Ben,,,
'''


async def test_an_export_has_a_header_and_a_row_for_each_task(desk: Desk) -> None:
    await desk.run(CONTENT)
    rows = list(csv.DictReader(io.StringIO((await desk.export()).decode(), newline="")))
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert rows[0] == {
        "number": "1",
        "title": "Buy milk",
        "status": "open",
        "priority": "high",
        "due": "2027-01-01",
        "assignees": '\'@Ann Lee, "@Cid, Jr."',
        "notes": 'the "oat" one\nnot the soy one',
        "channel": "#general",
        "origin": "https://example.com/1",
        "created": "2026-11-20T12:00:00Z",
        "completed": "",
        "repeat": "",
    }
    assert rows[1]["title"] == "'=SUM(A1)"
    assert rows[1]["completed"] == "2026-11-20T12:00:00Z"


async def test_json_has_values_as_they_are(desk: Desk) -> None:
    await desk.run(CONTENT)
    first, second, third = json.loads(await desk.export(ExportFormat.JSON))
    assert first["assignees"] == ["@Ann Lee", "@Cid, Jr."]
    assert (second["title"], second["number"]) == ("=SUM(A1)", 2)
    assert (third["due"], third["completed"], third["notes"]) == (None, None, "")


@pytest.mark.parametrize("kind", [ExportFormat.CSV, ExportFormat.JSON])
async def test_an_export_imports_again_and_changes_nothing(desk: Desk, kind: ExportFormat) -> None:
    await desk.run(CONTENT)
    before = await desk.tasks()
    again = await desk.run(await desk.export(kind), ImportMode.ALL, f"tasks.{kind.ending}")
    assert (again.findings.unchanged, again.findings.changes, again.findings.bad) == (3, 0, 0)
    assert await desk.tasks() == before


@pytest.mark.parametrize("kind", [ExportFormat.CSV, ExportFormat.JSON])
async def test_an_export_makes_the_same_tasks_again_once_they_are_gone(desk: Desk, kind: ExportFormat) -> None:
    done = await desk.run(CONTENT)
    before = await desk.tasks()
    data = await desk.export(kind)
    await desk.undo(done)
    again = await desk.run(data, ImportMode.ALL, f"tasks.{kind.ending}")
    assert (again.findings.new, again.findings.new_keys) == (3, 3)
    same = [replace(task, number=0, batch="") for task in await desk.tasks()]
    assert same == [replace(task, number=0, batch="") for task in before]


async def test_a_plain_list_is_name_and_status_a_line(desk: Desk) -> None:
    await desk.run(CONTENT)
    assert (await desk.export(ExportFormat.TEXT)).decode() == ("Buy milk: open\n=SUM(A1): done\nKäse 🧀: open\n")


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (TaskFilter(), ["Buy milk", "Käse 🧀"]),
        (TaskFilter(status=Status.COMPLETED), ["=SUM(A1)"]),
        (TaskFilter(status=None, priority=Priority.HIGH), ["Buy milk"]),
        (TaskFilter(status=None, assignee=0), ["=SUM(A1)"]),
    ],
)
async def test_an_export_holds_what_was_asked_for(desk: Desk, wanted: TaskFilter, titles: list[str]) -> None:
    await desk.run(CONTENT)
    assert [task["title"] for task in json.loads(await desk.export(ExportFormat.JSON, wanted))] == titles


async def test_an_export_holds_only_what_one_may_see(desk: Desk) -> None:
    secret, ben = desk.channels["secret"].id, desk.ben.member_id
    hidden = Task(1, "Hidden", "", Status.PENDING, Priority.LOW, None, secret, ben, (), "", NOW)
    await desk.add(hidden, replace(hidden, number=2, title="Given", assignees=(desk.ann.member_id,)))
    found = json.loads(await desk.export(ExportFormat.JSON))
    assert [(task["title"], task["channel"]) for task in found] == [("Given", "")]


async def test_a_long_export_is_whole_and_in_order(desk: Desk) -> None:
    await desk.run("title\n" + "".join(f"Task {number}\n" for number in range(1, 3501)))
    rows = list(csv.reader(io.StringIO((await desk.export()).decode(), newline="")))
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 3501)]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            ExportFormat.CSV,
            "number,title,status,priority,due,assignees,notes,channel,origin,created,completed,repeat\r\n",
        ),
        (ExportFormat.JSON, "[]\n"),
        (ExportFormat.TEXT, ""),
    ],
)
async def test_an_export_of_nothing_is_an_empty_file_of_its_kind(desk: Desk, kind: ExportFormat, content: str) -> None:
    assert (await desk.export(kind)).decode() == content


async def test_an_export_is_for_the_one_who_asked(desk: Desk) -> None:
    made = await desk.exported(ExportFormat.CSV)
    assert (made.file.name, made.file.media_type, made.count) == ("tasks-2026-11-20.csv", "text/csv", 0)
    with pytest.raises(NotFoundError):
        await desk.files.find(made.file.id, desk.audience(desk.ben))
