"""Records in and out as files: one pipeline for every area that says what its sheet is.

class BookDraft(NamedTuple):  # what a row says: the line, then the columns in their order
    line: int
    isbn: str | Absent
    title: str | Absent

BOOKS: Sheet[BookDraft, Book] = Sheet(
    called=Names("book", "book", "books"), title="Books", draft=BookDraft._make,
    key="isbn", keeps_key=True, required=("title",),
    columns=(Column("isbn", read_isbn, lambda book, _: book.isbn, "ean"), Column("title", read_title, title_of)),
    build=new_book, merge=merged_book, kind=BOOK_KIND, records=KeyedRecords(kept, by_isbn, lambda book: book.isbn),
)

What columns of many areas say is read by `cells`: numbers, texts, choices, people, channels, links, dates, moments.
Where rows name records by their number, `NumberedRecords(kept)` is enough, and new ones get numbers of their own.

Its words are `TransferWords` of `bot.texts.transfer`, its commands call `import_file`, `export_file` and `undo_import`
of `bot.application.transfers`. Reading, checking, the file to mend, modes, steps, Undo and history are done for it: a
file is read once and its rows are staged, then applied in short transactions, so that nobody waits for an import,
whatever its length, and one that is cut off goes on where it was.
"""
