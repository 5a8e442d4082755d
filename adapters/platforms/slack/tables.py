"""Tables on a sheet; pure.

Rows with buttons become a section each with their controls below; other tables a native table, or text in columns,
or lines, or a CSV file, whichever fits first.
"""

from functools import partial

from adapters.platforms import chat_texts
from adapters.platforms.cells import cell_text, cell_words
from adapters.platforms.slack import blocks, texts
from adapters.platforms.slack.controls import controls, rows_of
from adapters.platforms.slack.mrkdwn import SECTION, Mentions, chunks, escape, mrkdwn
from adapters.platforms.slack.sheet import Sheet
from adapters.platforms.tables import NUMERIC, file_words, in_columns, in_lines, row_words, table_words
from core.chat.reply import Cell, Column, Row, Table
from core.chat.text import Bold

NATIVE_ROWS, NATIVE_COLUMNS = 100, 20
HEADING = 300
DETAILS = 900
COLUMNS_WIDTH = 96
"""Characters of a line of text in columns; a wider table is no longer read as one."""

_EMPTY = "–"
_MARKS = {"warning": ":warning: ", "done": ":white_check_mark: "}


def put_table(sheet: Sheet, table: Table, mentions: Mentions, *, native: bool, titled: bool) -> bool:
    """Put a table on a sheet and tell whether it became a native one; `titled`: its title stands there already."""
    for chunk in () if titled else chunks((Bold(table.title.strip()),)):
        sheet.add(blocks.section(chunk))
    is_native = False
    if any(row.actions for row in table.rows):
        _put_rows(sheet, table, mentions)
    elif native and _put_native(sheet, table):
        is_native = True
    elif not (_put_columns(sheet, table) or _put_lines(sheet, table, mentions)):
        name = sheet.keep_rows(table.title, file_words(table))
        sheet.note(chat_texts.in_file(escape(table.title), escape(name)))
    for chunk in chunks(table.note, mentions):
        sheet.add(blocks.context(chunk))
    return is_native


def _put_rows(sheet: Sheet, table: Table, mentions: Mentions) -> None:
    is_short = False
    for index, row in enumerate(table.rows):
        text, is_cut = _row_text(table, row, mentions)
        if not sheet.add(blocks.section(text), *rows_of(controls(row.actions))):
            name = sheet.keep_rows(table.title, file_words(table))
            sheet.note(chat_texts.more_rows(len(table.rows) - index, escape(name)))
            return
        is_short = is_short or is_cut
    if is_short:
        sheet.note(texts.shortened(escape(sheet.keep_rows(table.title, file_words(table)))))


def _row_text(table: Table, row: Row, mentions: Mentions) -> tuple[str, bool]:
    """Return what names a row in bold and its other values below, and whether anything had to be shortened."""
    cells = list(zip(table.columns, row.cells, strict=False))
    named = 2 if len(cells) > 1 and table.columns[0].kind == "number" else 1
    heading = " ".join(filter(None, (_naming(column, cell) for column, cell in cells[:named])))
    parts = [
        f"{escape(column.label)}: {value}"
        for column, cell in cells[named:]
        if (value := mrkdwn(cell_text(cell, column.kind), mentions))
    ]
    shown: list[str] = []
    for part in parts:
        if sum(map(len, shown)) + len(part) <= DETAILS:
            shown.append(part)
    bold = escape(blocks.cut(heading, HEADING)).replace("*", "∗")  # noqa: RUF001 - a star would end the bold
    lines = [f"{_MARKS.get(row.mark, '')}*{bold}*", " · ".join(shown)]
    is_cut = len(heading) > HEADING or len(shown) < len(parts)
    return "\n".join(filter(None, lines)), is_cut


def _naming(column: Column, cell: Cell) -> str:
    words = " ".join(cell_words(cell, column.kind).split())
    return f"#{words}" if column.key == "number" and words else words


def _put_native(sheet: Sheet, table: Table) -> bool:
    if not 0 < len(table.rows) < NATIVE_ROWS or len(table.columns) > NATIVE_COLUMNS:
        return False
    rows = [[{"type": "raw_text", "text": words or _EMPTY} for words in row] for row in table_words(table)]
    settings = [{"align": "right" if column.kind in NUMERIC else "left"} for column in table.columns]
    return sheet.add({"type": "table", "rows": rows, "column_settings": settings})


def _put_lines(sheet: Sheet, table: Table, mentions: Mentions) -> bool:
    text = in_lines(table, partial(mrkdwn, mentions=mentions)) or _EMPTY
    return len(text) <= SECTION and sheet.add(blocks.section(text))


def _put_columns(sheet: Sheet, table: Table) -> bool:
    """Put a table that is not too wide as text in columns."""
    text = escape(in_columns(table, COLUMNS_WIDTH).replace("```", "'''"))
    return 0 < len(text) <= SECTION and sheet.add(blocks.section(f"```{text}```"))


def spoken_rows(table: Table) -> list[str]:
    """Return a table's rows as sentences for those who hear them."""
    return [" · ".join(filter(None, row_words(table, row))) for row in table.rows]
