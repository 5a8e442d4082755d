"""How books come from files and go into them."""

from bot.application.transfers import Files
from bot.texts.books.transfer import words_of
from core.books.model import Book
from core.books.sheet import sheet_of
from core.transfer.sheet import PlainDraft


def book_files(*, keeps_codes: bool = False) -> Files[PlainDraft, Book]:
    """Return the files of books; what is no ISBN there may be kept as a code of one's own."""
    return Files(sheet_of(keeps_codes=keeps_codes), words_of(keeps_codes=keeps_codes))
