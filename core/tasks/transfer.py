"""Tasks in and out as files: checking and applying an import, taking it back, exporting."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.files.service import FileService
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.ports.workbooks import Workbooks
from core.shared.clock import Clock
from core.shared.errors import ConflictError
from core.shared.events import Event, EventValue
from core.shared.ids import new_id
from core.shared.stepping import StepThread
from core.shared.undo import UNDO_WINDOW
from core.shared.zones import zone
from core.tasks.import_pass import BadRowError, Given, ImportPass, Progress, Wording, given_file
from core.tasks.model import Task, TaskFilter
from core.tasks.rules import reminder_for
from core.tasks.sheet import TASKS
from core.transfer.findings import Findings, ImportMode
from core.transfer.results import Exported, Imported, ImportUndone
from core.transfer.roster import Channels, People
from core.transfer.sheet import Importer, Surroundings, about
from core.transfer.writing import ExportFormat, RecordWriter, record_writer, sheet_header, sheet_rows
from core.undo.keeping import check_reach
from core.workspaces.model import Audience

TASK_IMPORT = "task.import"
"""The kind of the undo entries made here."""

_EXPORT_CHUNK = 1000
_NAMED_NUMBERS = 10


def _ignore(_fraction: float) -> None:
    """Hear of progress and do nothing."""


class TaskTransfer:
    """Imports and exports of one workspace, for the length of one request.

    A file that was handed in never changes, so that what was checked is what is imported; what the tasks are like by
    then is looked up again. Files made here are for the asker alone, for they may hold tasks of private channels.
    """

    def __init__(
        self, transactions: Transactions, files: FileService, workbooks: Workbooks, clock: Clock, wording: Wording
    ) -> None:
        """Bind to the units of work, the files, what reads them, the time, and the words for the `error` column."""
        self._transactions = transactions
        self._files = files
        self._workbooks = workbooks
        self._clock = clock
        self._wording = wording

    async def check(
        self, actor: Actor, audience: Audience, source: str | StoredFile, progress: Progress = _ignore
    ) -> Imported[Task]:
        """Read a whole file and change nothing; `progress` hears fractions up to 1.

        `source` is a file's id, or a file that was received with this request and becomes known with what is found in
        it: nothing is written, and so nobody kept waiting, before it was read. Raises `NotFoundError`, or
        `RefusedError` with a `file_…` or `sheet_…` reason for what can't be read at all.
        """
        file, chunks = await self._open(actor, audience, source)
        with about(TASKS):
            async with given_file(self._workbooks, file, chunks) as given, self._transactions.read() as work:
                job = self._pass(work, actor, audience, ImportMode.CHECK, progress)
                made = await self._files.write(actor, _returned_name(given), job.returned(given), only=actor.member_id)
        found = [source] if isinstance(source, StoredFile) else []
        if job.findings.bad:
            found.append(made)
        else:
            await self._files.discard(actor, made)
        if found:
            async with self._transactions.write() as work:
                for one in found:
                    work.files.add(one)
                await work.commit()
        return Imported(ImportMode.CHECK, file, job.findings, made if job.findings.bad else None)

    async def apply(
        self,
        actor: Actor,
        audience: Audience,
        source: str | StoredFile,
        mode: ImportMode,
        progress: Progress = _ignore,
    ) -> Imported[Task]:
        """Import the good rows of a file, or (`ALL`) every row: then a bad one makes it a mere check.

        Everything is one transaction, one undo entry and one event `tasks.imported`. Raises as `check` does.
        """
        if mode is ImportMode.CHECK:
            return await self.check(actor, audience, source, progress)
        file, chunks = await self._open(actor, audience, source)
        now = self._clock.now()
        importer = Importer(actor.member_id, actor.channel_id, actor.zone, now, new_id(now))
        try:
            with about(TASKS):
                async with given_file(self._workbooks, file, chunks) as given, self._transactions.write() as work:
                    job = self._pass(work, actor, audience, mode, progress, importer)
                    made = await self._files.write(
                        actor, _returned_name(given), job.returned(given), only=actor.member_id
                    )
                    imported = Imported(mode, file, job.findings, made if job.findings.bad else None)
                    if isinstance(source, StoredFile):
                        work.files.add(source)
                    await self._finish(work, actor, importer, imported, made, is_new=isinstance(source, StoredFile))
        except BadRowError:
            return await self.check(actor, audience, source, progress)
        return replace(imported, undo_id=importer.batch if job.findings.changes else "")

    async def _open(
        self, actor: Actor, audience: Audience, source: str | StoredFile
    ) -> tuple[StoredFile, AsyncIterator[bytes]]:
        if isinstance(source, StoredFile):
            return source, self._files.read(actor, source)
        return await self._files.open(source, audience)

    def _pass(
        self,
        work: UnitOfWork,
        actor: Actor,
        audience: Audience,
        mode: ImportMode,
        progress: Progress,
        importer: Importer | None = None,
    ) -> ImportPass:
        checker = importer or Importer(actor.member_id, actor.channel_id, actor.zone, self._clock.now(), "")
        return ImportPass(work, actor, audience, checker, mode=mode, wording=self._wording, progress=progress)

    async def _finish(
        self,
        work: UnitOfWork,
        actor: Actor,
        importer: Importer,
        imported: Imported[Task],
        made: StoredFile,
        *,
        is_new: bool,
    ) -> None:
        """Keep the file to give back or drop it, and commit if anything is to be kept."""
        if imported.returned:
            work.files.add(made)
        else:
            await self._files.discard(actor, made)
        if imported.findings.changes:
            _record(work, actor, importer, imported.findings)
        if imported.findings.changes or imported.returned or is_new:
            await work.commit()

    async def undo(self, actor: Actor, entry: UndoEntry) -> ImportUndone:
        """Take away the tasks that an import made and put back those it changed; marking the entry is the caller's.

        Besides its author, only people in the channel where it was made reach it. Raises `NotFoundError`, and
        `ConflictError` with reason `import_changed_since` (details `numbers`, up to ten) if a task was changed later.
        """
        check_reach(actor, entry)
        now = self._clock.now()
        async with self._transactions.write() as work:
            touched = list(await work.tasks.changed_since_import(entry.id))
            restored = 0
            async for before in work.tasks.snapshots(entry.id):
                changed, back = await _put_back(work, before, now)
                touched += changed
                restored += len(back)
                if touched:
                    break
                await work.tasks.change_many(back)
            if touched:
                raise ConflictError("import_changed_since", numbers=tuple(touched[:_NAMED_NUMBERS]), noun=TASKS.noun)
            removed = await work.tasks.remove_batch(entry.id, now)
            facts: dict[str, EventValue] = {"batch": entry.id, "removed": removed, "restored": restored}
            work.events.record(Event("tasks.import_undone", now, entry.channel_id, actor.member_id, facts))
            await work.commit()
        return ImportUndone(removed, restored)

    async def export(self, actor: Actor, audience: Audience, wanted: TaskFilter, kind: ExportFormat) -> Exported:
        """Write the tasks that are wanted and may be seen, by number, to a file for the actor alone."""
        with about(TASKS):
            return await self._export(actor, audience, wanted, kind)

    async def _export(self, actor: Actor, audience: Audience, wanted: TaskFilter, kind: ExportFormat) -> Exported:
        day = self._clock.now().astimezone(zone(actor.zone)).date()
        name = f"tasks-{day.isoformat()}.{kind.ending}"
        counted = _Counted()
        if kind is ExportFormat.XLSX:
            async with self._workbooks.writing(TASKS.title) as sheet:
                await sheet.add([sheet_header(TASKS)])
                async with self._transactions.read() as work:
                    rows = sheet_rows(TASKS, await self._around(work, actor, audience))
                    async for piece in counted.pieces(work.tasks.stream(wanted, audience, chunk=_EXPORT_CHUNK), rows):
                        await sheet.add(piece)
                file = await self._files.write(actor, name, sheet.chunks(), only=actor.member_id)
        else:
            async with self._transactions.read() as work:
                writer = record_writer(TASKS, kind, await self._around(work, actor, audience))
                tasks = work.tasks.stream(wanted, audience, chunk=_EXPORT_CHUNK)
                pieces = _ended(counted.pieces(tasks, writer.write), writer)
                file = await self._files.write(actor, name, pieces, only=actor.member_id)
        async with self._transactions.write() as work:
            work.files.add(file)
            await work.commit()
        return Exported(file, counted.count, kind)

    async def _around(self, work: UnitOfWork, actor: Actor, audience: Audience) -> Surroundings:
        """Return whom and what an export may name."""
        channels = Channels.of(await work.channels.all(), actor, audience)
        return Surroundings(People.of(await work.members.all()), channels, self._clock.now(), actor.zone)


T = TypeVar("T")


class _Counted:
    """Turns the tasks of an export into pieces of its file, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    async def pieces(
        self, chunks: AsyncIterator[Sequence[Task]], write: Callable[[Sequence[Task]], T]
    ) -> AsyncIterator[T]:
        async with StepThread() as thread:
            async for tasks in chunks:
                self.count += len(tasks)
                yield await thread.run(partial(write, tasks))


