"""Many rows read at once come to what each of them comes to by itself."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tasks.drafted import TaskDraft
from core.tasks.model import Priority, Task
from core.tasks.rules import clean_notes, clean_title
from core.tasks.sheet import TASK_SHEET
from core.transfer.applying import Applier
from core.transfer.layout import Layout
from core.transfer.model import StagedCells
from core.transfer.plain import plain_up_to
from core.transfer.roster import Channels, People
from core.transfer.rows import FlawedText, MeasuredText, RowReader
from core.transfer.sheet import Importer, Surroundings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AROUND = Surroundings(People.of([]), Channels(1, {}), NOW, "UTC")
IMPORTER = Importer(1, 1, "UTC", NOW, "batch")

words = st.sampled_from(
    "| |1|2|Buy milk|Buy  milk|'=milk|'|Käse 🧀|a\nb|high|no|n/a|daily|2026-12-01|2026-02-30".split("|")
)
flaws = st.sampled_from(["x" * 501, FlawedText("#REF!", "cell_error"), MeasuredText("5%", "cell_percentage")])
cells = words | flaws
headings = st.lists(st.sampled_from([*TASK_SHEET.names, "kind", "weather"]), min_size=1, max_size=6, unique=True)


def read_both(
    names: Sequence[str], rows: Sequence[Sequence[str | None]], *, guarded: bool, flawed: bool
) -> tuple[object, object]:
    """What rows come to, at once and one by one."""

    def reader() -> RowReader[TaskDraft, Task]:
        return RowReader(TASK_SHEET, Layout.of(TASK_SHEET, names, ","), AROUND, guarded=guarded, flawed=flawed)

    lines = range(2, len(rows) + 2)
    one_by_one = reader()
    return reader().read_all(lines, rows), [one_by_one.read(line, row) for line, row in zip(lines, rows, strict=True)]


@given(st.data(), headings, st.booleans(), st.booleans())
def test_rows_read_at_once_are_read_as_one_by_one(
    data: st.DataObject, names: Sequence[str], guarded: bool, flawed: bool
) -> None:
    width = len(names)
    ragged = st.lists(cells, max_size=width + 1)
    whole = st.lists(st.none() | cells, min_size=width, max_size=width)
    rows = data.draw(st.lists(whole, max_size=8) | st.lists(whole | ragged, max_size=8))
    at_once, one_by_one = read_both(names, rows, guarded=guarded, flawed=flawed)
    assert at_once == one_by_one


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | cells, min_size=1, max_size=3))
def test_what_is_told_to_be_plain_is_clean(texts: list[str]) -> None:
    if plain_up_to(500, may_be_empty=False)(texts):
        assert [clean_title(text) for text in texts] == texts
    if plain_up_to(4000, may_be_empty=True)(texts):
        assert [clean_notes(text) for text in texts] == texts


@pytest.mark.parametrize("text", ["Buy milk", "Käse & Brot", "日本", "'", "a|b"])
def test_most_texts_are_plain(text: str) -> None:
    assert plain_up_to(500, may_be_empty=False)([text, text]) == (text != "'")


def test_a_text_that_is_too_long_or_empty_is_not_plain() -> None:
    is_plain = plain_up_to(5, may_be_empty=False)
    assert is_plain(["12345"])
    assert not is_plain(["1234", "123456"])
    assert not is_plain(["1234", ""])
    assert plain_up_to(5, may_be_empty=True)(["", ""])


def test_rows_staged_by_an_earlier_version_hold_all_columns_and_no_guards() -> None:
    kept = {"title": "'=1", "priority": "high", "due": "2026-12-01"}
    row = [2, 0, 0, *[kept.get(name) for name in TASK_SHEET.names]]
    (task,) = Applier(TASK_SHEET, AROUND, IMPORTER, 7, StagedCells()).prepare([row]).records
    assert (task.number, task.title, task.priority) == (7, "'=1", Priority.HIGH)
    assert task.due
    assert task.due.date == date(2026, 12, 1)
