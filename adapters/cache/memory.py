"""A cache in memory, bounded by rows: what was not asked for longest goes first, and what is too old at once."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from core.ports.cache import Asked, CacheFigures, Hits, KeptAnswer
from core.shared.clock import Clock
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from cachetools import TLRUCache

T = TypeVar("T")

ROWS = 50_000
"""Rows of all answers together: about 30 MB of figures."""


@value_object
class _Key:
    workspace_id: int
    kind: str
    question: Hashable


@value_object
class _Entry:
    answer: object
    version: Hashable
    name: str
    rows: int
    at: datetime
    until: datetime


class MemoryCache:
    """Keeps answers in this process, for as long as it lives."""

    def __init__(self, clock: Clock, rows: int = ROWS) -> None:
        """Keep answers of so many rows together, an answer counting as one more than it has."""
        self._clock = clock
        self._limit = rows
        self._hits: defaultdict[tuple[int, str], Hits] = defaultdict(Hits)

    def get(self, asked: Asked[T]) -> T | None:
        """Return the answer of that version unless its time is over, and count whether it was there."""
        entry = self._entries.get(_key(asked))
        is_hit = entry is not None and entry.version == asked.version
        self._hits[asked.workspace_id, asked.kind.name] += Hits(int(is_hit), int(not is_hit))
        return cast("T", entry.answer) if entry and is_hit else None

    def keep(self, asked: Asked[T], answer: T) -> None:
        """Keep an answer in place of what was kept of the question, unless it alone is too large."""
        rows, now = asked.kind.rows(answer), self._clock.now()
        self._entries.pop(_key(asked), None)
        if rows < self._limit:
            until = now + timedelta(seconds=asked.kind.seconds)
            self._entries[_key(asked)] = _Entry(answer, asked.version, asked.key, rows, now, until)

    def delete(self, workspace_id: int, key: str) -> bool:
        """Keep an answer of a workspace no more, or all of a kind; tell whether there was anything."""
        found = [one for one, entry in self._of(workspace_id) if key in (one.kind, entry.name)]
        return self._drop(found) > 0

    def clear(self, workspace_id: int) -> int:
        """Keep no answer of a workspace any more; return how many there were."""
        return self._drop([key for key, _ in self._of(workspace_id)])

    def answers(self, workspace_id: int) -> Sequence[KeptAnswer]:
        """Return what is kept of a workspace, what was kept last first."""
        found = [KeptAnswer(entry.name, key.kind, entry.rows, entry.at) for key, entry in self._of(workspace_id)]
        return sorted(found, key=lambda answer: answer.at, reverse=True)

    def hits(self, workspace_id: int) -> dict[str, Hits]:
        """Return how a workspace's questions did, by kind."""
        return {kind: hits for (owner, kind), hits in self._hits.items() if owner == workspace_id}

    def figures(self) -> CacheFigures:
        """Return how it does in all."""
        rows = int(self._entries.currsize)
        return CacheFigures(len(self._entries), rows, self._limit, sum(self._hits.values(), Hits()))

    @cached_property
    def _entries(self) -> "TLRUCache[_Key, _Entry, datetime]":
        # Loaded by whoever asks for the first answer: a line that is typed into a shell seldom does.
        from cachetools import TLRUCache

        return TLRUCache(
            self._limit,
            lambda _key, entry, _now: entry.until,
            timer=self._clock.now,
            getsizeof=lambda entry: entry.rows + 1,
        )

    def _of(self, workspace_id: int) -> Iterator[tuple[_Key, _Entry]]:
        """Yield what is kept of a workspace."""
        from cachetools import Cache

        # Past the order of use: whoever lists answers does not ask for them.
        own = (key for key in self._entries if key.workspace_id == workspace_id)
        return ((key, Cache.__getitem__(self._entries, key)) for key in own)

    def _drop(self, keys: Sequence[_Key]) -> int:
        for key in keys:
            self._entries.pop(key, None)
        return len(keys)


def _key(asked: Asked[T]) -> _Key:
    return _Key(asked.workspace_id, asked.kind.name, asked.question)