async def _ended(pieces: AsyncIterator[bytes], writer: RecordWriter[Task]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield piece
    yield writer.end()


def _returned_name(given: Given) -> str:
    """Return what the file with the errors is called."""
    stem, _, ending = given.name.rpartition(".")
    return f"{(stem or ending).removesuffix('-errors')}-errors.{given.suffix}"


async def _put_back(work: UnitOfWork, before: Sequence[Task], now: datetime) -> tuple[list[int], list[Task]]:
    """Return the numbers of tasks that were changed after the import had changed them, and the tasks as they were."""
    everything = Audience(member_id=0, channels=frozenset(), everything=True)
    current = {task.number: task for task in await work.tasks.get_many([task.number for task in before], everything)}
    touched = [
        task.number for task in before if task.number not in current or current[task.number].version != task.version + 1
    ]
    back = [
        # A reminder whose time has come meanwhile would be sent at once, for a task that has just been put back.
        replace(task, version=task.version + 2, remind_at=task.remind_at and _still_ahead(task, now))
        for task in before
    ]
    return touched, back


def _still_ahead(task: Task, now: datetime) -> datetime | None:
    return task.remind_at if task.remind_at and task.remind_at > now else reminder_for(task.due, now)


def _record(work: UnitOfWork, actor: Actor, importer: Importer, findings: Findings[Task]) -> None:
    """Keep how to take the import back, and that it happened."""
    facts: dict[str, EventValue] = {"batch": importer.batch, "created": findings.new, "updated": findings.updated}
    entry = UndoEntry(
        id=importer.batch,
        author_id=actor.member_id,
        channel_id=actor.channel_id,
        command="task import",
        kind=TASK_IMPORT,
        payload=facts,
        created_at=importer.now,
        expires_at=importer.now + UNDO_WINDOW,
    )
    work.undo.add(entry)
    work.events.record(Event("tasks.imported", importer.now, actor.channel_id, actor.member_id, facts))
