"""Storage: units of work bound to one workspace, the transaction of a request, and the few things above workspaces."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.chat.reply import Action, Reply
from core.chat.request import Platform
from core.files.model import StoredFile
from core.messages.repository import MessageRepository
from core.people.repository import MemberRepository
from core.shared.errors import QuartermasterError
from core.shared.events import Event
from core.tasks.model import Task
from core.tasks.repository import TaskRepository
from core.workspaces.model import Installation, InstallationStatus, Space, Workspace
from core.workspaces.repository import ChannelRepository, CodeRepository, SettingsRepository


class AlreadyDeliveredError(QuartermasterError):
    """The delivery was answered before; `reply` is what it was answered with."""

    code = "already_delivered"

    def __init__(self, reply: Reply) -> None:
        """Keep the first reply."""
        super().__init__()
        self.reply = reply


class StorageUnavailableError(QuartermasterError):
    """The database can't be reached or has no connection free within the time allowed."""

    code = "storage_unavailable"


@dataclass(frozen=True, slots=True)
class StoredAction:
    """A pressed button as stored: the action with its command, whose workspace, in which channel, until when."""

    id: str
    action: Action
    command: str
    workspace_id: int
    expires_at: datetime


class ActionRepository(Protocol):
    """Stored actions."""

    def add(self, set_id: str, actions: Sequence[Action], *, channel_id: int, expires_at: datetime) -> None:
        """Keep the actions of one reply under `set_id`; their ids and their choices' ids are set already.

        Ids are `set_id.n` for an action and `set_id.n.m` for its m-th choice.
        """
        ...


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """What takes a change back: the `kind` names the service's inverse, `payload` is JSON-ready data for it.

    `command` is the command that was run (`task done`): besides its author, whoever may run it may undo it.
    """

    id: str
    author_id: int
    channel_id: int
    command: str
    kind: str
    payload: Mapping[str, object]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class UndoRepository(Protocol):
    """Undo entries."""

    def add(self, entry: UndoEntry) -> None:
        """Keep an entry."""
        ...

    async def get(self, entry_id: str) -> UndoEntry | None:
        """Return an entry, expired or used ones too."""
        ...

    async def latest(self, author_id: int, now: datetime) -> UndoEntry | None:
        """Return the newest entry of a member that is neither used nor expired."""
        ...

    async def use(self, entry_id: str, at: datetime) -> bool:
        """Mark an entry as used and tell whether it was unused."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """A reply to be posted: to a channel or to a member's direct messages (falling back to the channel), by our ids."""

    reply: Reply
    channel_id: int | None = None
    member_id: int | None = None


class OutboxRepository(Protocol):
    """Posts that leave after the commit."""

    def add(self, post: Post, at: datetime) -> None:
        """Queue a post; posts of one destination are delivered in order."""
        ...


class EventRepository(Protocol):
    """The record of what happened."""

    def record(self, event: Event) -> None:
        """Keep an event in the transaction."""
        ...


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who ran what, when and where: the command's name without its arguments, the numbers it touched, an override if used."""

    at: datetime
    member_id: int
    channel_id: int
    command: str
    target: str
    override: bool = False


class AuditRepository(Protocol):
    """The audit trail."""

    def add(self, entry: AuditEntry) -> None:
        """Append an entry."""
        ...

    async def latest(self, limit: int) -> Sequence[AuditEntry]:
        """Return the newest entries first."""
        ...


@dataclass(frozen=True, slots=True)
class Operation:
    """One run of a command for the operation log (no arguments, no content); `error` is an error's code or empty."""

    workspace_id: int
    member_id: int | None
    command: str
    started_at: datetime
    ended_at: datetime
    error: str
    reference: str


class OperationRepository(Protocol):
    """The operation log, for reading."""

    async def latest(self, limit: int, *, failed_only: bool = False) -> Sequence[Operation]:
        """Return the newest operations first."""
        ...


class FileRepository(Protocol):
    """What is known of stored files."""

    def add(self, file: StoredFile) -> None:
        """Keep a file's description."""
        ...

    async def get(self, file_id: str) -> StoredFile | None:
        """Return a file's description."""
        ...


class UnitOfWork(Protocol):
    """One transaction on one workspace's data. Without `commit()` everything is rolled back."""

    @property
    def workspace_id(self) -> int:
        """Return the workspace that every query is bound to."""
        ...

    @property
    def tasks(self) -> TaskRepository: ...
    @property
    def members(self) -> MemberRepository: ...
    @property
    def channels(self) -> ChannelRepository: ...
    @property
    def settings(self) -> SettingsRepository: ...
    @property
    def codes(self) -> CodeRepository: ...
    @property
    def messages(self) -> MessageRepository: ...
    @property
    def files(self) -> FileRepository: ...
    @property
    def actions(self) -> ActionRepository: ...
    @property
    def undo(self) -> UndoRepository: ...
    @property
    def outbox(self) -> OutboxRepository: ...
    @property
    def events(self) -> EventRepository: ...
    @property
    def audit(self) -> AuditRepository: ...
    @property
    def operations(self) -> OperationRepository: ...

    async def commit(self) -> None:
        """Make everything done here permanent; within a request, together with its reply when the request settles."""
        ...


