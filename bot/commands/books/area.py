"""What `/book` is about."""

from collections.abc import Mapping
from typing import Annotated

from bot.application.services import Services
from bot.commands.goods import stock_of
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.books.errors import REASONS
from bot.texts.books.words import TOLD
from core.books.checkout import called
from core.books.model import Book
from core.books.repository import BOOKS
from core.books.service import BookService
from core.chat.spec import Offer, SubjectInfo
from core.shared.naming import NameBook

BookNumber = Annotated[int, reference("book")]


def _as_typed(book: Book, _names: NameBook) -> Mapping[str, str]:
    return {
        "title": book.title,
        "author": book.author,
        "year": "" if book.year is None else str(book.year),
        "isbn": book.isbn,
        "code": book.code,
        "genre": book.genre,
        "reorder": "" if book.reorder_level is None else str(book.reorder_level),
    }


book = Area(
    "book",
    "Books: a library, and a shop of those that have a price",
    subject=Subject(
        SubjectInfo("book", "books", "`/book list` shows all, `/book search` finds some.", example="Dune"),
        BOOKS,
        TOLD,
        _as_typed,
        find=called,
    ),
    reasons=(REASONS,),
    example="bot.commands.books.example:BOOK_EXAMPLE",
    offers=(
        Offer("add", "Add a book", 'Dune "Frank Herbert" 1965', "plus"),
        Offer("list", "See the books"),
    ),
)


@book.service
def books(services: Services) -> BookService:
    """Return the books of a request."""
    clock = services.supplies.clock
    return BookService(services.transactions, clock, stock_of(clock))
