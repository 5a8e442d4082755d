"""What imports need of storage."""

from collections.abc import Sequence
from typing import Protocol

from core.transfer.model import Effect, Import, StagedRow


class OvertakenError(Exception):
    """Another process works on the same import."""


class ImportRepository(Protocol):
    """The imports of one workspace, their staged rows and what they did; nothing here begins or commits."""

    async def begin(self, job: Import) -> bool:
        """Keep a new import, unless its delivery has one; tell which it was."""
        ...

    async def get(self, import_id: str) -> Import | None:
        """Return an import."""
        ...

    async def of_delivery(self, key: str) -> Import | None:
        """Return the import that a delivery began."""
        ...

    async def advance(self, before: Import, after: Import) -> bool:
        """Store an import that is a step further, if it still is where it was; tell whether it was.

        Staged pieces that lie behind it are dropped.
        """
        ...

    def advancing(self, before: Import, after: Import) -> None:
        """Do so at the latest when the unit of work commits, which raises `OvertakenError` if it was elsewhere."""
        ...

    async def forget(self, import_id: str) -> None:
        """Remove an import of which nothing was applied."""
        ...

    def stage(self, import_id: str, place: int, rows: Sequence[StagedRow]) -> None:
        """Keep a piece of rows to be applied, at the latest when the unit of work commits."""
        ...

    async def unstage(self, import_id: str, limit: int) -> int:
        """Drop up to so many staged pieces and return how many there were."""
        ...

    async def staged(self, import_id: str, place: int) -> Sequence[StagedRow] | None:
        """Return a staged piece."""
        ...

    def keep_effect(self, import_id: str, place: int, effect: Effect) -> None:
        """Keep what a step did, at the latest when the unit of work commits."""
        ...

    async def effect(self, import_id: str, place: int) -> tuple[int, Effect] | None:
        """Return what the first step from a place on did, and its place."""
        ...
