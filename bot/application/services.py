"""The services of one request, built on its transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from core.boards.service import BoardService
from core.files.service import FileService
from core.people.service import PeopleService
from core.ports.storage import StorageStatistics, Transactions
from core.tasks.service import TaskService
from core.tasks.transfer import TaskTransfer
from core.workspaces.service import WorkspaceService


@dataclass(frozen=True, slots=True)
class Services:
    """One service an area, all on the same units of work; `transactions` serves what only reads the records."""

    transactions: Transactions
    tasks: TaskService
    boards: BoardService
    transfer: TaskTransfer
    files: FileService
    people: PeopleService
    workspaces: WorkspaceService
    statistics: Callable[[], StorageStatistics]


ServiceFactory = Callable[[Transactions], Services]
