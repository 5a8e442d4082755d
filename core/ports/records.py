"""What is kept beside the domain's own data: actions, undo entries, posts, events, audit, operations, files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from core.chat.reply import Action, Reply
from core.shared.events import Event
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from core.files.model import StoredFile


class ActionRepository(Protocol):
    """Stored actions."""

    def add(self, set_id: str, actions: Sequence[Action], *, channel_id: int, expires_at: datetime) -> None:
        """Keep the actions of one reply under `set_id`; their ids and their choices' ids are set already.

        Ids are `set_id.n` for an action and `set_id.n.m` for its m-th choice.
        """
        ...

    async def keep(self, set_id: str, actions: Sequence[Action], *, channel_id: int, expires_at: datetime) -> None:
        """Keep the actions of a message that is edited again and again, in place of those it had; none forgets them."""
        ...


@value_object
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


@value_object
class Post:
    """A reply to be posted: to a channel or to a member's direct messages (falling back to the channel), by our ids.

    `schedule` is the number of the one that made it, if one did.
    """

    reply: Reply
    channel_id: int | None = None
    member_id: int | None = None
    schedule: int = 0


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


@value_object
class AuditEntry:
    """Who ran what, when and where: the command's name without its arguments, what it touched, an override if used."""

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


@value_object
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

    def add(self, file: "StoredFile") -> None:
        """Keep a file's description."""
        ...

    async def get(self, file_id: str) -> "StoredFile | None":
        """Return a file's description."""
        ...
