"""Storage above workspaces: spaces, installations, deliveries, and the relay's side of the outbox."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from core.chat.actions import StoredAction
from core.chat.reply import Reply
from core.chat.request import Platform
from core.ports.kept import Kept
from core.ports.records import Operation, Post
from core.shared.value_objects import value_object
from core.workspaces.model import Installation, InstallationStatus, Space, Workspace

if TYPE_CHECKING:
    from core.boards.model import Board
    from core.chat.rewriting import Rewriting
    from core.jobs.model import JobCount, JobState
    from core.ports.jobs import JobRef
    from core.transfer.model import Import


class OutboxState(StrEnum):
    """Where a post stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@value_object
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

    async def claim(self, now: datetime, limit: int, without: Collection[int] = ()) -> Sequence[OutboxItem]:
        """Return the oldest due post of each destination and mark them as being sent, but not those of some workspaces.

        Posts behind an unfinished one of the same destination wait. An item claimed before whose outcome was never
        recorded comes back with state SENDING once it is due again. One that can't be read is given up.
        """
        ...

    async def sent(self, item_id: str, external_id: str, at: datetime, rest: timedelta = timedelta(0)) -> None:
        """Record that a post arrived; the next one to its destination is due after `rest` at the earliest."""
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

    async def lost_before(self, item_id: str, limit: int) -> Sequence[Post]:
        """Return what was given up before a post for the same destination, since the last one that arrived there.

        No further back than so many posts.
        """
        ...

    async def backlog(self) -> tuple[int, datetime | None]:
        """Return how many posts wait or are under way, and when the oldest of them was queued."""
        ...

    async def put_right(self, now: datetime) -> int:
        """Let nothing wait for longer than a post ever does, after the clock was put back; return how much did."""
        ...

    async def recover(self, now: datetime) -> int:
        """Make posts that a dead process was sending due at once, still in doubt; return how many.

        Only for the one process that there is: another one's posts under way would be sent twice.
        """
        ...


@value_object
class Ahead:
    """What is to be done, over all workspaces: jobs that are not over, and schedules, some of them due, or late."""

    jobs: "Sequence[JobCount]"
    schedules: int = 0
    due: int = 0
    late: int = 0


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

    async def ensure_space(
        self, workspace_id: int, platform: Platform, external_id: str, name: str, at: datetime
    ) -> Space:
        """Return the space, made in that workspace if it is new; an existing one stays where it is."""
        ...

    async def move_space(self, space_id: int, workspace_id: int, at: datetime) -> bool:
        """Move a space that has no data yet to another workspace; tell whether it could be moved."""
        ...

    async def code(self, digest: str, purpose: str, now: datetime) -> tuple[int, int] | None:
        """Return the workspace and member of a one-time code that can still be used, without spending it."""
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

    async def set_installation_status(
        self, space_id: int, status: InstallationStatus, reason: str, at: datetime
    ) -> None:
        """Enable or disable a space's installation."""
        ...

    async def action(self, action_id: str, now: datetime) -> StoredAction | None:
        """Return a stored action or choice by its opaque id unless it is expired."""
        ...

    async def delivered(self, delivery_id: str) -> Reply | None:
        """Return what a delivery was answered with, if it was."""
        ...

    async def due(self, kept: Kept[Any], now: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Return what is to remind people of what an area keeps, by workspace and number, the longest due first."""
        ...

    async def held_reminders(self, now: datetime) -> Sequence[int]:
        """Return the workspaces in which reminders have waited long enough for the end of quiet hours."""
        ...

    async def due_schedules(self, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Return the schedules whose time has come, by workspace and number, the longest due first.

        Workspaces that have some of the same time take turns.
        """
        ...

    async def schedules_ahead(self, now: datetime) -> Sequence[tuple[int, int]]:
        """Return the schedules that were made or dealt with later than it is now, by workspace and number."""
        ...

    async def next_schedule(self) -> datetime | None:
        """Return when the time of a schedule comes next, or came; None if there is nothing to come."""
        ...

    async def imports_under_way(self) -> "Sequence[tuple[int, Import]]":
        """Return every import, or undo of one, that is not over, with its workspace."""
        ...

    async def jobs_open(self, state: "JobState", limit: int) -> "Sequence[tuple[JobRef, bool]]":
        """Return the jobs that are queued, or that run, and of each whether somebody may be waiting for it.

        Those that somebody may be waiting for come first, and of them the oldest.
        """
        ...

    async def to_do(self, now: datetime, late_before: datetime) -> Ahead:
        """Count what is to be done; schedules whose time came before `late_before` are late."""
        ...

    async def boards(self) -> "Sequence[Board]":
        """Return every board, of all workspaces."""
        ...

    async def leave_no_name(self, workspace_id: int, member_id: int) -> None:
        """Take a member's name and address out of what was answered, in small transactions; nothing else is changed."""
        ...

    async def rewrite(self, workspace_id: int, way: "Rewriting") -> None:
        """Put what was answered in other words, in small transactions; nothing else is changed."""
        ...

    async def record_operations(self, operations: Sequence[Operation]) -> None:
        """Append to the operation log."""
        ...

    async def files_before(self, before: datetime, limit: int) -> Sequence[tuple[int, str]]:
        """Return stored files that were made before an instant, by workspace and id."""
        ...

    async def forget_files(self, files_: Sequence[tuple[int, str]]) -> None:
        """Remove what is known of files, by workspace and id, once their bytes are gone."""
        ...

    async def purge(
        self,
        *,
        deliveries_before: datetime,
        outbox_before: datetime,
        operations_before: datetime,
        events_before: datetime,
        now: datetime,
    ) -> int:
        """Remove what retention no longer keeps, expired buttons, undo entries and codes too; return the count.

        It is done in small transactions, so that nobody waits long for the write lock. The audit trail stays.
        """
        ...
