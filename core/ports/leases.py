"""Leases: what one process at a time may do, of all that serve from the same database."""

from typing import Protocol


class Leases(Protocol):
    """Leases of this process; one that is not renewed in time is anybody's."""

    async def take(self, name: str, seconds: float) -> bool:
        """Take a lease, or renew it, for so many seconds from now; tell whether it is this process's.

        The time is the database's. Raises `StorageUnavailableError`.
        """
        ...

    async def give_back(self, name: str) -> None:
        """Let go of a lease, if it is this process's, so that another process may have it at once."""
        ...

    async def is_first(self, what: str, seconds: float) -> bool:
        """Tell whether no other process was the first at something in the last so many seconds."""
        ...
