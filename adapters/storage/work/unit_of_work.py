"""The unit of work: every repository of one workspace on one transaction.

A repository that few units of work need is loaded, with its tables, by the first that asks for it: a line typed into a
shell should not wait for those of areas that it is not about.
"""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from adapters.storage.repositories.people.members import Members
from adapters.storage.repositories.records import Audit, Events, Operations, Outbox
from adapters.storage.repositories.requests import Actions, UndoEntries
from adapters.storage.repositories.workspaces.channels import Channels
from adapters.storage.repositories.workspaces.workspace import Codes, Settings
from adapters.storage.work.placed import Repositories
from adapters.storage.work.transaction import Transaction
from core.ports.kept import Kept
from core.ports.storage import UnitOfWork

if TYPE_CHECKING:
    from adapters.storage.repositories.boards.boards import Boards
    from adapters.storage.repositories.files.files import Files
    from adapters.storage.repositories.history.changes import Changes
    from adapters.storage.repositories.history.comments import Comments
    from adapters.storage.repositories.messages.messages import Messages
    from adapters.storage.repositories.transfer.imports import Imports
    from core.jobs.repository import JobRepository

Commit = Callable[[], Awaitable[None]]
JOBS: "Kept[JobRepository]" = Kept("jobs")

R = TypeVar("R")


class SqlUnitOfWork:
    """The repositories, made when first used, and the commit that belongs to them."""

    def __init__(self, transaction: Transaction, commit: Commit, areas: Repositories) -> None:
        """Work in a transaction; what `commit` means is decided by whoever opened it."""
        self._transaction = transaction
        self._commit = commit
        self._areas = areas
        self._made: dict[Kept[Any], object] = {}

    @property
    def workspace_id(self) -> int:
        """Return the workspace that every query is bound to."""
        return self._transaction.workspace_id

    def of(self, kept: Kept[R]) -> R:
        """Return what an area keeps."""
        made = self._made.get(kept)
        if made is None:
            made = self._made[kept] = self._areas[kept](self._transaction)
        return cast("R", made)

    @cached_property
    def boards(self) -> "Boards":
        """Return the boards."""
        from adapters.storage.repositories.boards.boards import Boards

        return Boards(self._transaction)

    @cached_property
    def members(self) -> Members:
        """Return the members."""
        return Members(self._transaction)

    @cached_property
    def channels(self) -> Channels:
        """Return the channels."""
        return Channels(self._transaction)

    @cached_property
    def settings(self) -> Settings:
        """Return the workspace's own row."""
        return Settings(self._transaction)

    @cached_property
    def codes(self) -> Codes:
        """Return the one-time codes."""
        return Codes(self._transaction)

    @cached_property
    def messages(self) -> "Messages":
        """Return the console's messages."""
        from adapters.storage.repositories.messages.messages import Messages

        return Messages(self._transaction)

    @cached_property
    def files(self) -> "Files":
        """Return what is known of files."""
        from adapters.storage.repositories.files.files import Files

        return Files(self._transaction)

    @cached_property
    def imports(self) -> "Imports":
        """Return the imports under way or lately over."""
        from adapters.storage.repositories.transfer.imports import Imports

        return Imports(self._transaction)

    @property
    def jobs(self) -> "JobRepository":
        """Return the jobs, which any area starts."""
        return self.of(JOBS)

    @cached_property
    def actions(self) -> Actions:
        """Return the stored actions."""
        return Actions(self._transaction)

    @cached_property
    def undo(self) -> UndoEntries:
        """Return the undo entries."""
        return UndoEntries(self._transaction)

    @cached_property
    def outbox(self) -> Outbox:
        """Return the posts to leave after the commit."""
        return Outbox(self._transaction)

    @cached_property
    def events(self) -> Events:
        """Return the record of what happened."""
        return Events(self._transaction)

    @cached_property
    def changes(self) -> "Changes":
        """Return the histories of things."""
        from adapters.storage.repositories.history.changes import Changes

        return Changes(self._transaction)

    @cached_property
    def comments(self) -> "Comments":
        """Return what people said about things."""
        from adapters.storage.repositories.history.comments import Comments

        return Comments(self._transaction)

    @cached_property
    def audit(self) -> Audit:
        """Return the audit trail."""
        return Audit(self._transaction)

    @cached_property
    def operations(self) -> Operations:
        """Return the operation log."""
        return Operations(self._transaction)

    def laid_out(self) -> Callable[[UnitOfWork], None]:
        """Take what waits to be added and lay it out for the database; return what adds it to another unit of work."""
        waiting = self._transaction.laid_out()
        return lambda work: cast("SqlUnitOfWork", work)._transaction.add(waiting)

    async def commit(self) -> None:
        """Make everything done here permanent; within a request, when the request settles."""
        await self._commit()
