"""Tables as plain words: row by row, and in columns where they are narrow enough; pure."""

from collections.abc import Callable, Sequence

from adapters.platforms.cells import cell_text, cell_words, column_places, figure_words
from core.chat.reply import Column, ColumnKind, Row, Table
from core.chat.text import Text

NUMERIC = ("number", "money")


def table_words(table: Table) -> list[list[str]]:
    """Return the headings and all rows as words, the figures of a column with as many decimal places each."""
    places = places_of(table)
    rows = (
        [
            figure_words(cell, column.kind, decimals)
            for column, cell, decimals in zip(table.columns, row.cells, places, strict=False)
        ]
        for row in table.rows
    )
    return [[column.label for column in table.columns], *rows]


def places_of(table: Table) -> list[int]:
    """Return the decimal places of each column."""
    columns = enumerate(table.columns)
    return [
        column_places((row.cells[at] for row in table.rows if at < len(row.cells)), column.kind)
        for at, column in columns
    ]


def file_words(table: Table) -> list[list[str]]:
    """Return the headings and all rows as a file has them, whose amounts spreadsheets read as such."""
    kinds: list[ColumnKind] = ["text" if column.kind == "money" else column.kind for column in table.columns]
    rows = ([cell_words(cell, kind) for kind, cell in zip(kinds, row.cells, strict=False)] for row in table.rows)
    return [[column.label for column in table.columns], *rows]


def row_words(table: Table, row: Row) -> list[str]:
    """Return a row's cells as words."""
    return [cell_words(cell, column.kind) for column, cell in zip(table.columns, row.cells, strict=False)]


def in_columns(table: Table, widest: int) -> str:
    """Return a table as text in columns, or nothing for one that is wider.

    One of names and values reads better as lines: of it nothing too.
    """
    if len(table.columns) <= 2:
        return ""
    rows = [[" ".join(words.split()) for words in row] for row in table_words(table)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(table.columns))]
    if sum(widths) + 2 * len(widths) > widest:
        return ""
    return "\n".join(_line(row, widths, table.columns) for row in rows)


def in_lines(table: Table, marked: Callable[[Text], str]) -> str:
    """Return a table as a line for each row: what names it, then its other values."""
    lines = []
    for row in table.rows:
        values = [marked(cell_text(cell, column.kind)) for column, cell in zip(table.columns, row.cells, strict=False)]
        lines.append(f"• {values[0]}: {' · '.join(filter(None, values[1:]))}".rstrip(": "))
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    padded = (
        words.rjust(width) if column.kind in NUMERIC else words.ljust(width)
        for words, width, column in zip(row, widths, columns, strict=True)
    )
    return "  ".join(padded).rstrip()
