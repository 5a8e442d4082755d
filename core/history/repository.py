"""What is needed of storage to keep what happened."""

from typing import Protocol

from core.history.model import ChangeEntry
from core.shared.paging import Page


class ChangeRepository(Protocol):
    """What happened to the things of one workspace; nothing of it is ever purged.

    Who may know of a thing's history is for those to say who know who may see the thing.
    """

    def add(self, entry: ChangeEntry) -> None:
        """Keep an entry at the latest when the unit of work commits; any number of them are one insert."""
        ...

    async def page(self, kind: str, number: int, *, cursor: str = "", limit: int = 10) -> Page[ChangeEntry]:
        """Return a page of a thing's history, the newest first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that is none.
        """
        ...
