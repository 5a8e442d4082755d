"""Storage on a database of any dialect."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import bindparam, literal, text, update

from adapters.storage.engine.database import Database, Once
from adapters.storage.engine.news import Listener
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.lease_table import leases
from adapters.storage.system.deliveries import Delivery
from adapters.storage.system.system import SqlSystemStore
from adapters.storage.work.placed import REPOSITORIES, Repositories
from adapters.storage.work.request_transactions import SqlRequestTransactions
from adapters.storage.work.workspace_transactions import WorkspaceTransactions
from core.ports.leases import Leases
from core.ports.secrets import SecretBox
from core.ports.storage import Committed, StorageStatistics, StorageUnavailableError
from core.shared.clock import Clock

if TYPE_CHECKING:
    from adapters.storage.system.held_back import HeldBack
    from adapters.storage.system.leases import KeptLeases
    from adapters.storage.system.outbox import SqlOutboxQueue

log = structlog.get_logger()

_CHECKED = (
    update(leases).where(leases.c.name == literal("check")).values(until=bindparam("moment", type_=leases.c.until.type))
)

NEWS_PAUSE = 5.0
"""Seconds before others' commits are followed again after a fault of ours."""

PING_SECONDS = 5.0
"""Who asks whether the database answers wants to know soon."""


class SqlStorage:
    """A database behind its units of work."""

    def __init__(
        self, database: Database, leases: "KeptLeases", *, secrets: SecretBox, clock: Clock, areas: Repositories
    ) -> None:
        """Work on a database whose schema is up to date; both are closed with this."""
        self._database = database
        self._clock = clock
        self._areas = {**REPOSITORIES, **areas}
        self._system = SqlSystemStore(database, secrets, self._areas)
        self._leases = leases
        self.commits = 0
        self._watchers: list[Callable[[Committed], None]] = []
        self._missing: list[Callable[[], None]] = []
        self._following: asyncio.Task[None] | None = None

    @property
    def system(self) -> SqlSystemStore:
        """Return what concerns no single workspace."""
        return self._system

    @cached_property
    def outbox(self) -> "SqlOutboxQueue":
        """Return the relay's side of the outbox."""
        from adapters.storage.system.outbox import SqlOutboxQueue  # whoever serves has a relay

        return SqlOutboxQueue(self._database)

    @property
    def held(self) -> "HeldBack":
        """Return what is held back since a restore."""
        from adapters.storage.system.held_back import HeldBack  # few ever ask

        return HeldBack(self._database)

    def workspace(self, workspace_id: int) -> WorkspaceTransactions:
        """Return the units of work of a workspace."""
        return WorkspaceTransactions(self._database, workspace_id, self._notify, self._areas)

    def request(self, workspace_id: int, delivery_id: str) -> SqlRequestTransactions:
        """Return the joined units of work of one request; an empty delivery id is not kept."""
        delivery = Delivery(delivery_id, self._clock.now())
        return SqlRequestTransactions(self._database, workspace_id, delivery, self._notify, self._areas)

    @property
    def leases(self) -> Leases:
        """Return the leases of this process."""
        return self._leases

    @property
    def is_shared(self) -> bool:
        """Tell whether processes may serve from this database side by side."""
        from adapters.storage.engine.pooled_database import PooledDatabase  # not for files

        return isinstance(self._database, PooledDatabase)

    def watch(self, watcher: Callable[[Committed], None], missed: Callable[[], None] | None = None) -> None:
        """Call `watcher` on the event loop after each commit, `missed` when there may have been any; see the port."""
        self._watchers.append(watcher)
        if missed is not None:
            self._missing.append(missed)

    def follow(self) -> None:
        """Tell the watchers of other processes' commits too, from now on until this is closed."""
        if self._following is None:
            self._following = asyncio.create_task(self._follow(), name="storage news")

    def statistics(self) -> StorageStatistics:
        """Return the pool's figures."""
        return self._database.statistics()

    async def ping(self) -> None:
        """Return when the database answers; raises `StorageUnavailableError` when it does not in time."""
        try:
            async with asyncio.timeout(PING_SECONDS):
                await Once(self._database).read(_answer)
        except TimeoutError:
            raise StorageUnavailableError("busy") from None

    async def check(self) -> None:
        """Return when the database can be read and written; raises `StorageUnavailableError` as `ping` does."""
        await self.ping()
        try:
            async with asyncio.timeout(PING_SECONDS):
                await Once(self._database).write(self._write)
        except TimeoutError:
            raise StorageUnavailableError("busy") from None

    def _write(self, db: Statements) -> None:
        """Write a row of no meaning: a full disk and a file that may only be read show by nothing less."""
        row = {"name": "check", "holder": "", "until": self._clock.now()}
        if not db.execute(_CHECKED, {"moment": row["until"]}).rowcount:
            self._database.dialect.insert_missing(db, leases, row)

    async def close(self) -> None:
        """Finish what is under way and give every connection back."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        await self._leases.close()
        await self._database.close()

    async def _follow(self) -> None:
        while True:
            try:
                await self._database.news().follow(Listener(self._notify, self._missed))
            except Exception:  # why: whatever ends it, those who wait for news would wait for ever
                log.exception("news_failed")
            await asyncio.sleep(NEWS_PAUSE)

    def _missed(self) -> None:
        for missed in self._missing:
            try:
                missed()
            except Exception:  # why: what one watcher makes of it is no other's trouble
                log.exception("watcher_failed")

    def _notify(self, committed: Committed) -> None:
        self.commits += 1
        for watcher in self._watchers:
            try:
                watcher(committed)
            except Exception:  # why: the commit stands, whatever a watcher makes of it
                log.exception("watcher_failed")


def _answer(db: Statements) -> None:
    db.execute(text("SELECT 1"))
