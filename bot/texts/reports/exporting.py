"""The words of reports that are put into files."""

import datetime as dt
from decimal import Decimal

from bot.texts.common import counted_in_full
from bot.texts.transfer import file_link
from core.chat.reply import Cell, Column, Field, Reply
from core.chat.text import lines, plain
from core.files.model import StoredFile
from core.transfer.sheet import CellValue
from core.transfer.tables import FileTable


def file_table(told: Reply) -> FileTable:
    """Return what a report tells as it stands in a file: by the keys of its columns, which stay as they are.

    What further tables tell of the same rows stands behind that.
    """
    table, *others = told.tables
    rows = [[_value(column, cell) for column, cell in zip(table.columns, row.cells, strict=True)] for row in table.rows]
    keys = [column.key for column in table.columns]
    for other in others:
        new = [place for place, column in enumerate(other.columns) if column.key not in keys]
        values = {row.cells[0]: [_value(other.columns[place], row.cells[place]) for place in new] for row in other.rows}
        behind = [values.get(row.cells[0], [None] * len(new)) for row in table.rows]
        rows = [[*row, *more] for row, more in zip(rows, behind, strict=True)]
        keys += [other.columns[place].key for place in new]
    return FileTable("Report", keys, rows)


def _value(column: Column, cell: Cell) -> CellValue:
    if isinstance(cell, str) and column.kind == "money":
        return Decimal(cell)
    if isinstance(cell, str) and column.kind == "date":
        return dt.date.fromisoformat(cell)
    if isinstance(cell, float):
        return Decimal(str(cell))
    return plain(cell) if isinstance(cell, tuple) else cell


def exported(told: Reply, file: StoredFile) -> Reply:
    """Hand over a report as a file."""
    rows = len(told.tables[0].rows)
    return Reply(
        title=told.title,
        text=lines(told.text, f"{counted_in_full(rows, 'row')} in the file."),
        fields=(Field("count", "Rows", rows, "number"),),
        files=(file_link(file),),
    )
