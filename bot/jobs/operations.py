"""The operation log is written in batches, so that a command does not wait for its own entry."""

from dataclasses import dataclass, field

import structlog

from core.ports.storage import Operation, SystemStore

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
