"""A workspace with a few people and channels, for importing into it and exporting from it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.files.store import ObjectFileStore, open_file_store
from adapters.storage import SqlStorage
from bot.texts.tasks.transfer import TASK_WORDS
from core.chat.actor import Actor
from core.chat.request import Attachment, ChannelKind, Platform
from core.files.model import StoredFile
from core.files.service import FileService
from core.people.model import Role
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.ports.workbooks import Workbooks
from core.tasks.drafted import TaskDraft
from core.tasks.model import Task, TaskFilter
from core.tasks.repository import TASKS
from core.tasks.sheet import TASK_SHEET
from core.transfer.choices import ExportFormat, ImportMode
from core.transfer.exporting import Export
from core.transfer.importing import FileImport
from core.transfer.model import FILE, Asked
from core.transfer.results import Exported, Imported, ImportUndone
from core.transfer.tools import Progress, TransferTools, ignore
from core.transfer.undoing import ImportUndo
from core.workspaces.model import Audience, Channel
from tests.support.clock import NOON, HeldClock
from tests.support.storage import make_storage
from tests.support.workbooks import open_workbooks

NOW = NOON
ZONE = "Europe/Berlin"
EVERY = TaskFilter(status=None)
ASKED = Asked("", "web", "console", {}, {}, f"/task import file:{FILE} mode:all")


@dataclass(slots=True)
class Desk:
    """A workspace `default` where Ann is at work in #general; there are #shop, and #secret which she does not see."""

    storage: SqlStorage
    store: ObjectFileStore
    clock: HeldClock
    workbooks: Workbooks
    transactions: Transactions
    ann: Actor
    ben: Actor
    channels: dict[str, Channel]

    @property
    def files(self) -> FileService:
        return FileService(self.transactions, self.store, self.clock)

    @property
    def small_files(self) -> FileService:
        """The same with a limit of 100 kB."""
        return FileService(self.transactions, self.store, self.clock, limit=100_000)

    @property
    def tools(self) -> TransferTools:
        return self.tools_with(self.transactions)

    def tools_with(self, transactions: Transactions, runner: str = "here") -> TransferTools:
        """What a request with those transactions works with."""
        files = FileService(transactions, self.store, self.clock)
        steps = self.storage.workspace(self.ann.workspace_id)
        return TransferTools(transactions, steps, files, self.workbooks, self.clock, runner)

    @property
    def transfer(self) -> FileImport[TaskDraft, Task]:
        return FileImport(self.tools, TASK_SHEET, TASK_WORDS.error)

    async def apply(
        self,
        actor: Actor,
        source: str | StoredFile,
        mode: ImportMode,
        progress: Progress = ignore,
        *,
        audience: Audience | None = None,
    ) -> Imported[Task]:
        """Import a stored file as one request does."""
        return await self.transfer.apply(ASKED, actor, audience or self.audience(actor), source, mode, progress)

    def audience(self, actor: Actor) -> Audience:
        return Audience(actor.member_id, frozenset({actor.channel_id}))

    async def upload(self, content: bytes | str, name: str = "tasks.csv") -> StoredFile:
        data = content.encode() if isinstance(content, str) else content
        attachment = Attachment(name, "", len(data), lambda: in_pieces(data))
        return await self.files.keep(self.ann, attachment, only=self.ann.member_id)

    async def run(
        self, content: bytes | str, mode: ImportMode = ImportMode.ALL, name: str = "tasks.csv"
    ) -> Imported[Task]:
        """Upload a file and import it."""
        file = await self.upload(content, name)
        return await self.apply(self.ann, file.id, mode)

    async def tasks(self, wanted: TaskFilter = EVERY, audience: Audience | None = None) -> list[Task]:
        """All tasks, by number."""
        everything = audience or Audience(self.ann.member_id, frozenset(), everything=True)
        async with self.transactions.read() as work:
            return [task async for chunk in work.of(TASKS).stream(wanted, everything) for task in chunk]

    async def add(self, *tasks: Task) -> None:
        async with self.transactions.write() as work:
            await work.of(TASKS).reserve_numbers(len(tasks))
            work.of(TASKS).add_all(tasks)
            await work.commit()

    async def read(self, file: StoredFile | None) -> bytes:
        """The bytes of a file, read as its author."""
        assert file is not None
        audience = Audience(file.author_id, frozenset())
        _, chunks = await self.files.open(file.id, audience)
        return b"".join([chunk async for chunk in chunks])

    async def export(self, kind: ExportFormat = ExportFormat.CSV, wanted: TaskFilter = EVERY) -> bytes:
        return await self.read((await self.exported(kind, wanted)).file)

    async def exported(self, kind: ExportFormat, wanted: TaskFilter = EVERY, actor: Actor | None = None) -> Exported:
        who = actor or self.ann

        def stream(work: UnitOfWork) -> AsyncIterator[Sequence[Task]]:
            return work.of(TASKS).stream(wanted, self.audience(who))

        return await Export(self.tools, TASK_SHEET).run(who, self.audience(who), stream, kind)

    async def undo(self, imported: Imported[Task], actor: Actor | None = None) -> ImportUndone:
        return await ImportUndo(self.tools, TASK_SHEET).run(ASKED, actor or self.ann, await self.undo_entry(imported))

    async def undo_entry(self, imported: Imported[Task]) -> UndoEntry:
        async with self.transactions.read() as work:
            entry = await work.undo.get(imported.undo_id)
        assert entry is not None
        return entry


async def in_pieces(data: bytes, size: int = 4096) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


@asynccontextmanager
async def open_desk(folder: Path, files_url: str = "memory:///") -> AsyncIterator[Desk]:
    """Open a desk whose database lies in that folder."""
    clock = HeldClock()
    storage = await make_storage(folder, clock=clock)
    try:
        async with open_workbooks(folder) as workbooks:
            yield await _furnished(storage, open_file_store(files_url, folder), workbooks, clock)
    finally:
        await storage.close()


async def _furnished(storage: SqlStorage, store: ObjectFileStore, workbooks: Workbooks, clock: HeldClock) -> Desk:
    workspace = await storage.system.ensure_default_workspace(zone=ZONE, currency="EUR", locale="en", at=NOW)
    space = await storage.system.ensure_space(workspace.id, Platform.WEB, "console", "Console", NOW)
    transactions = storage.workspace(workspace.id)
    async with transactions.write() as work:
        people = [await work.members.add(name, Role.MEMBER, at=NOW) for name in ("Ann Lee", "Ben", "Cid, Jr.")]
        kinds = {"general": ChannelKind.PUBLIC, "shop": ChannelKind.PUBLIC, "secret": ChannelKind.PRIVATE}
        channels = {name: await work.channels.ensure(space.id, name, name, kind, NOW) for name, kind in kinds.items()}
        await work.commit()
    here = channels["general"]
    ann, ben = (
        Actor(
            workspace.id, member, name, Role.MEMBER, ZONE, "en", Platform.WEB, space.id, here.id, "general",
            ChannelKind.PUBLIC,
        )
        for member, name in zip(people, ("Ann Lee", "Ben"), strict=False)
    )  # fmt: skip
    return Desk(storage, store, clock, workbooks, transactions, ann, ben, channels)
