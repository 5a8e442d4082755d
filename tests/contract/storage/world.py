"""Two workspaces with people and channels, and short ways to say what a test is about."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.chat.request import ChannelKind, Platform
from core.people.model import Identity, Role
from core.ports.storage import Storage, UnitOfWork
from core.tasks.model import Priority, Status, Task
from core.tasks.repository import TASKS
from core.workspaces.model import Audience, Channel, Space

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)


@dataclass
class Place:
    """A workspace: Ann and Ben are in it; `general` is public, `board` private, `direct` Ann's direct messages."""

    storage: Storage
    id: int
    space: Space
    ann: int
    ben: int
    general: Channel
    board: Channel
    direct: Channel

    @property
    def public(self) -> Audience:
        """Return what Ben may see, who is in no private channel."""
        return Audience(self.ben, frozenset())

    @property
    def everything(self) -> Audience:
        """Return what an admin may see."""
        return Audience(self.ben, frozenset(), everything=True)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work that commits if nothing is raised."""
        async with self.storage.workspace(self.id).write() as work:
            yield work
            await work.commit()

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work that reads."""
        return self.storage.workspace(self.id).read()

    def task(self, number: int = 0, **fields: Any) -> Task:
        """Return a task of Ann's in `general`; number 0 is given a fresh one by `add`."""
        task = Task(
            number=number,
            title=f"Task {number}",
            notes="",
            status=Status.PENDING,
            priority=Priority.MEDIUM,
            due=None,
            channel_id=self.general.id,
            author_id=self.ann,
            assignees=(),
            origin="",
            created_at=NOON,
        )
        return replace(task, **fields)

    async def add(self, *tasks: Task) -> list[Task]:
        """Store tasks and return them with their numbers."""
        stored = []
        async with self.writing() as work:
            first = await work.of(TASKS).reserve_numbers(len(tasks)) if tasks else 0
            for index, task in enumerate(tasks):
                stored.append(replace(task, number=task.number or first + index))
                work.of(TASKS).add(stored[-1])
        return stored

    async def find(self, number: int) -> Task | None:
        """Return a task as it is stored."""
        async with self.reading() as work:
            return await work.of(TASKS).find(number)


async def build_place(storage: Storage, name: str) -> Place:
    """Make a workspace."""
    system = storage.system
    workspace = await system.create_workspace(name, zone="Europe/Berlin", currency="EUR", locale="de", at=NOON)
    space = await system.ensure_space(workspace.id, Platform.SLACK, f"T-{name}", name.title(), NOON)
    async with storage.workspace(workspace.id).write() as work:
        ann = await work.members.add("Ann", Role.OWNER, at=NOON)
        ben = await work.members.add("Ben", Role.MEMBER, at=NOON)
        await work.members.add_identity(Identity(Platform.SLACK, space.id, "U-ann", ann))
        channels = [
            await work.channels.ensure(space.id, f"C-{kind.value}", kind.value, kind, NOON)
            for kind in (ChannelKind.PUBLIC, ChannelKind.PRIVATE, ChannelKind.DIRECT)
        ]
        await work.commit()
    return Place(storage, workspace.id, space, ann, ben, *channels)
