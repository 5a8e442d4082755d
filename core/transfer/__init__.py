"""Records in and out as files: one pipeline for every area that says what its sheet is.

BOOKS: Sheet[PlainDraft, Book] = Sheet(
    called=Names("book", "book", "books"), title="Books", key="isbn", keeps_key=True, required=("title",),
    columns=(
        Column("isbn", read_isbn, lambda book, _: book.isbn, "ean", field="isbn"),
        columns.words("title", clean_title, TITLE_LIMIT, "name"),
        columns.choice("genre", {genre: [genre.value] for genre in Genre}, unsaid=Genre.OTHER),
    ),
    kind=BOOK_KIND, records=KeyedRecords(kept, by_isbn, lambda book: book.isbn),
)

`columns` has those of many areas: numbers, texts, choices, people, channels, links, dues. New records and changed ones
are made of what the columns say of their fields; a `rule` of the area sees to what is more than that, such as a status
that says when it was reached. Where rows name records by their number, `NumberedRecords(kept)` is enough, and new ones
get numbers of their own.

Its words are `TransferWords` of `bot.texts.transfer`, its commands call `Files(BOOKS, words)` of
`bot.application.transfers`. Reading, checking, the file to mend, modes, steps, Undo and history are done for it: a
file is read once and its rows are staged, then applied in short transactions, so that nobody waits for an import,
whatever its length, and one that is cut off goes on where it was.
"""
