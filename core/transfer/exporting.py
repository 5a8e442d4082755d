"""Records put into a file."""

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from core.chat.actor import Actor
from core.ports.storage import UnitOfWork
from core.shared.stepping import StepThread
from core.shared.zones import zone
from core.transfer.choices import ExportFormat
from core.transfer.results import Exported
from core.transfer.sheet import D, R, Sheet, about
from core.transfer.tools import TransferTools, surroundings
from core.transfer.writing import RecordWriter, record_writer, sheet_header, sheet_rows
from core.workspaces.model import Audience

T = TypeVar("T")

Stream = Callable[[UnitOfWork], AsyncIterator[Sequence[R]]]
"""Yields the records that are wanted and may be seen, in the order of the file."""


class Export(Generic[D, R]):
    """Writes records to a file for the actor alone, for it may hold what belongs to private channels."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R]) -> None:
        """Write files of that sheet."""
        self._tools = tools
        self._sheet = sheet

    async def run(self, actor: Actor, audience: Audience, stream: Stream[R], kind: ExportFormat) -> Exported:
        """Write all that the stream yields."""
        tools, sheet = self._tools, self._sheet
        now = tools.clock.now()
        day = now.astimezone(zone(actor.zone)).date()
        name = f"{sheet.title.lower()}-{day.isoformat()}.{kind.ending}"
        counted: _Counted[R] = _Counted()
        with about(sheet):
            if kind is ExportFormat.XLSX:
                async with tools.workbooks.writing(sheet.title) as book:
                    await book.add([sheet_header(sheet)])
                    async with tools.transactions.read() as work:
                        rows = sheet_rows(sheet, await surroundings(work, actor, audience, now))
                        async for piece in counted.pieces(stream(work), rows):
                            await book.add(piece)
                    file = await tools.files.write(actor, name, book.chunks(), only=actor.member_id)
            else:
                async with tools.transactions.read() as work:
                    writer = record_writer(sheet, kind, await surroundings(work, actor, audience, now))
                    pieces = _ended(counted.pieces(stream(work), writer.write), writer)
                    file = await tools.files.write(actor, name, pieces, only=actor.member_id)
        async with tools.transactions.write() as work:
            work.files.add(file)
            await work.commit()
        return Exported(file, counted.count, kind)


class _Counted(Generic[R]):
    """Turns the records of an export into pieces of its file, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    async def pieces(self, chunks: AsyncIterator[Sequence[R]], write: Callable[[Sequence[R]], T]) -> AsyncIterator[T]:
        async with StepThread() as thread:
            async for records in chunks:
                self.count += len(records)
                yield await thread.run(partial(write, records))


async def _ended(pieces: AsyncIterator[bytes], writer: RecordWriter[R]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield piece
    yield writer.end()
