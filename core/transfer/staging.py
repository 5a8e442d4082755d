"""The rows of a file kept in pieces, from which they are applied whoever goes on with the import."""

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Generic

from core.ports.storage import StorageUnavailableError
from core.transfer.checking import FileReading, Read, keep_files
from core.transfer.choices import ImportMode
from core.transfer.findings import Findings
from core.transfer.model import Import, ImportState, StagedRow
from core.transfer.moving import importer_of, move
from core.transfer.reading import Checked
from core.transfer.repository import OvertakenError
from core.transfer.sheet import D, R, Sheet
from core.transfer.tools import Asker, TransferTools

TOGETHER = 4
"""Batches whose rows are put in order together: with twice as many the steps write hardly less (measured)."""

_DROPPED_AT_ONCE = 20


class Staging(Generic[D, R]):
    """Stages files of one sheet."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R], reading: FileReading[D, R]) -> None:
        """Take what reads the files."""
        self._tools = tools
        self._sheet = sheet
        self._reading = reading

    async def stage(self, job: Import, asker: Asker) -> tuple[Import, Findings[R]]:
        """Read the file and keep its rows; with a bad one among rows that all have to be good nothing is kept."""
        pieces = _Pieces(self._tools, await self._unstaged(job))
        try:
            read = await self._reading.read(asker, job.file, importer_of(job), job.mode, pieces.add)
            is_refused = job.mode is ImportMode.ALL and read.findings.bad
            if not is_refused:
                await pieces.keep()
        except (OvertakenError, StorageUnavailableError):
            raise
        except Exception:  # whatever it was: nothing was imported, and nothing of it is kept
            await self._forget(pieces.job)
            if job.is_new:
                await self._tools.files.discard(asker.actor, job.file)
            raise
        if is_refused:
            await self._forget(pieces.job)
            await keep_files(self._tools, job.file if job.is_new else None, read.returned)
            return replace(pieces.job, mode=ImportMode.CHECK, returned=read.returned), read.findings
        return await self._ready(pieces.job, read), read.findings

    async def _ready(self, job: Import, read: Read[R]) -> Import:
        """Let the rows be applied: their new records have numbers from now on."""
        async with self._tools.steps.write() as work:
            first = await self._sheet.records.reserve(work, read.numbers) if read.numbers else 0
            read.findings.number_from(first)
            ready = replace(
                job,
                touched_at=self._tools.clock.now(),
                state=ImportState.APPLYING,
                position=0,
                first_number=first,
                returned=read.returned,
                findings=read.findings.data(),
                cells=read.cells,
            )
            await move(work, job, ready)
            await work.commit()
        return ready

    async def _unstaged(self, job: Import) -> Import:
        """Drop what was staged, a little at a time."""
        dropped = _DROPPED_AT_ONCE
        while dropped == _DROPPED_AT_ONCE:
            step = _read_on(self._tools, job)
            async with self._tools.steps.write() as work:
                await move(work, job, step)
                dropped = await work.imports.unstage(job.id, _DROPPED_AT_ONCE)
                await work.commit()
            job = step
        return job

    async def _forget(self, job: Import) -> None:
        job = await self._unstaged(job)
        async with self._tools.steps.write() as work:
            await move(work, job, _read_on(self._tools, job))
            await work.imports.forget(job.id)
            await work.commit()


class _Pieces:
    """Keeps the rows of an import in pieces, those of a few batches in the order of their places."""

    def __init__(self, tools: TransferTools, job: Import) -> None:
        self._tools = tools
        self._place = 0
        self._batches: list[Checked] = []
        self.job = job

    async def add(self, batch: Checked) -> None:
        self._batches.append(batch)
        if len(self._batches) == TOGETHER:
            await self.keep()

    async def keep(self) -> None:
        """Keep what waits, in as many pieces as there were batches."""
        batches, self._batches = self._batches, []
        found = [row for batch in batches for row in zip(batch.order, batch.staged, strict=True)]
        rows = [row for _, row in sorted(found, key=itemgetter(0))]
        size = -(-len(rows) // max(len(batches), 1))
        for begin in range(0, len(rows), max(size, 1)):
            await self._keep(rows[begin : begin + size])

    async def _keep(self, rows: Sequence[StagedRow]) -> None:
        await self._tools.give_way()
        step = _read_on(self._tools, self.job)
        async with self._tools.steps.write() as work:
            work.imports.advancing(self.job, step)
            work.imports.stage(self.job.id, self._place, rows)
            await work.commit()
        self.job, self._place = step, self._place + 1


def _read_on(tools: TransferTools, job: Import) -> Import:
    """Return an import that is being read, a step further: whoever read it before finds that it is not theirs."""
    return replace(job, position=job.position + 1, touched_at=tools.clock.now(), runner=tools.runner)
