"""What is needed of storage to keep what happened."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.history.model import ChangeEntry, Comment, Discussion
from core.shared.paging import Page


class ChangeRepository(Protocol):
    """What happened to the things of one workspace; nothing of it is ever purged.

    Who may know of a thing's history is for those to say who know who may see the thing.
    """

    def add(self, entry: ChangeEntry) -> None:
        """Keep an entry at the latest when the unit of work commits; any number of them are one insert."""
        ...

    def add_new(self, kind: str, numbers: Sequence[int], at: datetime, member_id: int, command: str) -> None:
        """Keep how things came to be, as `add` keeps it of each."""
        ...

    async def page(self, kind: str, number: int, *, cursor: str = "", limit: int = 10) -> Page[ChangeEntry]:
        """Return a page of a thing's history, the newest first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that is none.
        """
        ...

    async def since(self, kind: str, numbers: Sequence[int], at: datetime) -> Sequence[ChangeEntry]:
        """Return what happened to some things (any count) since then, the oldest first for each of them."""
        ...


class CommentRepository(Protocol):
    """What people said about the things of one workspace; who may know of it is said as of a history."""

    def add(self, comment: Comment) -> None:
        """Keep a comment at the latest when the unit of work commits."""
        ...

    async def named(self, ids: Sequence[str]) -> Mapping[str, Comment]:
        """Return comments by their ids, withdrawn ones too."""
        ...

    async def about(self, kind: str, number: int, *, limit: int) -> Discussion:
        """Return how much was said about a thing, and the latest of it, the newest first."""
        ...

    async def withdraw(self, comment_id: str, at: datetime) -> bool:
        """Mark a comment as withdrawn and tell whether it was not yet."""
        ...
