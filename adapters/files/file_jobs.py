"""Files read by jobs in processes of their own; here only bytes and blocks of what was found pass."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from adapters.files.workbooks import OfficeWorkbooks
from adapters.processes.errors import JobMemoryError, JobRefusedError, JobSlowError
from adapters.processes.sheet_lines import from_line
from core.ports.workbooks import ROWS_EVER, STARTS, SheetFault
from core.shared.errors import RefusedError

_LOOK = 0.01
"""Seconds until somebody who waits for a block looks again."""

_AT_LEAST, _SLOWEST = 60.0, 200_000
"""Seconds that a file may take to be read, and bytes for which it may take another one."""

_AT_ONCE = 200
"""Bad rows that are handed over together."""


class OfficeFileJobs:
    """Lets jobs read texts and workbooks."""

    def __init__(self, workbooks: OfficeWorkbooks) -> None:
        """Work where workbooks are read."""
        self._workbooks = workbooks

    @asynccontextmanager
    async def reading(
        self, job: str, name: str, chunks: AsyncIterator[bytes], *, prefer: str, given: Mapping[str, object]
    ) -> AsyncIterator["RunningFileJob"]:
        """Let a job read a file, and give it what else it needs."""
        async with self._workbooks.scratch.folder() as folder:
            source, lines = folder / "given", folder / "sheet"
            await self._workbooks.keep(chunks, source)
            sheet = await self._sheet(source, lines, prefer)
            asked = {
                **given,
                "name": name,
                "source": str(source if sheet is None else lines),
                "is_sheet": sheet is not None,
                "target": str(folder / "blocks"),
                "bad": str(folder / "bad"),
            }
            seconds = _AT_LEAST + (await asyncio.to_thread(source.stat)).st_size / _SLOWEST
            working = asyncio.create_task(self._run(job, asked, seconds), name="reading a file")
            try:
                yield RunningFileJob(folder, working, sheet)
            finally:
                working.cancel()
                await asyncio.wait([working])

    async def _sheet(self, source: Path, target: Path, prefer: str) -> Mapping[str, Any] | None:
        """Read a workbook's sheet into lines and return what is told of it; None if the file is none."""
        with await asyncio.to_thread(source.open, "rb") as file:
            first = await asyncio.to_thread(file.read, len(STARTS[0]))
        if not first.startswith(STARTS):
            return None
        return await self._workbooks.read(
            {"source": str(source), "target": str(target), "prefer": prefer, "rows": ROWS_EVER}
        )

    async def _run(self, job: str, given: Mapping[str, object], seconds: float) -> dict[str, Any]:
        try:
            return await self._workbooks.processes.run(job, given, seconds=seconds)
        except JobRefusedError as error:
            raise RefusedError(error.reason, field="file", **error.details) from error
        except JobSlowError as error:
            raise RefusedError(SheetFault.SLOW, field="file") from error
        except JobMemoryError as error:
            raise RefusedError(SheetFault.TOO_LARGE, field="file") from error


class RunningFileJob:
    """A file of which blocks come while the rest of it is read."""

    def __init__(self, folder: Path, working: "asyncio.Task[dict[str, Any]]", sheet: Mapping[str, Any] | None) -> None:
        """Take where the job writes, and what was told of a sheet."""
        self._folder = folder
        self._working = working
        self.sheet = sheet

    async def blocks(self) -> AsyncIterator[tuple[float, Any]]:
        """Yield what was found, block after block, with the fraction of the file that lies behind each."""
        path = self._folder / "blocks"
        while not self._working.done() and not await asyncio.to_thread(path.exists):
            await asyncio.wait([self._working], timeout=_LOOK)
        if self._working.done():
            self._working.result()
        with await asyncio.to_thread(path.open, "rb") as lines:
            while True:
                was_done = self._working.done()
                if block := await asyncio.to_thread(_whole_line, lines):
                    fraction, found = await asyncio.to_thread(json.loads, block)
                    yield fraction, found
                elif was_done:
                    self._working.result()
                    return
                else:
                    await asyncio.wait([self._working], timeout=_LOOK)

    async def result(self) -> Mapping[str, Any]:
        """Return what all of it came to, once it is read."""
        return await self._working

    async def bad(self) -> AsyncIterator[Sequence[tuple[Any, Any]]]:
        """Yield the rows that can't be used, each with what is wrong with it, some at a time."""
        await self._working
        with await asyncio.to_thread((self._folder / "bad").open, "rb") as rows:
            while some := await asyncio.to_thread(_bad_rows, rows, is_sheet=self.sheet is not None):
                yield some


def _whole_line(lines: IO[bytes]) -> bytes:
    """Return the next line; nothing while its end is not written."""
    place = lines.tell()
    line = lines.readline()
    if line.endswith(b"\n"):
        return line
    lines.seek(place)
    return b""


def _bad_rows(rows: IO[bytes], *, is_sheet: bool) -> list[tuple[Any, Any]]:
    return [
        (from_line(row) if is_sheet else json.loads(row), json.loads(wrong))
        for wrong, row in islice(zip(rows, rows, strict=False), _AT_ONCE)
    ]
