"""What of an answer is put on paper, as plain data; pure."""

from adapters.platforms.cells import cell_words, column_places, figure_words
from adapters.platforms.tables import NUMERIC
from core.chat.reply import Field, Reply, Table
from core.chat.text import plain

BOLD = "total"
"""The field that stands out among the sums."""


def sheet_data(reply: Reply) -> dict[str, object]:
    """Return the title and the words, what is to be known of it, the tables, and the sums, which follow the first."""
    facts = [field for field in reply.shown_fields if field.kind != "money"]
    sums = [field for field in reply.shown_fields if field.kind == "money"]
    return {
        "title": reply.title,
        "words": plain(reply.text).splitlines(),
        "facts": [_told(field) for field in facts],
        "sums": [[*_told(field), field.key == BOLD] for field in sums],
        "tables": [_table(table) for table in reply.tables],
    }


def _told(field: Field) -> list[object]:
    return [field.label, cell_words(field.value, field.kind)]


def _table(table: Table) -> dict[str, object]:
    columns = list(zip(*(row.cells for row in table.rows), strict=True)) or [() for _ in table.columns]
    told = []
    for column, cells in zip(table.columns, columns, strict=True):
        places = column_places(cells, column.kind)
        told.append([figure_words(cell, column.kind, places) for cell in cells])
    return {
        "title": table.title,
        "heads": [column.label for column in table.columns],
        "is_figures": [column.kind in NUMERIC for column in table.columns],
        "rows": list(map(list, zip(*told, strict=True))),
    }
