"""A file may have more different cells than are remembered."""

from datetime import timedelta

from core.tasks.drafted import TaskDraft
from tests.unit.core.tasks.test_import_cells import NOW, reader


def test_many_different_cells_are_not_all_kept_in_memory() -> None:
    rows = reader("title", "due")
    for number in range(60_000):
        due = NOW + timedelta(minutes=number)
        assert isinstance(rows.read(number + 2, ["x", due.isoformat()]), TaskDraft)
    assert isinstance(rows.read(1, ["x", "2026-12-31"]), TaskDraft)
