"""Answers kept in memory for whoever asks the same again: each goes by a version of the data that it was made of.

The version is read in the unit of work that asks, and an answer is found by that version alone. So an answer is never
older than what is read beside it, however many processes write, and whether or not they hear of each other.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from core.shared.value_objects import value_object

T = TypeVar("T")


@value_object
class Cached(Generic[T]):
    """A kind of answer that is kept: its name, for how many seconds, and how many rows one of them has."""

    name: str
    seconds: float
    rows: Callable[[T], int]


@value_object
class Asked(Generic[T]):
    """A question of a workspace, and the version of the data that is to answer it.

    `question` is all that the answer depends on besides the data; `about` says it shortly, in a word,
    for people. `version` is one
    that no other state of the data ever goes by, not even one that was rolled back.
    """

    kind: Cached[T]
    workspace_id: int
    question: Hashable
    version: Hashable
    about: str = ""

    @property
    def key(self) -> str:
        """Return what people call it."""
        return f"{self.kind.name}/{self.about}"


@value_object
class KeptAnswer:
    """An answer that is kept, without what it says."""

    key: str
    kind: str
    rows: int
    at: datetime


@value_object
class Hits:
    """How often an answer was there when it was asked for, and how often not."""

    hits: int = 0
    misses: int = 0

    def __add__(self, other: "Hits") -> "Hits":
        """Count both together."""
        return Hits(self.hits + other.hits, self.misses + other.misses)

    @property
    def rate(self) -> float | None:
        """Return the part of hits in all, 0 to 1; None while nothing was asked for."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


@value_object
class CacheFigures:
    """What a cache holds and how it did since the process began; an answer takes a row more than it has."""

    entries: int
    rows: int
    limit: int
    hits: Hits


class Cache(Protocol):
    """Keeps answers, of limited size in all: what was not asked for longest goes first. Answers are never changed.

    It belongs to one process and its event loop.
    """

    def get(self, asked: Asked[T]) -> T | None:
        """Return the answer of that version unless its time is over, and count whether it was there."""
        ...

    def keep(self, asked: Asked[T], answer: T) -> None:
        """Keep an answer in place of what was kept of the question, unless it alone is too large."""
        ...

    def delete(self, workspace_id: int, key: str) -> bool:
        """Keep an answer of a workspace no more, or all of a kind; tell whether there was anything."""
        ...

    def clear(self, workspace_id: int) -> int:
        """Keep no answer of a workspace any more; return how many there were."""
        ...

    def answers(self, workspace_id: int) -> Sequence[KeptAnswer]:
        """Return what is kept of a workspace, what was kept last first."""
        ...

    def hits(self, workspace_id: int) -> "dict[str, Hits]":
        """Return how a workspace's questions did, by kind."""
        ...

    def figures(self) -> CacheFigures:
        """Return how it does in all."""
        ...


async def remembered(cache: Cache, asked: Asked[T], make: Callable[[], Awaitable[T]]) -> T:
    """Return the answer that is kept, else make one and keep it.

    It is made in the unit of work that read the version, and after that: then it is as new as that at least.
    """
    found = cache.get(asked)
    if found is None:
        found = await make()
        cache.keep(asked, found)
    return found
