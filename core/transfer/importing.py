"""Files taken in: checked, and applied in steps of their own that hold nobody up and that a death does not end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Generic

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.ports.storage import StorageUnavailableError, UndoEntry, UnitOfWork
from core.shared.errors import RefusedError
from core.shared.events import Event, EventValue
from core.shared.ids import new_id
from core.shared.stepping import StepThread
from core.shared.undo import UNDO_WINDOW
from core.transfer.applying import Applier, Pace, Prepared, Settled
from core.transfer.choices import ImportMode
from core.transfer.findings import Findings
from core.transfer.given import Given, given_file
from core.transfer.mending import MendedText, MendedWorkbook, Mending
from core.transfer.model import Asked, Effect, Import, ImportState, StagedRow, import_kind
from core.transfer.reading import Checked, Checker, ReadRow, RowBatches, keys_of
from core.transfer.results import Imported
from core.transfer.sheet import D, Importer, R, RowProblem, Sheet, about
from core.transfer.tools import Progress, TransferTools, ignore, surroundings
from core.undo.keeping import record_changes
from core.workspaces.model import Audience

PATIENCE = timedelta(seconds=60)
"""A process that has not touched its import for so long is taken for dead."""

_POLL = 1.0
_DROPPED_AT_ONCE = 20

Stage = Callable[[Sequence[StagedRow]], Awaitable[None]]


class OvertakenError(Exception):
    """Another process works on the same import."""


@dataclass(frozen=True, slots=True)
class Read(Generic[R]):
    """What reading a file came to: what was found, the file to mend, and how many numbers its new records take."""

    findings: Findings[R]
    returned: StoredFile | None
    numbers: int


class FileImport(Generic[D, R]):
    """Checks and applies files of one sheet, for the length of one request.

    A file that was handed in never changes, so that what was checked is what is imported; what the records are like by
    then is looked up again. Files made here are for the asker alone, for they may hold what is of private channels.
    """

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R], wording: Callable[[RowProblem], str]) -> None:
        """Take the words for the `error` column."""
        self._tools = tools
        self._sheet = sheet
        self._wording = wording

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
        importer = Importer(actor.member_id, actor.channel_id, actor.zone, self._tools.clock.now(), "")
        try:
            read = await self._read(actor, audience, importer, file, ImportMode.CHECK, progress)
        except Exception:  # whatever it was: nothing knows of a new file, and its bytes are of no use to anybody
            await self._drop(actor, source)
            raise
        await self._known_files(source if isinstance(source, StoredFile) else None, read.returned)
        return Imported(ImportMode.CHECK, file, read.findings, read.returned)

    async def _read(
        self,
        actor: Actor,
        audience: Audience,
        importer: Importer,
        file: StoredFile,
        mode: ImportMode,
        progress: Progress,
        stage: Stage | None = None,
    ) -> Read[R]:
        """Read a file once, handing over what is to be applied as long as that may still come to pass."""
        tools, sheet = self._tools, self._sheet
        async with tools.steps.read() as work:
            around = await surroundings(work, actor, audience, importer.now, importer.zone)
        chunks = tools.files.read(actor, file)
        with about(sheet):
            async with given_file(tools.workbooks, sheet, file, chunks) as given, StepThread() as thread:
                opened = given.opening(sheet)
                rows = await thread.run(lambda: RowBatches(sheet, opened(), around))
                checker = Checker(
                    sheet,
                    importer,
                    rows.source,
                    self._wording,
                    only_bad=mode is ImportMode.GOOD,
                    stages=stage is not None,
                )
                findings = checker.findings
                async with self._mending(actor, given) as mending:
                    while batch := await thread.run(rows.next):
                        checked = await self._checked(thread, checker, batch, audience)
                        if checked.returned:
                            await mending.add(checked.returned)
                        if stage and checked.staged and not (mode is ImportMode.ALL and findings.bad):
                            await stage(checked.staged)
                        progress(min(rows.source.position / max(given.size, 1), 1.0))
                    findings.unused = tuple(rows.source.unused)
                    if given.sheet:
                        findings.hidden, findings.merged = given.sheet.hidden, given.sheet.merged
                    if not findings.bad:
                        return Read(findings, None, checker.numbers)
                    if end := checker.mended.end():
                        await mending.add(end)
                    return Read(findings, await mending.finish(), checker.numbers)

    async def _checked(
        self, thread: StepThread, checker: Checker[D, R], batch: list[ReadRow[D]], audience: Audience
    ) -> Checked:
        keys = keys_of(self._sheet, batch)
        if not keys:
            return await thread.run(partial(checker.settle, batch, {}))
        async with self._tools.steps.read() as work:
            known = await self._sheet.records.find(work, keys, audience)
        return await thread.run(partial(checker.settle, batch, known))

    def _mending(self, actor: Actor, given: Given) -> Mending:
        tools = self._tools
        if given.sheet:
            return MendedWorkbook(tools.files, actor, given.returned_name, tools.workbooks, self._sheet.title)
        return MendedText(tools.files, actor, given.returned_name)

    async def _file(self, audience: Audience, source: str | StoredFile) -> StoredFile:
        return source if isinstance(source, StoredFile) else await self._tools.files.find(source, audience)

    async def _drop(self, actor: Actor, source: str | StoredFile) -> None:
        if isinstance(source, StoredFile):
            await self._tools.files.discard(actor, source)

    async def _known_files(self, *files: StoredFile | None) -> None:
        if found := list(filter(None, files)):
            async with self._tools.transactions.write() as work:
                for file in found:
                    work.files.add(file)
                await work.commit()

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
        `import_goes_on` without the database, `import_elsewhere` if another process has taken it over.
        """
        if mode is ImportMode.CHECK:
            return await self.check(actor, audience, source, progress)
        job = await self._begun(asked, actor, audience, source, mode)
        if not job.state.is_under_way:
            return self._outcome(job, Findings.of(job.findings))
        try:
            return await self._go_on(job, actor, audience, progress)
        except StorageUnavailableError as error:
            raise RefusedError("import_goes_on", name=job.file.name) from error
        except OvertakenError:
            raise RefusedError("import_elsewhere", name=job.file.name) from None

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
            noun=self._sheet.noun,
            key=key,
            asked=asked.again(key, file.id),
            mode=mode,
            file=file,
            is_new=isinstance(source, StoredFile),
            member_id=actor.member_id,
            channel_id=actor.channel_id,
            zone=actor.zone,
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
        if not job.state.is_under_way or not tools.is_shared or job.runner == tools.runner:
            return False
        return tools.clock.now() - job.touched_at < PATIENCE

    async def _go_on(self, job: Import, actor: Actor, audience: Audience, progress: Progress) -> Imported[R]:
        findings = None
        if job.state is ImportState.READING:
            job, findings = await self._staged(job, actor, audience, lambda fraction: progress(fraction / 2))
            if job.mode is ImportMode.CHECK:
                return Imported(ImportMode.CHECK, job.file, findings, job.returned)
        found = findings or Findings.of(job.findings)
        job = await self._applied(job, actor, audience, found, lambda fraction: progress((1 + fraction) / 2))
        return await self._ended(job, found)

    async def _staged(
        self, job: Import, actor: Actor, audience: Audience, progress: Progress
    ) -> tuple[Import, Findings[R]]:
        """Read the file and keep its rows; with a bad one among rows that all have to be good nothing is kept."""
        job = await self._unstaged(job)
        place = 0

        async def stage(rows: Sequence[StagedRow]) -> None:
            nonlocal place, job
            step = self._read_on(job)
            async with self._tools.steps.write() as work:
                await self._advance(work, job, step)
                await work.imports.stage(job.id, place, rows)
                await work.commit()
            job, place = step, place + 1

        try:
            read = await self._read(actor, audience, _importer(job), job.file, job.mode, progress, stage)
        except (OvertakenError, StorageUnavailableError):
            raise
        except Exception:  # whatever it was: nothing was imported, and nothing of it is kept
            await self._forget(await self._unstaged(job))
            if job.is_new:
                await self._tools.files.discard(actor, job.file)
            raise
        if job.mode is ImportMode.ALL and read.findings.bad:
            await self._forget(await self._unstaged(job))
            await self._known_files(job.file if job.is_new else None, read.returned)
            return replace(job, touched_at=job.touched_at, mode=ImportMode.CHECK, returned=read.returned), read.findings
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
            )
            await self._advance(work, job, ready)
            await work.commit()
        return ready, read.findings

    def _read_on(self, job: Import) -> Import:
        """Return an import that is being read, a step further: whoever read it before finds that it is not theirs."""
        tools = self._tools
        return replace(job, position=job.position + 1, touched_at=tools.clock.now(), runner=tools.runner)

    async def _unstaged(self, job: Import) -> Import:
        """Drop what was staged, a little at a time."""
        dropped = _DROPPED_AT_ONCE
        while dropped == _DROPPED_AT_ONCE:
            step = self._read_on(job)
            async with self._tools.steps.write() as work:
                await self._advance(work, job, step)
                dropped = await work.imports.unstage(job.id, _DROPPED_AT_ONCE)
                await work.commit()
            job = step
        return job

    async def _forget(self, job: Import) -> None:
        async with self._tools.steps.write() as work:
            await self._advance(work, job, self._read_on(job))
            await work.imports.forget(job.id)
            await work.commit()

    async def _applied(
        self, job: Import, actor: Actor, audience: Audience, findings: Findings[R], progress: Progress
    ) -> Import:
        """Apply what is staged, step by step."""
        tools, pace, done = self._tools, Pace(), 0
        async with tools.steps.read() as work:
            around = await surroundings(work, actor, audience, job.started_at, job.zone)
        applier = Applier(self._sheet, around, _importer(job), job.first_number)
        async with StepThread() as thread:
            while rows := await self._piece(job):
                while job.position < len(rows):
                    chunk = rows[job.position : job.position + pace.size]
                    prepared = await thread.run(partial(applier.prepare, chunk))
                    ends = job.position + len(chunk) == len(rows)
                    job = await self._step(
                        job, actor, audience, len(chunk), applier, prepared, findings, pace, ends=ends
                    )
                    done += len(chunk)
                    progress(min(done / max(findings.changes, 1), 1.0))
                    if ends:
                        break
                    await asyncio.sleep(0)
        return job

    async def _piece(self, job: Import) -> Sequence[StagedRow]:
        async with self._tools.steps.read() as work:
            return await work.imports.staged(job.id, job.place) or ()

    async def _step(
        self,
        job: Import,
        actor: Actor,
        audience: Audience,
        count: int,
        applier: Applier[D, R],
        prepared: Prepared[D, R],
        findings: Findings[R],
        pace: Pace,
        *,
        ends: bool,
    ) -> Import:
        """Apply some rows and move on, in one transaction: rows that are behind the import have had their effect."""
        records, loop = self._sheet.records, asyncio.get_running_loop()
        place, position = (job.place + 1, 0) if ends else (job.place, job.position + count)
        moved = replace(
            job,
            touched_at=self._tools.clock.now(),
            runner=self._tools.runner,
            place=place,
            position=position,
            steps=job.steps + 1,
        )
        async with self._tools.steps.write() as work:
            await self._advance(work, job, moved)
            # From here on others wait.
            began = loop.time()
            known = await records.find(work, prepared.keys, audience) if prepared.keys else {}
            settled = applier.settle(prepared, known)
            if settled.problems:
                settled.tell(findings)
                job, moved = moved, replace(moved, findings=findings.data())
                await self._advance(work, job, moved)
            await self._store(work, moved, actor, settled)
            await work.commit()
        pace.took(count, loop.time() - began)
        return moved

    async def _store(self, work: UnitOfWork, job: Import, actor: Actor, settled: Settled[R]) -> None:
        records, kind = self._sheet.records, self._sheet.kind
        if settled.new:
            await records.add(work, settled.new)
        if settled.after:
            await records.change(work, settled.after)
        found: list[R | None] = [*[None] * len(settled.new), *settled.before]
        made = [*settled.new, *settled.after]
        record_changes(work, kind, actor, f"{job.noun} import", found, made, job.started_at)
        if made:
            before, after = ([kind.snapshot(one) for one in some] for some in (settled.before, settled.after))
            await work.imports.keep_effect(
                job.id, job.steps, Effect([kind.number_of(one) for one in settled.new], before, after)
            )

    async def _advance(self, work: UnitOfWork, before: Import, after: Import) -> None:
        if not await work.imports.advance(before, after):
            raise OvertakenError

    # --- ending ---------------------------------------------------------------

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
        )
        async with self._tools.transactions.write() as work:
            await self._advance(work, job, ended)
            for file in (job.file if job.is_new else None, job.returned):
                if file:
                    work.files.add(file)
            if findings.changes:
                record_import(work, ended, findings.new, findings.updated)
            await work.commit()
        return self._outcome(ended, findings)

    def _outcome(self, job: Import, findings: Findings[R]) -> Imported[R]:
        return Imported(job.mode, job.file, findings, job.returned, job.id if findings.changes else "")


def record_import(work: UnitOfWork, job: Import, created: int, updated: int) -> None:
    """Keep how to take an import back, and that it happened."""
    facts: dict[str, EventValue] = {"batch": job.id, "created": created, "updated": updated}
    entry = UndoEntry(
        id=job.id,
        author_id=job.member_id,
        channel_id=job.channel_id,
        command=f"{job.noun} import",
        kind=import_kind(job.noun),
        payload=facts,
        created_at=job.touched_at,
        expires_at=job.touched_at + UNDO_WINDOW,
    )
    work.undo.add(entry)
    work.events.record(Event(f"{job.noun}s.imported", job.touched_at, job.channel_id, job.member_id, facts))


def _importer(job: Import) -> Importer:
    return Importer(job.member_id, job.channel_id, job.zone, job.started_at, job.id)
