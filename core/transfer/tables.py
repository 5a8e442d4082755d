"""A table put into a file, as records are: no cell runs, and numbers stay numbers."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.files.service import FileService
from core.ports.storage import Transactions
from core.ports.workbooks import SheetRow, Workbooks
from core.shared.tabular import csv_writer
from core.shared.value_objects import value_object
from core.transfer.choices import TableFormat
from core.transfer.sheet import CellValue
from core.transfer.writing import csv_value, sheet_value


@value_object
class FileTable:
    """What is put into a file: the name of its sheet, its headings and its rows."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[CellValue]]


@value_object
class TableExport:
    """Writes tables to files for the actor alone, who may not be the only one that sees the channel."""

    transactions: Transactions
    files: FileService
    workbooks: Workbooks

    async def run(self, actor: Actor, stem: str, table: FileTable, kind: TableFormat) -> StoredFile:
        """Write a table to a file of that name."""
        name = f"{stem}.{kind.value}"
        if kind is TableFormat.XLSX:
            async with self.workbooks.writing(table.title) as book:
                await book.add(await asyncio.to_thread(_sheet, table))
                file = await self.files.write(actor, name, book.chunks(), only=actor.member_id)
        else:
            file = await self.files.write(actor, name, _csv(table), only=actor.member_id)
        async with self.transactions.write() as work:
            work.files.add(file)
            await work.commit()
        return file


def _sheet(table: FileTable) -> list[SheetRow]:
    return [list(table.headings), *([sheet_value(cell) for cell in row] for row in table.rows)]


async def _csv(table: FileTable) -> AsyncIterator[bytes]:
    yield await asyncio.to_thread(_lines, table)


def _lines(table: FileTable) -> bytes:
    return csv_writer()([table.headings, *([csv_value(cell) for cell in row] for row in table.rows)])