class Transactions(Protocol):
    """Units of work of one workspace."""

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work that may write; leaving it without `commit()` rolls back."""
        ...


class RequestTransactions(Transactions, Protocol):
    """The units of work of one request, joined: what they wrote becomes permanent at once when the request settles.

    The first write keeps the delivery id; a repeated one raises `AlreadyDeliveredError` there.
    """

    @property
    def changed(self) -> bool:
        """Tell whether a unit of work has committed, so that there is something to settle."""
        ...

    async def settle(self, reply: Reply) -> None:
        """Keep the reply as the delivery's result and commit."""
        ...

    async def abandon(self) -> None:
        """Roll everything back; harmless after `settle`."""
        ...


class OutboxState(StrEnum):
    """Where a post stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A queued post as the relay sees it; `state` SENDING means that an earlier attempt's outcome is unknown."""

    id: str
    workspace_id: int
    post: Post
    state: OutboxState
    attempts: int
    created_at: datetime


class OutboxQueue(Protocol):
    """The relay's side of the outbox, over all workspaces."""

    async def claim(self, now: datetime, limit: int) -> Sequence[OutboxItem]:
        """Return the oldest due post of each destination and mark them as being sent.

        Posts behind an unfinished one of the same destination wait. An item claimed before whose outcome was never
        recorded comes back with state SENDING once it is due again.
        """
        ...

    async def sent(self, item_id: str, external_id: str, at: datetime) -> None:
        """Record that a post arrived."""
        ...

    async def retry(self, item_id: str, at: datetime, reason: str) -> None:
        """Put a post that surely was not taken back in line, due at `at`."""
        ...

    async def unknown(self, item_id: str, at: datetime) -> None:
        """Leave a post in doubt, to be looked for again at `at`."""
        ...

    async def failed(self, item_id: str, reason: str, at: datetime) -> None:
        """Give a post up; `reason` is a stable word."""
        ...

    async def recover(self, now: datetime) -> int:
        """After a start: make posts that a dead process was sending due at once, still in doubt; return how many."""
        ...


class SystemStore(Protocol):
    """What concerns no single workspace, or comes before one is known."""

    async def ensure_default_workspace(self, *, zone: str, currency: str, locale: str, at: datetime) -> Workspace:
        """Return the workspace `default`, made on first call."""
        ...

    async def create_workspace(self, name: str, *, zone: str, currency: str, locale: str, at: datetime) -> Workspace:
        """Make a workspace."""
        ...

    async def workspace(self, name: str) -> Workspace | None:
        """Return a workspace by name."""
        ...

    async def workspaces(self) -> Sequence[Workspace]:
        """Return every workspace."""
        ...

    async def spaces(self) -> Sequence[Space]:
        """Return every space."""
        ...

    async def ensure_space(self, workspace_id: int, platform: Platform, external_id: str, name: str, at: datetime) -> Space:
        """Return the space, made in that workspace if it is new; an existing one stays where it is."""
        ...

    async def move_space(self, space_id: int, workspace_id: int, at: datetime) -> bool:
        """Move a space that has no data yet to another workspace; tell whether it could be moved."""
        ...

    async def use_code(self, digest: str, purpose: str, now: datetime) -> tuple[int, int] | None:
        """Spend a one-time code and return its workspace and member, or None if unknown, spent or expired."""
        ...

    async def installations(self) -> Sequence[Installation]:
        """Return every installation, tokens opened."""
        ...

    async def save_installation(self, installation: Installation) -> None:
        """Add or replace a space's installation, its token sealed."""
        ...

    async def set_installation_status(self, space_id: int, status: InstallationStatus, reason: str, at: datetime) -> None:
        """Enable or disable a space's installation."""
        ...

    async def action(self, action_id: str, now: datetime) -> StoredAction | None:
        """Return a stored action or choice by its opaque id unless it is expired."""
        ...

    async def delivered(self, delivery_id: str) -> Reply | None:
        """Return what a delivery was answered with, if it was."""
        ...

    async def keep_delivery(self, delivery_id: str, workspace_id: int, at: datetime) -> bool:
        """Keep a platform event's delivery id before it is acknowledged; tell whether it is new."""
        ...

    async def due_reminders(self, now: datetime, limit: int) -> Sequence[tuple[int, Task]]:
        """Return tasks to be reminded of, with their workspaces, the longest due first."""
        ...

    async def record_operations(self, operations: Sequence[Operation]) -> None:
        """Append to the operation log."""
        ...

    async def purge(self, *, deliveries_before: datetime, outbox_before: datetime, now: datetime) -> int:
        """Remove what retention no longer keeps (expired actions, undo entries and codes too); return the rows removed."""
        ...


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit made true, for those who watch: its events, whether posts wait, which console channels moved."""

    workspace_id: int
    events: Sequence[Event]
    has_posts: bool
    channels: frozenset[int]


@dataclass(frozen=True, slots=True)
class StorageStatistics:
    """The pool: connections in all and in use, units of work waiting, served and failed."""

    size: int
    in_use: int
    waiting: int
    served: int
    errors: int


class Storage(Protocol):
    """A database behind its units of work."""

    @property
    def system(self) -> SystemStore: ...
    @property
    def outbox(self) -> OutboxQueue: ...

    def workspace(self, workspace_id: int) -> Transactions:
        """Return the units of work of a workspace."""
        ...

    def request(self, workspace_id: int, delivery_id: str) -> RequestTransactions:
        """Return the joined units of work of one request; an empty delivery id is not kept."""
        ...

    def watch(self, watcher: Callable[[Committed], None]) -> None:
        """Call `watcher` on the event loop after each commit; it must not block or raise."""
        ...

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        ...

    async def ping(self) -> None:
        """Return when the database answers; raises `StorageUnavailableError` when it does not in time."""
        ...

    async def close(self) -> None:
        """Finish what is under way and give every connection back."""
        ...
