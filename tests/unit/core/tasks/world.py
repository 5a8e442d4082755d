"""A workspace on a database of its own, with people, channels and the services of tasks."""

from dataclasses import dataclass, field

from bot.commands.tasks.area import TASK_REMINDERS
from bot.texts.tasks.notices import TaskNotices
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.people.model import Identity, Role
from core.ports.storage import Committed, OutboxItem, Storage, UndoEntry
from core.reminders.timer import Reminding
from core.shared.events import Event
from core.tasks.model import Task
from core.tasks.repository import TASKS
from core.tasks.requests import NewTask
from core.tasks.results import Change
from core.tasks.service import TaskService
from core.workspaces.model import Audience
from tests.support.clock import NOON, HeldClock
from tests.support.storage import make_storage

"""A Friday."""
BERLIN = "Europe/Berlin"


@dataclass
class World:
    """Ann, Ben and Cat; `general` is public, `board` a private channel that Ann is in."""

    storage: Storage
    workspace_id: int
    people: dict[str, int]
    channels: dict[str, int]
    space_id: int
    clock: HeldClock
    events: list[Event] = field(default_factory=list)

    @classmethod
    async def open(cls) -> "World":
        """Make the workspace on a fresh database."""
        clock = HeldClock()
        storage = await make_storage(clock=clock)
        workspace = await storage.system.ensure_default_workspace(zone=BERLIN, currency="EUR", locale="en", at=NOON)
        space = await storage.system.ensure_space(workspace.id, Platform.WEB, "console", "Console", NOON)
        people: dict[str, int] = {}
        channels: dict[str, int] = {}
        async with storage.workspace(workspace.id).write() as work:
            for name in ("Ann", "Ben", "Cat"):
                people[name] = await work.members.add(name, Role.MEMBER, at=NOON)
                await work.members.add_identity(Identity(Platform.WEB, space.id, name.lower(), people[name]))
            for name, kind in (("general", ChannelKind.PUBLIC), ("board", ChannelKind.PRIVATE)):
                channels[name] = (await work.channels.ensure(space.id, f"C-{name}", name, kind, NOON)).id
            await work.commit()
        world = cls(storage, workspace.id, people, channels, space.id, clock)
        storage.watch(world._hear)
        return world

    def _hear(self, committed: Committed) -> None:
        self.events.extend(committed.events)

    @property
    def tasks(self) -> TaskService:
        """Return a service as a request has it."""
        return TaskService(self.storage.workspace(self.workspace_id), self.clock, TaskNotices())

    @property
    def reminders(self) -> Reminding:
        """Return the reminders as the timer has them."""
        return Reminding(self.storage, self.clock, [TASK_REMINDERS])

    def actor(self, name: str = "Ann", channel: str = "general") -> Actor:
        """Return a person in a channel."""
        kind = ChannelKind.PRIVATE if channel == "board" else ChannelKind.PUBLIC
        return Actor(
            self.workspace_id,
            self.people[name],
            name,
            Role.MEMBER,
            BERLIN,
            "en",
            Platform.WEB,
            self.space_id,
            self.channels[channel],
            channel,
            kind,
        )

    def sees(self, name: str = "Ann", *channels: str) -> Audience:
        """Return what a person sees who is in these private channels."""
        return Audience(self.people[name], frozenset(self.channels[channel] for channel in channels))

    async def add(self, title: str = "Buy milk", channel: str = "general", by: str = "Ann", **more: object) -> Task:
        """Add a task."""
        change = await self.tasks.add(self.actor(by, channel), NewTask(title, **more))  # type: ignore[arg-type]
        return change.task

    async def suggested(self, typed: str) -> list[int]:
        """Return the numbers of the tasks that completion offers Ann."""
        async with self.storage.workspace(self.workspace_id).read() as work:
            return [task.number for task in await work.of(TASKS).suggest(typed, self.sees())]

    async def stored(self, number: int) -> Task | None:
        """Return a task whatever its state."""
        async with self.storage.workspace(self.workspace_id).read() as work:
            return await work.of(TASKS).find(number)

    async def entry(self, change: Change) -> UndoEntry:
        """Return the undo entry of a change."""
        async with self.storage.workspace(self.workspace_id).read() as work:
            entry = await work.undo.get(change.undo_id)
        assert entry is not None
        return entry

    async def posts(self) -> list[OutboxItem]:
        """Take every post that waits, as the relay does."""
        found: list[OutboxItem] = []
        while items := await self.storage.outbox.claim(self.clock.now(), 50):
            for item in items:
                await self.storage.outbox.sent(item.id, "sent", self.clock.now())
            found.extend(items)
        return found

    def kinds(self) -> list[str]:
        """Return the kinds of the events so far."""
        return [event.kind for event in self.events]
