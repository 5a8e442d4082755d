"""The unit of work: every repository of one workspace on one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

from adapters.storage.repositories.boards.boards import Boards
from adapters.storage.repositories.files.files import Files
from adapters.storage.repositories.history.changes import Changes
from adapters.storage.repositories.history.comments import Comments
from adapters.storage.repositories.jobs.jobs import Jobs
from adapters.storage.repositories.messages.messages import Messages
from adapters.storage.repositories.people.members import Members
from adapters.storage.repositories.records import Audit, Events, Operations, Outbox
from adapters.storage.repositories.reminders.held import HeldRows
from adapters.storage.repositories.requests import Actions, UndoEntries
from adapters.storage.repositories.sales.figures import SaleFigures
from adapters.storage.repositories.sales.lines import Sales
from adapters.storage.repositories.schedules.schedules import Schedules
from adapters.storage.repositories.tasks.tasks import Tasks
from adapters.storage.repositories.transfer.imports import Imports
from adapters.storage.repositories.workspaces.channels import Channels
from adapters.storage.repositories.workspaces.workspace import Codes, Settings
from adapters.storage.work.transaction import Transaction
from core.jobs.repository import JOBS, JobRepository
from core.ports.kept import Kept
from core.ports.storage import UnitOfWork
from core.reminders.held import HELD_REMINDERS
from core.sales.repository import SALE_FIGURES, SALES
from core.schedules.repository import SCHEDULES
from core.tasks.repository import TASKS

Commit = Callable[[], Awaitable[None]]
Repositories = Mapping[Kept[Any], Callable[[Transaction], object]]
"""What areas keep, each with the class of its repository."""

REPOSITORIES: Repositories = {
    JOBS: Jobs,
    HELD_REMINDERS: HeldRows,
    SALES: Sales,
    SALE_FIGURES: SaleFigures,
    SCHEDULES: Schedules,
    TASKS: Tasks,
}

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
        if kept not in self._made:
            self._made[kept] = self._areas[kept](self._transaction)
        return cast("R", self._made[kept])

    @cached_property
    def boards(self) -> Boards:
        """Return the boards."""
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
    def messages(self) -> Messages:
        """Return the console's messages."""
        return Messages(self._transaction)

    @cached_property
    def files(self) -> Files:
        """Return what is known of files."""
        return Files(self._transaction)

    @cached_property
    def imports(self) -> Imports:
        """Return the imports under way or lately over."""
        return Imports(self._transaction)

    @property
    def jobs(self) -> JobRepository:
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
    def changes(self) -> Changes:
        """Return the histories of things."""
        return Changes(self._transaction)

    @cached_property
    def comments(self) -> Comments:
        """Return what people said about things."""
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
