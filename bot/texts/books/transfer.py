"""What people read of books in files."""

from collections.abc import Mapping, Sequence

from bot.texts.books.words import cells, columns
from bot.texts.common import counted_in_full
from bot.texts.transfer import Reason, TransferWords, too_long
from core.books.isbn import ISBN_FAULTS
from core.books.kind import BOOK_NAMES
from core.books.model import FIRST_YEAR, LAST_YEAR, Book
from core.books.sheet import MENDED, PASSED_OVER
from core.chat.reply import Action, Placement
from core.transfer.findings import Findings

_KEEP = "“Keep as our own codes” takes it as it stands."

_REASONS: Mapping[str, Reason] = {
    "book_untitled": lambda _p: "A book needs a title.",
    "book_unwritten": lambda _p: "A book needs an author; Anonymous will do.",
    "text_too_long": lambda p: too_long(f"{p.column or 'text'} has", p),
    "year_bad": lambda _p: f"A year is a whole number from {FIRST_YEAR} to {LAST_YEAR}, such as 1965. It may be empty.",
    "isbn_mangled": lambda _p: f"A spreadsheet has rounded this ISBN: its last digits are gone. {_KEEP}",
    "isbn_check_digit": lambda _p: f"The last digit of this ISBN, which checks the others, does not fit them. {_KEEP}",
    "isbn_bad": lambda _p: f"An ISBN has 10 digits, or 13 of which the first are 978 or 979. {_KEEP}",
    "isbn_differ": lambda p: f"This is another ISBN than {p.details['first']} beside it.",
    "key_twice": lambda p: f"This book stands on line {p.details['first']} already.",
    "key_unknown": lambda p: f"No book here has this ISBN, and a new one needs {p.details['column']}.",
}
_MARKED = " codes:yes"


def words_of(currency: str, *, keeps_codes: bool) -> TransferWords[Book]:
    """Return how files of books are spoken of; what is no ISBN may be kept as a code of one's own."""
    return TransferWords(
        called=BOOK_NAMES,
        reasons=_REASONS,
        columns=columns(currency)[1:],
        cells=lambda book, _view: cells(book, currency)[1:],
        counts=(MENDED,),
        remarks=_remarks,
        lossy="A plain list holds titles, authors and years only; CSV, XLSX and JSON can be imported again.",
        also=_MARKED if keeps_codes else "",
        offers=_offers,
    )


def _remarks(found: Findings[Book]) -> Sequence[str]:
    said = []
    if mended := found.tallies[MENDED]:
        isbns = counted_in_full(mended, "ISBN")
        said.append(f"{isbns} had lost leading zeros to a spreadsheet: they are put back.")
    if passed_over := found.tallies[PASSED_OVER]:
        rows = counted_in_full(passed_over, "row")
        said.append(f"{rows} with one ISBN that is none, as spreadsheets leave them: the other one is taken.")
    return said


def _offers(found: Findings[Book], file_id: str) -> Sequence[Action]:
    """Return the button that keeps what is no ISBN."""
    if not any(problem.reason in ISBN_FAULTS for problem in found.problems):
        return ()
    keep = f"/{BOOK_NAMES.area} import file:{file_id}{_MARKED}"
    return (Action("Keep as our own codes", keep, placement=Placement.UPDATE),)
