"""Workbooks on openpyxl, read and written in processes of their own; here only bytes and lines pass."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from adapters.processes.errors import JobMemoryError, JobRefusedError, JobSlowError
from adapters.processes.pool import ProcessPool
from adapters.processes.sheet_lines import from_line, to_line
from core.ports.workbooks import ROWS_EVER, SheetFault, SheetRow, SheetValue
from core.shared.errors import FileTooLargeError, RefusedError

if TYPE_CHECKING:
    from adapters.processes.scratch import Scratch  # it keeps its folder as files are kept

SIZE_LIMIT = 50_000_000
"""Bytes of a workbook that is read, unless the settings say otherwise."""

_PIECE = 256 * 1024


class OfficeWorkbooks:
    """The `Workbooks` of Excel's format, which every spreadsheet program reads and writes."""

    def __init__(self, processes: ProcessPool, scratch: "Scratch", *, limit: int = SIZE_LIMIT) -> None:
        """Work in those processes, with passing files in that place; `limit` bytes are read."""
        self.processes = processes
        self.scratch = scratch
        self._limit = limit

    @asynccontextmanager
    async def reading(self, chunks: AsyncIterator[bytes], *, prefer: str, row_limit: int) -> AsyncIterator["ReadSheet"]:
        """Read the sheet called `prefer`, or else the first that is shown, of about so many rows at most.

        Raises `RefusedError` with the reason of a `SheetFault`, `FileTooLargeError`, and `BusyError`.
        """
        async with self.scratch.folder() as folder:
            source, target = folder / "read.xlsx", folder / "lines"
            await self.keep(chunks, source)
            asked = {"source": str(source), "target": str(target), "prefer": prefer, "rows": row_limit}
            told = await self.read(asked)
            with await asyncio.to_thread(target.open, "rb") as lines:
                yield ReadSheet(lines, target.stat().st_size, told)

    @asynccontextmanager
    async def writing(self, name: str) -> AsyncIterator["WrittenSheet"]:
        """Write a workbook whose only sheet has that name; it can be given up before its end."""
        async with self.scratch.folder() as folder:
            lines = await asyncio.to_thread((folder / "lines").open, "w", encoding="ascii")
            with lines:
                yield WrittenSheet(self, name, folder, lines)

    async def finish(self, name: str, source: Path, target: Path) -> None:
        """Turn lines into a workbook; raises `RefusedError` if there are too many of them, and `BusyError`."""
        try:
            await self.processes.run("write_sheet", {"source": str(source), "target": str(target), "name": name})
        except (JobSlowError, JobMemoryError) as error:
            raise RefusedError(SheetFault.NOT_WRITTEN) from error

    async def keep(self, chunks: AsyncIterator[bytes], path: Path) -> None:
        """Put bytes into a file; raises `FileTooLargeError` for more than are read."""
        size = 0
        with await asyncio.to_thread(path.open, "wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._limit:
                    raise FileTooLargeError(self._limit)
                await asyncio.to_thread(file.write, chunk)

    async def read(self, given: Mapping[str, object]) -> dict[str, Any]:
        """Read a sheet into lines and return what is told of it, raising as `reading` does."""
        try:
            return await self.processes.run("read_sheet", given)
        except JobRefusedError as error:
            raise RefusedError(error.reason, field="file", **error.details) from error
        except JobSlowError as error:
            raise RefusedError(SheetFault.SLOW, field="file") from error
        except JobMemoryError as error:
            raise RefusedError(SheetFault.TOO_LARGE, field="file") from error


class ReadSheet:
    """A sheet whose rows lie ready as lines."""

    def __init__(self, lines: IO[bytes], size: int, told: Mapping[str, Any]) -> None:
        """Keep the lines and what was told of the sheet."""
        self._lines = lines
        self.size = size
        self.position = 0
        self.name: str = told["name"]
        self.hidden: int = told["hidden"]
        self.merged: int = told["merged"]

    def rows(self) -> Iterator[tuple[int, list[SheetValue]]]:
        """Yield the rows with their numbers."""
        for line in self._lines:
            self.position += len(line)
            number, *values = from_line(line)
            yield number, values


class WrittenSheet:
    """A sheet whose rows are gathered as lines until all are there."""

    def __init__(self, workbooks: OfficeWorkbooks, name: str, folder: Path, lines: IO[str]) -> None:
        """Gather in that file of the folder."""
        self._workbooks = workbooks
        self._name = name
        self._folder = folder
        self._lines = lines
        self._count = 0

    async def add(self, rows: Sequence[SheetRow]) -> None:
        """Append rows; raises `RefusedError` for more than a sheet has."""
        self._count += len(rows)
        if self._count > ROWS_EVER:
            raise RefusedError(SheetFault.NOT_WRITTEN)
        await asyncio.to_thread(self._write, rows)

    def _write(self, rows: Sequence[SheetRow]) -> None:
        self._lines.writelines(map(to_line, rows))

    async def chunks(self) -> AsyncIterator[bytes]:
        """Make the workbook and yield its bytes."""
        await asyncio.to_thread(self._lines.close)
        target = self._folder / "written.xlsx"
        await self._workbooks.finish(self._name, self._folder / "lines", target)
        with await asyncio.to_thread(target.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece
