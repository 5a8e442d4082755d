"""What is exported to a workbook imports again unchanged, whatever is in it."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from adapters.processes.jobs.sheet_reading import read_sheet
from adapters.processes.jobs.sheet_writing import write_sheet
from adapters.processes.sheet_lines import from_line, to_line
from core.ports.workbooks import SheetValue
from core.tasks.model import Task
from core.tasks.sheet import TASK_SHEET
from core.transfer.applying import Settled
from core.transfer.roster import People
from core.transfer.sheet import Surroundings
from core.transfer.workbooks import SheetSource
from core.transfer.writing import sheet_header, sheet_rows
from tests.unit.core.tasks.test_export_round_trip import CHANNELS, NOW, ZONE, Run, taken_in, workspaces

few = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class Lines:
    """A sheet whose lines lie ready."""

    lines: list[bytes]
    name: str = TASK_SHEET.title
    hidden: int = 0
    merged: int = 0
    size: int = 1
    position: int = 0

    def rows(self) -> Iterator[tuple[int, list[SheetValue]]]:
        for line in self.lines:
            number, *values = from_line(line)
            yield number, values


def settled(people: People, tasks: list[Task], known: dict[object, Task]) -> tuple[Run, Settled[Task]]:
    """Export tasks to a workbook and import them where the known ones are."""
    around = Surroundings(people, CHANNELS, NOW, ZONE)
    rows = [sheet_header(TASK_SHEET), *sheet_rows(TASK_SHEET, around)(tasks)]
    with tempfile.TemporaryDirectory() as folder:
        lines, book, back = (Path(folder) / name for name in ("lines", "book.xlsx", "back"))
        lines.write_text("".join(map(to_line, rows)), encoding="ascii")
        write_sheet({"source": str(lines), "target": str(book), "name": TASK_SHEET.title})
        read_sheet({"source": str(book), "target": str(back), "prefer": TASK_SHEET.title, "rows": 1000})
        source = SheetSource(TASK_SHEET, Lines(back.read_bytes().splitlines()))
    return taken_in(source, people, known)


@few
@given(workspaces())
def test_an_export_changes_nothing_where_it_comes_from(workspace: tuple[People, list[Task]]) -> None:
    people, tasks = workspace
    found = settled(people, tasks, {task.number: task for task in tasks})[0].findings
    assert found.problems == []
    assert (found.unchanged, found.rows) == (len(tasks), len(tasks))


@few
@given(workspaces())
def test_an_export_makes_the_same_tasks_where_there_are_none(workspace: tuple[People, list[Task]]) -> None:
    people, tasks = workspace
    new = settled(people, tasks, {})[1].new
    for made, task in zip(new, tasks, strict=True):
        assert bool(made.series) == bool(task.series)
        assert replace(made, number=task.number, batch="", series=task.series) == task
