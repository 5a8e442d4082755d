"""One reading of a file of tasks from beginning to end, storing what it comes to unless it is a mere check."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.ports.storage import UnitOfWork
from core.shared.stepping import StepThread, pulled
from core.tasks.cells import RowProblem
from core.tasks.drafted import Importer
from core.tasks.importing import Findings, ImportMode, ImportReader, ImportRun, count_new, numbers_of
from core.tasks.model import Task
from core.tasks.roster import Channels, People
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
        self.findings = Findings()
        self._work = work
        self._actor = actor
        self._audience = audience
        self._importer = importer
        self._mode = mode
        self._wording = wording
        self._progress = progress

    async def returned(self, file: StoredFile, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Do the work, yielding the file to give back as it goes; nothing if nothing is bad and rows were imported.

        Raises `BadRowError` at the first bad row if all were to be imported.
        """
        async with StepThread() as thread:
            read = _Read(file.size, self._progress)
            reader = await thread.run(await self._opening(file.name, pulled(chunks, read.add)))
            mended = reader.source.mended()
            run = ImportRun(self._importer, mended, self._wording, only_bad=self._mode is not ImportMode.CHECK)
            self.findings = run.findings
            while batch := await thread.run(reader.next_batch):
                known = await self._known(numbers_of(batch))
                first = await self._reserve(count_new(batch, known))
                settled = await thread.run(partial(run.settle, batch, known, first))
                await self._store(settled.new, settled.before, settled.after)
                read.tell()
                if settled.returned:
                    yield settled.returned
            self.findings.unused = tuple(reader.source.unused)
        if self.findings.bad:
            yield mended.end()

    async def _opening(self, name: str, chunks: Iterator[bytes]) -> Callable[[], ImportReader]:
        people = People.of(await self._work.members.all())
        channels = Channels.of(await self._work.channels.all(), self._actor, self._audience)
        return partial(ImportReader, name, chunks, people, channels, now=self._importer.now, zone=self._importer.zone)

    async def _known(self, numbers: Sequence[int]) -> dict[int, Task]:
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


class _Read:
    """How much of a file has been read; counted in the thread, told on the loop."""

    def __init__(self, size: int, progress: Progress) -> None:
        self._size = max(size, 1)
        self._count = 0
        self._progress = progress

    def add(self, count: int) -> None:
        self._count += count

    def tell(self) -> None:
        self._progress(min(self._count / self._size, 1.0))
