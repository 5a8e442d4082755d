"""Files taken in: checked, and applied in steps of their own that hold nobody up and that a death does not end."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Generic, Protocol

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.ports.storage import StorageUnavailableError, UnitOfWork
from core.shared.clock import has_passed
from core.shared.errors import BrokenOffError, GoesOnError, RefusedError
from core.shared.ids import new_id
from core.shared.names import Names
from core.shared.undo import UNDO_WINDOW
from core.transfer.checking import FileReading, keep_files
from core.transfer.choices import ImportMode
from core.transfer.findings import Findings
from core.transfer.model import Asked, Import, ImportState
from core.transfer.moving import move
from core.transfer.repository import OvertakenError
from core.transfer.results import Imported
from core.transfer.sheet import D, Importer, R, RowProblem, Sheet
from core.transfer.staging import Staging
from core.transfer.steps import Steps
from core.transfer.stopping import RowFailedError, broken_off, leave, record_import
from core.transfer.tools import Asker, Progress, TransferTools, ignore
from core.workspaces.model import Audience

PATIENCE = timedelta(seconds=60)
"""A process that has not touched its import for so long is taken for dead."""

_POLL = 1.0


class Checked(Protocol[R]):
    """What reading a file came to."""

    @property
    def findings(self) -> Findings[R]:
        """Return what was found."""
        ...

    @property
    def returned(self) -> StoredFile | None:
        """Return the file to mend, if anything is bad."""
        ...


class Importing(ABC, Generic[R]):
    """Checks and applies files of one kind, for the length of one request; how they are read, areas say.

    A file that was handed in never changes, so that what was checked is what is imported; what the records are like by
    then is looked up again. Files made here are for the asker alone, for they may hold what is of private channels.
    """

    def __init__(self, tools: TransferTools, called: Names, zone: str = "") -> None:
        """Take what the records are called, and whose clock files are read by, if not that of who asks."""
        self._tools = tools
        self._called = called
        self._zone = zone

    @abstractmethod
    async def _read(self, asker: Asker, file: StoredFile, importer: Importer) -> Checked[R]:
        """Read a whole file and change nothing."""

    @abstractmethod
    async def _run(self, job: Import, asker: Asker) -> tuple[Import, Findings[R]]:
        """Take an import to its end, from wherever it is; return it, as a mere check if nothing was imported."""

    @abstractmethod
    async def _conclude(self, work: UnitOfWork) -> None:
        """Do what comes once for all that was imported, in the unit of work that ends it."""

    # --- checking -------------------------------------------------------------

    async def check(
        self, actor: Actor, audience: Audience, source: str | StoredFile, progress: Progress = ignore
    ) -> Imported[R]:
        """Read a whole file and change nothing; `progress` hears fractions up to 1.

        `source` is a file's id, or a file that was received with this request and becomes known with what is found in
        it. Raises `NotFoundError`, or `RefusedError` with a `file_…` or `sheet_…` reason for what can't be read at all;
        the bytes of a new file are dropped then.
        """
        file = await self._file(audience, source)
        importer = Importer(actor.member_id, actor.channel_id, self._zone or actor.zone, self._tools.clock.now(), "")
        try:
            read = await self._read(Asker(actor, audience, progress), file, importer)
        except Exception as error:  # whatever it was: nothing knows of a new file, and its bytes are of no use
            await self._drop(actor, source, error)
            raise
        await keep_files(self._tools, source if isinstance(source, StoredFile) else None, read.returned)
        return Imported(ImportMode.CHECK, file, read.findings, read.returned)

    async def _file(self, audience: Audience, source: str | StoredFile) -> StoredFile:
        return source if isinstance(source, StoredFile) else await self._tools.files.find(source, audience)

    async def _drop(self, actor: Actor, source: str | StoredFile, error: Exception) -> None:
        """Drop the bytes of a new file that was not taken."""
        if isinstance(source, StoredFile):
            await self._tools.files.discard(actor, source)

    # --- applying -------------------------------------------------------------

    async def apply(
        self,
        asked: Asked,
        actor: Actor,
        audience: Audience,
        source: str | StoredFile,
        mode: ImportMode,
        progress: Progress = ignore,
    ) -> Imported[R]:
        """Import the good rows of a file, or (`ALL`) every row: then a bad one makes it a mere check.

        The rows are staged, then applied in short transactions of their own; asked the same again, it goes on where it
        was. All of it is one undo entry and one event `…s.imported`. What somebody else has changed or removed since
        its row was checked stays as it is, and the row is named. Raises as `check` does, and `RefusedError` with reason
        `import_goes_on` without the database, `import_elsewhere` if another process has taken it over. What fails
        while rows are applied is a `BrokenOffError`: what was applied by then stays, and can be undone.
        """
        if mode is ImportMode.CHECK:
            return await self.check(actor, audience, source, progress)
        job = await self._begun(asked, actor, audience, source, mode)
        if error := broken_off(job):
            raise error
        if not job.state.is_under_way:
            return self._outcome(job, Findings.of(job.findings))
        try:
            return await self._go_on(job, Asker(actor, audience, progress))
        except StorageUnavailableError as error:
            raise GoesOnError("import_goes_on", name=job.file.name) from error
        except OvertakenError:
            raise await self._overtaken(job) from None
        except Exception as error:  # whatever it was: nobody else is to try it again, and it may be half done
            if broken := await self._left(job.id, error):
                raise broken from error
            raise

    async def _begun(
        self, asked: Asked, actor: Actor, audience: Audience, source: str | StoredFile, mode: ImportMode
    ) -> Import:
        """Return the import that was asked for, begun now unless it was before."""
        tools = self._tools
        now = tools.clock.now()
        batch = new_id(now)
        key = asked.delivery or f"import:{batch}"
        if found := await self._of_delivery(key):
            return await self._taken_up(found)
        file = await self._file(audience, source)
        job = Import(
            id=batch,
            noun=self._called.one,
            area=self._called.area,
            key=key,
            asked=asked.again(key, file.id),
            mode=mode,
            file=file,
            is_new=isinstance(source, StoredFile),
            member_id=actor.member_id,
            channel_id=actor.channel_id,
            zone=self._zone or actor.zone,
            started_at=now,
            runner=tools.runner,
            touched_at=now,
        )
        async with tools.steps.write() as work:
            if await work.imports.begin(job):
                await work.commit()
                return job
        other = await self._of_delivery(key)
        return await self._taken_up(other) if other else job

    async def _of_delivery(self, key: str) -> Import | None:
        async with self._tools.steps.read() as work:
            return await work.imports.of_delivery(key)

    async def _taken_up(self, job: Import) -> Import:
        """Return an import that was begun before, once no other process works on it."""
        tools = self._tools
        while self._is_elsewhere(job):
            await asyncio.sleep(_POLL)
            async with tools.steps.read() as work:
                job = await work.imports.get(job.id) or job
        if not job.state.is_under_way:
            # Answered by now: the first write of a request says with what.
            async with tools.transactions.write() as work:
                await work.imports.get(job.id)
        return job

    def _is_elsewhere(self, job: Import) -> bool:
        tools = self._tools
        if not job.state.is_under_way or not tools.is_shared or job.runner in ("", tools.runner):
            return False
        return not has_passed(PATIENCE, job.touched_at, tools.clock.now())

    async def _overtaken(self, job: Import) -> RefusedError:
        """Return why an import is this process's no more: it was ended, or another one goes on with it."""
        ended = broken_off(await self._of_delivery(job.key) or job)
        return ended or GoesOnError("import_elsewhere", name=job.file.name)

    async def _go_on(self, job: Import, asker: Asker) -> Imported[R]:
        job, found = await self._run(job, asker)
        if job.mode is ImportMode.CHECK:
            return Imported(ImportMode.CHECK, job.file, found, job.returned)
        return await self._ended(job, found)

    # --- ending ---------------------------------------------------------------

    async def _left(self, import_id: str, error: Exception) -> BrokenOffError | None:
        """End an import that failed at what was applied; None if it was forgotten, and nothing was changed."""
        async with self._tools.steps.write() as work:
            job = await work.imports.get(import_id)
            if job is None or not job.state.is_under_way:
                return None
            line = error.line if isinstance(error, RowFailedError) else 0
            await self._conclude(work)
            left = await leave(work, job, self._tools.clock.now(), line)
            await work.commit()
        return broken_off(left)

    async def _ended(self, job: Import, findings: Findings[R]) -> Imported[R]:
        """Keep how to take the import back, and that it happened, together with the answer to it."""
        now = self._tools.clock.now()
        over_at = now + UNDO_WINDOW if findings.changes else now
        ended = replace(
            job,
            asked=job.asked.settled(),
            touched_at=now,
            state=ImportState.ENDED,
            findings=findings.data(),
            over_at=over_at,
            created=findings.new,
            updated=findings.updated,
        )
        async with self._tools.transactions.write() as work:
            await move(work, job, ended)
            for file in (job.file if job.is_new else None, job.returned):
                if file:
                    work.files.add(file)
            if findings.changes:
                await self._conclude(work)
                record_import(work, ended)
            await work.commit()
        return self._outcome(ended, findings)

    def _outcome(self, job: Import, findings: Findings[R]) -> Imported[R]:
        return Imported(job.mode, job.file, findings, job.returned, job.id if findings.changes else "")


class FileImport(Importing[R], Generic[D, R]):
    """Imports records of one sheet, whose rows are staged and then applied."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R], wording: Callable[[RowProblem], str]) -> None:
        """Take the words for the `error` column."""
        super().__init__(tools, sheet.called)
        self._sheet = sheet
        self._reading = FileReading(tools, sheet, wording)
        self._staging = Staging(tools, sheet, self._reading)

    async def _read(self, asker: Asker, file: StoredFile, importer: Importer) -> Checked[R]:
        return await self._reading.read(asker, file, importer, ImportMode.CHECK)

    async def _conclude(self, work: UnitOfWork) -> None:
        await self._sheet.records.ended(work)

    async def _run(self, job: Import, asker: Asker) -> tuple[Import, Findings[R]]:
        found: Findings[R] = Findings.of(job.findings)
        if job.state is ImportState.READING:
            job, found = await self._staging.stage(job, asker.within(0, 1 / 2))
            if job.mode is ImportMode.CHECK:
                return job, found
        steps = Steps(self._tools, self._sheet, asker.within(1 / 2, 1), found)
        return await steps.run(job), steps.findings
