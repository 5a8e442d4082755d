"""What is kept only for a time is removed once a day."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.ports.storage import SystemStore
from core.shared.clock import Clock

log = structlog.get_logger()

DELIVERIES = timedelta(days=7)
OUTBOX = timedelta(days=30)
OPERATIONS = timedelta(days=90)
EVENTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Retention:
    """Removes what is older than it is kept, and what has expired; the audit trail stays."""

    system: SystemStore
    clock: Clock

    async def step(self) -> bool:
        """Remove what is too old."""
        now = self.clock.now()
        removed = await self.system.purge(
            deliveries_before=now - DELIVERIES,
            outbox_before=now - OUTBOX,
            operations_before=now - OPERATIONS,
            events_before=now - EVENTS,
            now=now,
        )
        if removed:
            log.info("retention", rows=removed)
        return False
