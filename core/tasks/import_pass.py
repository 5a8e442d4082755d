"""One reading of a file of tasks from beginning to end, storing what it comes to unless it is a mere check."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.ports.storage import UnitOfWork
from core.ports.workbooks import STARTS, Sheet, SheetRow, Workbooks
from core.shared.stepping import StepThread, pulled
from core.tasks.drafted import TaskDraft
from core.tasks.kind import TASK_KIND
from core.tasks.model import Task
from core.tasks.sheet import TASKS
from core.transfer.findings import Findings, ImportMode
from core.transfer.importing import ROW_LIMIT, ImportReader, ImportRun, count_new, keys_of
from core.transfer.roster import Channels, People
from core.transfer.sheet import Importer, RowProblem, Surroundings
from core.transfer.sources import Piece, Source, open_source
from core.transfer.workbooks import SheetSource
from core.undo.keeping import record_changes
from core.workspaces.model import Audience

Progress = Callable[[float], None]
Wording = Callable[[RowProblem], str]


class BadRowError(Exception):
    """A row is bad and all of them were to be imported."""


class ImportPass:
    """Reads a file within a unit of work; rows are read and sorted in a thread, batch by batch."""

    def __init__(
        self,
        work: UnitOfWork,
        actor: Actor,
        audience: Audience,
        importer: Importer,
        *,
        mode: ImportMode,
        wording: Wording,
        progress: Progress,
    ) -> None:
        """Begin with nothing found; `progress` hears fractions up to 1."""
        self.findings: Findings[Task] = Findings()
        self._work = work
        self._actor = actor
        self._audience = audience
        self._importer = importer
        self._mode = mode
        self._wording = wording
        self._progress = progress

    async def returned(self, given: "Given") -> AsyncIterator[bytes]:
        """Do the work, yielding the file to give back as it goes; nothing if nothing is bad and rows were imported.

        Raises `BadRowError` at the first bad row if all were to be imported.
        """
        if given.sheet is None:
            async for piece in self._pieces(given):
                yield cast("bytes", piece)
            return
        self.findings.hidden, self.findings.merged = given.sheet.hidden, given.sheet.merged
        async with given.workbooks.writing(TASKS.title) as written:
            async for rows in self._pieces(given):
                await written.add(cast("list[SheetRow]", rows))
            if self.findings.bad:
                async for chunk in written.chunks():
                    yield chunk

    async def _pieces(self, given: "Given") -> AsyncIterator[Piece]:
        async with StepThread() as thread:
            reader = await thread.run(await self._opening(given))
            mended = reader.source.mended()
            run = ImportRun(
                TASKS, self._importer, mended, self._wording, self.findings, only_bad=self._mode is not ImportMode.CHECK
            )
            while batch := await thread.run(reader.next_batch):
                known = await self._known(cast("list[int]", keys_of(TASKS, batch)))
                first = await self._reserve(count_new(TASKS, batch, known))
                settled = await thread.run(partial(run.settle, batch, known, first))
                await self._store(settled.new, settled.before, settled.after)
                self._progress(min(reader.source.position / max(given.size, 1), 1.0))
                if settled.returned:
                    yield settled.returned
            self.findings.unused = tuple(reader.source.unused)
        if self.findings.bad:
            yield mended.end()

    async def _opening(self, given: "Given") -> Callable[[], ImportReader[TaskDraft, Task]]:
        people = People.of(await self._work.members.all())
        channels = Channels.of(await self._work.channels.all(), self._actor, self._audience)
        opened, around = given.opening(), Surroundings(people, channels, self._importer.now, self._importer.zone)
        return lambda: ImportReader(TASKS, opened(), around)

    async def _known(self, numbers: Sequence[int]) -> dict[object, Task]:
        found = await self._work.tasks.get_many(numbers, self._audience) if numbers else ()
        return {task.number: task for task in found}

    async def _reserve(self, count: int) -> int:
        if self._mode is ImportMode.CHECK or not count:
            return 0
        return await self._work.tasks.reserve_numbers(count)

    async def _store(self, new: Sequence[Task], before: Sequence[Task], after: Sequence[Task]) -> None:
        if self._mode is ImportMode.ALL and self.findings.bad:
            raise BadRowError
        if self._mode is ImportMode.CHECK:
            return
        if new:
            await self._work.tasks.add_many(new)
        if after:
            await self._work.tasks.save_snapshots(self._importer.batch, before)
            await self._work.tasks.change_many(after)
        found: list[Task | None] = [*[None] * len(new), *before]
        record_changes(self._work, TASK_KIND, self._actor, "task import", found, [*new, *after], self._importer.now)


@dataclass(frozen=True, slots=True)
class Given:
    """A file to import: its name, how much there is to read, its bytes, and its sheet if it is a workbook.

    A sheet has been read by then, which takes its time and is done before anything waits for a transaction.
    """

    name: str
    size: int
    chunks: AsyncIterator[bytes]
    workbooks: Workbooks
    sheet: Sheet | None = None

    @property
    def suffix(self) -> str:
        """Return the ending of the name of what is given back."""
        if self.sheet:
            return SheetSource.suffix
        stem, _, ending = self.name.rpartition(".")
        # A text that is called like a workbook would come back as a file that no spreadsheet program opens.
        return ending if stem and not ending.casefold().startswith("xls") else "csv"

    def opening(self) -> Callable[[], Source]:
        """Return what finds out, in a thread, how the file is laid out; it raises `RefusedError`."""
        if self.sheet:
            return partial(SheetSource, TASKS, self.sheet)
        return partial(open_source, TASKS, self.name, pulled(self.chunks))


@asynccontextmanager
async def given_file(workbooks: Workbooks, file: StoredFile, chunks: AsyncIterator[bytes]) -> AsyncIterator[Given]:
    """Yield a file ready to be imported; by its first bytes it is a workbook, whatever its name says, or text.

    Raises as `Workbooks.reading` does.
    """
    first = b""
    while len(first) < len(STARTS[0]) and (chunk := await anext(chunks, None)):
        first += chunk
    whole = _chained(first, chunks)
    if not first.startswith(STARTS):
        yield Given(file.name, file.size, whole, workbooks)
        return
    async with workbooks.reading(whole, prefer=TASKS.title, row_limit=ROW_LIMIT) as sheet:
        yield Given(file.name, sheet.size, whole, workbooks, sheet)


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
