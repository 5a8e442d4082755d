"""What is said of the rows of files, whatever they are about."""

from typing import Any

import pytest

from bot.texts import transfer as texts
from bot.texts.errors import ErrorTexts
from bot.texts.transfer import TransferWords
from bot.texts.transfer_errors import REASONS
from core.chat.text import plain
from core.files.model import StoredFile
from core.shared.errors import BrokenOffError, ConflictError, RefusedError
from core.shared.names import Names
from core.transfer.choices import ExportFormat
from core.transfer.results import Exported, ImportUndone
from core.transfer.sheet import RowProblem
from tests.support.clock import NOON


def words_of(called: Names) -> TransferWords[Any]:
    return TransferWords(called=called, reasons={}, columns=(), cells=lambda _record, _view: ())


ORDERS = words_of(Names("order", "order", "orders"))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("missing", "An order needs an amount."),
        ("key_unknown", "You see no order of this number, and a new one needs an amount."),
    ],
)
def test_what_a_row_lacks_is_said_with_the_article_that_belongs_to_it(reason: str, said: str) -> None:
    assert ORDERS.reason(RowProblem(2, "amount", "", reason, {"column": "amount", "key": "number"})) == said


def test_a_choice_is_said_with_all_that_it_can_be() -> None:
    problem = RowProblem(2, "Stand", "gone", "choice_unknown", {"name": "status", "choices": "open, paid, closed"})
    assert ORDERS.reason(problem) == "The status is open, paid or closed."


def test_a_text_of_several_lines_is_said_to_be_one_that_has_one() -> None:
    problem = RowProblem(2, "Address", "a b", "line_break", {"column": "address"})
    assert ORDERS.reason(problem).startswith("An address is one line.")


def test_what_an_earlier_version_found_wrong_in_words_of_its_own_is_said_in_general_ones() -> None:
    assert ORDERS.reason(RowProblem(2, "status", "gone", "status_unknown")).startswith("This can't be used.")


BOXES = Names("stock", "box", "boxes")
FILE = StoredFile("f", "boxes.csv", "text/csv", 1, "", 1, 1, None, NOON)


def test_commands_and_numbers_are_said_in_the_words_of_the_area() -> None:
    words = words_of(BOXES)
    exported = texts.exported(words, Exported(FILE, 2, ExportFormat.CSV))
    assert (exported.title, plain(exported.text)) == ("Export of boxes", "2 boxes of all channels that you see.")
    undone = texts.undone(BOXES, ImportUndone(1, 2))
    assert plain(undone.text) == "Import undone: 1 imported box removed and 2 changed boxes put back as before."
    errors = ErrorTexts.of([REASONS], [])
    told = {"area": BOXES.area, "noun": BOXES.one, "many": BOXES.many}
    broken = errors.problem_of(RefusedError("file_json_broken", line=1, object="[]", **told))
    assert "`/stock export json`" in broken.hint
    other = errors.problem_of(RefusedError("file_json_no_objects", limit=1000, object="[]", **told))
    assert other.message.endswith("among the first 1,000 values of that file, so it holds no boxes.")
    changed = errors.problem_of(ConflictError("import_changed_since", numbers=(1, 2), more=False, **told))
    assert changed.message.startswith("Boxes #1 and #2 were")


def test_of_a_cancelled_import_it_is_said_what_is_in_and_how_to_bring_in_the_file_after_all() -> None:
    told = {"name": "goods.csv", "file": "01B", "area": "stock", "undo": "01A"}
    problem = ErrorTexts.of([REASONS], []).problem_of(
        BrokenOffError("import_cancelled", created=1000, updated=2, **told)
    )
    done = "1,000 new and 2 changed were taken in before that, and nothing else."
    again = "To bring the file in after all: `/stock import file:01B`."
    assert problem.message == f"The import of goods.csv was cancelled. {done}"
    assert problem.hint == f"`/qm undo 01A` takes them back. {again}"
    problem = ErrorTexts.of([REASONS], []).problem_of(BrokenOffError("import_cancelled", created=0, updated=0, **told))
    assert problem.message == "The import of goods.csv was cancelled; nothing was changed."
    assert problem.hint == again


@pytest.mark.parametrize(
    ("line", "created", "updated", "said"),
    [
        (701, 699, 0, "line 701 of goods.csv. 699 new were taken in before that, and nothing else."),
        (0, 1000, 2, "all of goods.csv. 1,000 new and 2 changed were taken in before that, and nothing else."),
        (2, 0, 0, "line 2 of goods.csv; nothing was changed."),
    ],
)
def test_where_an_import_broke_off_is_said_with_what_is_in_and_the_way_back(
    line: int, created: int, updated: int, said: str
) -> None:
    error = BrokenOffError(
        "import_broke_off", name="goods.csv", undo="01A", line=line, created=created, updated=updated
    )
    problem = ErrorTexts.of([REASONS], []).problem_of(error)
    assert problem.message == f"Something went wrong on my side: I could not take in {said}"
    assert problem.hint == ("`/qm undo 01A` takes them back." if created or updated else "")
