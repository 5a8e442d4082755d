"""Which of several processes answers what Slack told more than one of."""

from dataclasses import dataclass

from core.ports.leases import Leases
from core.ports.storage import StorageUnavailableError

ANSWERING = 60.0
"""Seconds that a process has for an answer before another one that was told too answers instead."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Asks the database, which all of them share."""

    leases: Leases

    async def take(self, delivery_id: str) -> None:
        """Keep the others from answering a delivery that was answered here."""
        await self.is_ours(delivery_id)

    async def is_ours(self, delivery_id: str) -> bool:
        """Tell whether this process is to answer a delivery, and keep the others from it."""
        try:
            return await self.leases.is_first(f"answer {delivery_id}", ANSWERING)
        except StorageUnavailableError:
            # That there is no database is worth saying twice.
            return True
