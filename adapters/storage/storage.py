"""Storage on a database of any dialect."""

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy import Connection, text

from adapters.storage.deliveries import Delivery
from adapters.storage.outbox import SqlOutboxQueue
from adapters.storage.sessions import Database, Once
from adapters.storage.system import SqlSystemStore
from adapters.storage.transactions import SqlRequestTransactions, WorkspaceTransactions
from core.ports.secrets import SecretBox
from core.ports.storage import Committed, StorageStatistics, StorageUnavailableError
from core.shared.clock import Clock

log = structlog.get_logger()

PING_SECONDS = 5.0
"""Who asks whether the database answers wants to know soon."""


class SqlStorage:
    """A database behind its units of work."""

    def __init__(self, database: Database, *, secrets: SecretBox, clock: Clock) -> None:
        """Work on a database whose schema is up to date."""
        self._database = database
        self._clock = clock
        self._system = SqlSystemStore(database, secrets)
        self._outbox = SqlOutboxQueue(database)
        self._watchers: list[Callable[[Committed], None]] = []

    @property
    def system(self) -> SqlSystemStore:
        """Return what concerns no single workspace."""
        return self._system

    @property
    def outbox(self) -> SqlOutboxQueue:
        """Return the relay's side of the outbox."""
        return self._outbox

    def workspace(self, workspace_id: int) -> WorkspaceTransactions:
        """Return the units of work of a workspace."""
        return WorkspaceTransactions(self._database, workspace_id, self._notify)

    def request(self, workspace_id: int, delivery_id: str) -> SqlRequestTransactions:
        """Return the joined units of work of one request; an empty delivery id is not kept."""
        delivery = Delivery(delivery_id, self._clock.now())
        return SqlRequestTransactions(self._database, workspace_id, delivery, self._notify)

    def watch(self, watcher: Callable[[Committed], None]) -> None:
        """Call `watcher` on the event loop after each commit; it must not block or raise."""
        self._watchers.append(watcher)

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

    async def close(self) -> None:
        """Finish what is under way and give every connection back."""
        await self._database.close()

    def _notify(self, committed: Committed) -> None:
        for watcher in self._watchers:
            try:
                watcher(committed)
            except Exception:  # why: the commit stands, whatever a watcher makes of it
                log.exception("watcher_failed")


def _answer(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))
