"""What every service of numbered items needs of storage."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from core.workspaces.model import Audience

T = TypeVar("T")

HIGHEST_NUMBER = 2**31 - 1
"""No item has a higher number."""


class NumberedRepository(Protocol[T]):
    """Numbered items of one workspace; nothing here begins or commits. Every read for people takes their audience."""

    async def reserve_numbers(self, count: int = 1) -> int:
        """Take `count` fresh numbers and return the first; a number is never given twice."""
        ...

    def add(self, item: T) -> None:
        """Insert an item at the latest when the unit of work commits."""
        ...

    def add_all(self, items: Sequence[T]) -> None:
        """Insert items at the latest when the unit of work commits; keys that others have are refused (`key_taken`)."""
        ...

    async def get(self, number: int, audience: Audience) -> T | None:
        """Return an item that the audience may see and that is not removed."""
        ...

    async def get_many(self, numbers: Sequence[int], audience: Audience) -> Sequence[T]:
        """Return those of the items (any count) that exist, are not removed and may be seen, by number."""
        ...

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[T]:
        """Return items whose number or a word of whose title starts so, for completion."""
        ...

    async def find(self, number: int) -> T | None:
        """Return an item whatever its state, removed ones too; for undo and jobs, never for showing."""
        ...

    async def change(self, item: T, expected_version: int) -> bool:
        """Store an item (its `version` already raised) if it still has the expected version; tell whether it had."""
        ...

    async def change_many(self, items: Sequence[T]) -> None:
        """Store many changed items that were read in this very transaction."""
        ...

    async def versions(self, numbers: Sequence[int]) -> Mapping[int, int]:
        """Return the versions of those of the items (any count) that are there, by number, whoever may see them."""
        ...

    async def holders(self, key: str, values: Collection[str]) -> Mapping[str, int]:
        """Return by value the numbers of those that have one of some values (any count) as that own key.

        Removed ones have none. Values are in the form that is compared; who may see the items does not matter.
        """
        ...

    async def remove_untouched(self, numbers: Sequence[int], at: datetime) -> int:
        """Remove those of the items (any count) that are as they were made (version 1) and return how many."""
        ...
