"""Books as a kind of record: what undo and history are made of."""

from core.books.model import Book
from core.shared.names import Names
from core.transfer.undo_kinds import import_kind
from core.undo.entries import Undoing
from core.undo.kinds import RecordKind

BOOK_KIND = RecordKind(
    "book",
    Book,
    title="title",
    # What the ledger of its product has, which takes its own entries back.
    unwritten={"on_hand", "reserved", "elsewhere", "is_discontinued"},
    aside={"version"},
    apart=True,
)
BOOK_NAMES = Names("book", "book", "books")
BOOK_UNDO = Undoing(BOOK_KIND, in_channels=False)
BOOK_CHANGE = BOOK_KIND.change
"""The kind of the undo entries of changes to books."""
BOOK_IMPORT = import_kind(BOOK_KIND.name)
"""That of imports."""
BOOK_MOVEMENT = "book.movement"
"""That of books that were sold or came in."""
