"""Storage: units of work bound to one workspace, and the transaction of a request."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol, TypeVar

from core.chat.reply import Reply
from core.ports.kept import Kept
from core.ports.leases import Leases
from core.ports.records import (
    ActionRepository,
    AuditEntry,
    AuditRepository,
    EventRepository,
    FileRepository,
    Operation,
    OperationRepository,
    OutboxRepository,
    Post,
    UndoEntry,
    UndoRepository,
)
from core.ports.system import OutboxItem, OutboxQueue, OutboxState, SystemStore
from core.shared.errors import QuartermasterError
from core.shared.events import Event
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    # Whoever asks for one of them loads it; everybody knows this module.
    from core.boards.repository import BoardRepository
    from core.history.repository import ChangeRepository, CommentRepository
    from core.jobs.repository import JobRepository
    from core.messages.repository import MessageRepository
    from core.people.repository import MemberRepository
    from core.transfer.repository import ImportRepository
    from core.workspaces.repository import ChannelRepository, CodeRepository, SettingsRepository

__all__ = [
    "OUTCOME_UNKNOWN",
    "ActionRepository",
    "AlreadyDeliveredError",
    "AuditEntry",
    "AuditRepository",
    "Committed",
    "EventRepository",
    "FileRepository",
    "Latencies",
    "Operation",
    "OperationRepository",
    "OutboxItem",
    "OutboxQueue",
    "OutboxRepository",
    "OutboxState",
    "Post",
    "RequestTransactions",
    "Storage",
    "StorageStatistics",
    "StorageUnavailableError",
    "SystemStore",
    "Transactions",
    "UndoEntry",
    "UndoRepository",
    "UnitOfWork",
]


R = TypeVar("R")


class AlreadyDeliveredError(QuartermasterError):
    """The delivery was answered before; `reply` is what it was answered with."""

    code = "already_delivered"

    def __init__(self, reply: Reply) -> None:
        """Keep the first reply."""
        super().__init__()
        self.reply = reply


OUTCOME_UNKNOWN = "outcome_unknown"
"""The reason when the connection was lost during a commit: it may have been made or not."""


class StorageUnavailableError(QuartermasterError):
    """The database can't be reached or has no connection free within the time allowed; `reason` is a stable word."""

    code = "storage_unavailable"

    def __init__(self, reason: str = "busy") -> None:
        """Keep the word.

        It is one of `busy`, `locked`, `disk_full`, `read_only`, `damaged`, `cannot_open`, `cannot_connect`,
        `connection_lost`, `wrong_password`, `no_database`, `no_driver`, `not_allowed`, and the like; of what it names
        nothing was changed, except for `OUTCOME_UNKNOWN`.
        """
        super().__init__(reason)
        self.reason = reason


class UnitOfWork(Protocol):
    """One transaction on one workspace's data. Without `commit()` everything is rolled back."""

    @property
    def workspace_id(self) -> int:
        """Return the workspace that every query is bound to."""
        ...

    def of(self, kept: Kept[R]) -> R:
        """Return what an area keeps."""
        ...

    @property
    def boards(self) -> "BoardRepository":
        """Return the boards."""
        ...

    @property
    def members(self) -> "MemberRepository":
        """Return the members."""
        ...

    @property
    def channels(self) -> "ChannelRepository":
        """Return the channels."""
        ...

    @property
    def settings(self) -> "SettingsRepository":
        """Return the workspace's own row."""
        ...

    @property
    def codes(self) -> "CodeRepository":
        """Return one-time codes."""
        ...

    @property
    def messages(self) -> "MessageRepository":
        """Return the console's messages."""
        ...

    @property
    def files(self) -> FileRepository:
        """Return what is known of stored files."""
        ...

    @property
    def imports(self) -> "ImportRepository":
        """Return the imports under way or lately over."""
        ...

    @property
    def jobs(self) -> "JobRepository":
        """Return the jobs, which any area starts."""
        ...

    @property
    def actions(self) -> ActionRepository:
        """Return stored actions."""
        ...

    @property
    def undo(self) -> UndoRepository:
        """Return undo entries."""
        ...

    @property
    def outbox(self) -> OutboxRepository:
        """Return posts that leave after the commit."""
        ...

    @property
    def events(self) -> EventRepository:
        """Return the record of what happened."""
        ...

    @property
    def changes(self) -> "ChangeRepository":
        """Return the histories of things."""
        ...

    @property
    def comments(self) -> "CommentRepository":
        """Return what people said about things."""
        ...

    @property
    def audit(self) -> AuditRepository:
        """Return the audit trail."""
        ...

    @property
    def operations(self) -> OperationRepository:
        """Return the operation log."""
        ...

    def laid_out(self) -> "Callable[[UnitOfWork], None]":
        """Take what waits to be added and lay it out for the database; return what adds it to another unit of work.

        That is one of the same workspace. Any thread may do this, and nobody waits for it: this one need never begin.
        """
        ...

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
        """Tell whether a unit of work has committed, so that there is something to settle, or to refuse to."""
        ...

    async def settle(self, reply: Reply) -> None:
        """Keep the reply as the delivery's result and commit."""
        ...

    async def abandon(self) -> None:
        """Roll everything back; harmless after `settle`."""
        ...


@value_object
class Committed:
    """What a commit made true, for those who watch: its events, and which console channels moved.

    It may be that posts wait, or jobs.
    """

    workspace_id: int
    events: Sequence[Event]
    has_posts: bool
    channels: frozenset[int]
    has_jobs: bool = False


@value_object
class Latencies:
    """Seconds within which half, 95 % and 99 % of the latest units of work were done, from first statement to end."""

    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0


@value_object
class StorageStatistics:
    """The pool: connections in all and in use, units of work waiting, served and failed, and how long they take."""

    size: int
    in_use: int
    waiting: int
    served: int
    errors: int
    latency: Latencies


class Storage(Protocol):
    """A database behind its units of work."""

    @property
    def system(self) -> SystemStore:
        """Return what concerns no single workspace."""
        ...

    @property
    def outbox(self) -> OutboxQueue:
        """Return the relay's side of the outbox."""
        ...

    def workspace(self, workspace_id: int) -> Transactions:
        """Return the units of work of a workspace."""
        ...

    def request(self, workspace_id: int, delivery_id: str) -> RequestTransactions:
        """Return the joined units of work of one request; an empty delivery id is not kept."""
        ...

    @property
    def leases(self) -> Leases:
        """Return the leases of this process."""
        ...

    @property
    def is_shared(self) -> bool:
        """Tell whether processes may serve from this database side by side; a file is one process's at a time."""
        ...

    @property
    def commits(self) -> int:
        """Return how many commits the watchers have been told of: who counts their own knows whether others write."""
        ...

    def watch(self, watcher: Callable[[Committed], None], missed: Callable[[], None] | None = None) -> None:
        """Call `watcher` on the event loop after each commit; it must not block or raise.

        After `follow` it is told of other processes' commits too, soon, and sometimes more than once. `missed` is
        called when some of those can't be told: anything may have changed.
        """
        ...

    def follow(self) -> None:
        """Tell the watchers of other processes' commits too, from now on until this is closed."""
        ...

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        ...

    async def ping(self) -> None:
        """Return when the database answers; raises `StorageUnavailableError` when it does not in time."""
        ...

    async def check(self) -> None:
        """Return when the database can be read and written; raises `StorageUnavailableError` when it can't be."""
        ...

    async def close(self) -> None:
        """Finish what is under way and give every connection back."""
        ...
