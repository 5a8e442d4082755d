"""The services of one request, built on its transaction when they are first asked for."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, TypeVar, cast

from core.ports.storage import Storage, Transactions
from core.shared.clock import Clock
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from bot.application.upkeep import Upkeep
    from bot.grammar.declaration import JobKind
    from core.boards.service import BoardService, Presence
    from core.files.service import FileService
    from core.ports.analyses import Analyses
    from core.ports.cache import Cache
    from core.ports.file_jobs import FileJobs
    from core.ports.files import FileStore
    from core.ports.papers import Papers
    from core.ports.payments import Till
    from core.ports.secrets import SecretBox
    from core.ports.workbooks import Workbooks
    from core.schedules.service import ScheduleService
    from core.shared.stepping import Serving

T = TypeVar("T")


@value_object
class Supplies:
    """What services are made of besides the transactions of their request."""

    storage: Storage
    files: "FileStore"
    workbooks: "Workbooks"
    analyses: "Analyses"
    papers: "Callable[[], Papers]"
    is_serving: "Serving"
    """Tells whether somebody waits for a short answer, whom long work would hold up."""
    turns: asyncio.Semaphore
    """Taken by whoever reads much at once, so that others are not kept from reading."""
    cache: "Cache"
    file_jobs: "FileJobs"
    secrets: "SecretBox"
    clock: Clock
    presence: "Presence"
    upload_limit: int
    """Bytes of a file that somebody hands in."""
    jobs: "Mapping[str, JobKind]"
    """The kinds of job that there are, by name."""
    process: str
    """What tells this process from others that work on the same."""
    upkeep: "Upkeep"
    till: "Till | None" = None
    """Who takes cards, if somebody does."""


@value_object
class Services:
    """What areas declare services as, by their class, on the same units of work.

    `transactions` serves what only reads the records.
    """

    transactions: Transactions
    supplies: Supplies
    factories: "Mapping[type, ServiceFactory]"
    _made: dict[type, object] = field(default_factory=dict)

    def get(self, kind: type[T]) -> T:
        """Return the service of that class, the same one throughout a request."""
        if kind not in self._made:
            self._made[kind] = self.factories[kind](self)
        return cast("T", self._made[kind])

    @property
    def files(self) -> "FileService":
        """Return the files, which belong to no area."""
        # Here and below: loaded by those who ask. Few commands do, and no other pays for it.
        from core.files.service import FileService

        supplies = self.supplies
        return FileService(self.transactions, supplies.files, supplies.clock, limit=supplies.upload_limit)

    @property
    def boards(self) -> "BoardService":
        """Return the boards, which areas only say the content of."""
        from core.boards.service import BoardService

        return BoardService(self.transactions, self.supplies.clock, self.supplies.presence)

    @property
    def schedules(self) -> "ScheduleService":
        """Return the schedules of all areas, which only say what is made at their times."""
        from core.schedules.service import ScheduleService

        return ScheduleService(self.transactions, self.supplies.clock)


ServiceFactory = Callable[[Services], object]
"""Makes a service for one request, perhaps of others."""
