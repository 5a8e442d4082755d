"""Leases: what one process at a time may do, of all that serve from the same database."""

from typing import Protocol

LEAD, EXECUTOR = "lead", "executor:"
"""The lease on what only one of those that serve does, and how those of processes begin that run jobs."""


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

    async def count(self, beginning: str) -> int:
        """Return how many leases there are, of any process, whose names begin so.

        Beside a file that is 1 while any process serves from it, for there all of them are one.
        """
        ...

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        """Return who is first at something: `by`, for so many seconds from now, unless somebody else already is.

        `by` takes the place of who was first too long ago, and of `instead_of`. All who ask at once are told the same.
        """
        ...
