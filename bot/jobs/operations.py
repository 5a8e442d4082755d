"""The operation log is written in batches, so that a command does not wait for its own entry."""

from dataclasses import dataclass, field

import structlog

from bot.texts.errors import UNAVAILABLE
from core.ports.storage import Operation, StorageUnavailableError, SystemStore

log = structlog.get_logger()

MOST_KEPT = 10_000
"""Entries held while the database is away; beyond that the oldest are dropped, and their number logged."""


@dataclass(slots=True)
class OperationLog:
    """Collects entries and writes them, at the latest a step later; a crash loses at most those of one step."""

    system: SystemStore
    _entries: list[Operation] = field(default_factory=list)

    def record(self, operation: Operation) -> None:
        """Take an entry."""
        self._entries.append(operation)
        if len(self._entries) > MOST_KEPT:
            dropped = len(self._entries) - MOST_KEPT
            del self._entries[:dropped]
            log.warning("operations_dropped", count=dropped)

    async def step(self) -> bool:
        """Write what has come together; on failure it is kept for the next time."""
        entries, self._entries = self._entries, []
        if not entries:
            return False
        try:
            await self.system.record_operations(entries)
        except BaseException:  # cancelled or failed: what was not written is kept
            self._entries = entries + self._entries
            raise
        return False

    async def close(self) -> None:
        """Write what is left; a database that the latest command found to be away is not waited for once more.

        What was asked for is answered: an answer is not lost over the record of it, nor held up.
        """
        latest = self._entries[-1].error if self._entries else ""
        if latest in UNAVAILABLE:
            log.warning("operations_not_recorded", reason=latest)
            return
        try:
            await self.step()
        except StorageUnavailableError as error:
            log.warning("operations_not_recorded", reason=error.reason)
