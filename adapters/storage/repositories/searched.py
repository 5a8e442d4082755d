"""Numbered items that are searched: by their terms, which are kept beside them in the same transaction."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice, product
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Select, bindparam, literal_column

from adapters.storage.repositories.kinds import Kind, Question, matching, question
from adapters.storage.repositories.numbered import Numbered, NumberedItems
from adapters.storage.schema.search_table import SEGMENTS, search_terms, segment_of
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from core.shared.errors import InvalidArgumentError
from core.shared.nearness import likest, misspelt
from core.shared.paging import Page
from core.shared.searching import HITS_LIMIT, WORDS_LIMIT, Hits, Sought
from core.shared.terms import is_word
from core.shared.value_objects import value_object
from core.workspaces.model import Audience

T = TypeVar("T", bound=Numbered)

_COUNTED = 10_000
"""Rows of a word that are counted: which of several words of more is the rarest makes no odds."""
_WHOLES = 100
"""Records looked at whose name or code begins with the whole text."""
_NEAR, _MEANT, _TRIED = 10, 5, 8
"""Near misses that are shown, words that a word may have meant to be, and ways to put these together."""
_WORDS = 100_000
"""Words that a mistyped one is compared with."""

_t = search_terms.c
_KIND = bindparam("the_kind", type_=_t.kind.type)
_NONE: ColumnElement[int] = literal_column("0")
_SEGMENTS: Sequence[ColumnElement[int]] = [literal_column(str(segment)) for segment in range(SEGMENTS)]
_NAMED = _t.number.in_(bindparam("numbers", expanding=True))
_KEPT = scope.select(search_terms, _t.number, _t.term).where(_t.kind == _KIND, _NAMED)
_FORGET = scope.delete(search_terms).where(_t.kind == _KIND, _NAMED)


def _begins(columns: Any, place: int) -> ColumnElement[bool]:
    low, high = (bindparam(f"{side}_{place}", type_=_t.term.type) for side in ("from", "to"))
    return sa.and_(columns.term >= low, columns.term < high)


# The words of all records are no record's.
_VOCABULARY = (
    scope.select(search_terms, _t.term)
    .where(_t.kind == _KIND, _t.number == _NONE, _begins(_t, 0))
    # As the key has them, and no other index, which has those of all records among them.
    .order_by(_t.number, _t.term)
    .limit(bindparam("at_most"))
)


@value_object
class Found:
    """The numbers of what was found, the likeliest first; see `Hits`."""

    numbers: Sequence[int]
    is_near: bool = False
    is_cut: bool = False


@value_object
class Searched(Generic[T]):
    """How items are searched: as which kind their terms are kept, and which an item has while it is not removed."""

    kind: int
    terms: Callable[[T], Collection[str]]


class SearchedItems(NumberedItems[T]):
    """The repository of a kind of items that are searched."""

    searched: Searched[T]

    async def _search(self, asked: Sought, audience: Audience, *, cursor: str, limit: int) -> Hits[T]:
        """Return a page of what is found, the likeliest first; raises `InvalidArgumentError` (`cursor`)."""
        start = _start_of(cursor)
        found = await self._found(asked, audience)
        numbers = found.numbers[start : start + limit]
        items = {item.number: item for item in await self.get_many(numbers, audience)}
        end, total = start + limit, len(found.numbers)
        page = Page(
            [items[number] for number in numbers if number in items],
            next_cursor=str(end) if end < total else None,
            previous_cursor=str(max(start - limit, 0)) if start else None,
            total=total,
            before=start,
        )
        return Hits(page, found.is_near, found.is_cut)

    async def _found(self, asked: Sought, audience: Audience) -> Found:
        """Return the numbers of what is found."""
        kind = _Asked(self.kind, self.searched.kind, audience)
        return await self._transaction.run(lambda db: search(db, kind, asked))

    def _laid_out(self, items: Sequence[T]) -> Additions:
        return self._with_terms(super()._laid_out(items), items)

    def _with_terms(self, additions: Additions, items: Sequence[T]) -> Additions:
        """Add the terms of new items."""
        rows = list(_rows(self.searched, items))
        additions.insert(search_terms, rows)
        additions.insert_missing(search_terms, _words_of(rows))
        return additions

    def _changed(self, db: Scoped, items: Sequence[T], former: Mapping[int, T]) -> None:
        """Let changed items have the terms that they have now."""
        kind, numbers = self.searched.kind, [item.number for item in items]
        rows: dict[int, list[dict[str, Any]]] = {number: [] for number in numbers}
        for row in _rows(self.searched, items):
            rows[row["number"]].append(row)
        kept: dict[int, set[str]] = {number: set() for number in numbers}
        for one in (one for some in chunks(numbers) for one in db.all(_KEPT, the_kind=kind, numbers=some)):
            kept[one.number].add(one.term)
        changed = [number for number in numbers if {row["term"] for row in rows[number]} != kept[number]]
        for some in chunks(changed):
            db.change(_FORGET, the_kind=kind, numbers=some)
        added = list(chain.from_iterable(rows[number] for number in changed))
        db.insert_many(search_terms, added)
        db.insert_missing_many(search_terms, _words_of(added))

    def _withdraw(self, db: Scoped, numbers: Sequence[int], at: datetime) -> int:
        removed = super()._withdraw(db, numbers, at)
        db.change(_dropped(self.kind), the_kind=self.searched.kind, numbers=list(numbers))
        return removed


def _rows(searched: Searched[T], items: Iterable[T]) -> Iterator[dict[str, Any]]:
    for item in items:
        same = {"kind": searched.kind, "number": item.number, "segment": segment_of(item.number)}
        for term in sorted(searched.terms(item)):
            yield {**same, "term": term}


def _words_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the words among terms, which a mistyped one may mean; most records have no new ones."""
    for kind, word in sorted({(row["kind"], row["term"]) for row in rows if is_word(row["term"])}):
        yield {"kind": kind, "number": 0, "segment": segment_of(0), "term": word}


@lru_cache(maxsize=64)
def _dropped(kind: Kind[Any]) -> Any:
    columns = kind.table.c
    gone = scope.select(kind.table, columns.number).where(
        columns.number.in_(bindparam("numbers", expanding=True)), columns.removed_at.is_not(None)
    )
    return _FORGET.where(_t.number.in_(gone))


# --- searching -----------------------------------------------------------------


@value_object
class _Asked:
    """Of which kind items are searched, as which its terms are kept, and for whom."""

    of: Kind[Any]
    kind: int
    audience: Audience


def search(db: Scoped, kind: _Asked, asked: Sought) -> Found:
    """Return what has all the words, in any order, or the whole as its name or code; near misses where nothing has."""
    wholes = _wholes(db, kind, asked.whole)
    counts = _counts(db, kind, asked.words)
    words = sorted(asked.words, key=lambda word: counts[word])
    matches = _with_all(db, kind, words) if all(counts.values()) else []
    if texts := _texts(db, kind, list(dict.fromkeys((*wholes, *matches)))[:HITS_LIMIT]):
        exact = {number for number, term in wholes.items() if term == asked.whole}
        ranked = sorted(likest(asked.text, texts), key=lambda number: number not in exact)
        return Found(ranked, is_cut=len(matches) > HITS_LIMIT)
    near = _texts(db, kind, _near(db, kind, words, counts))
    return Found(likest(asked.text, near)[:_NEAR], is_near=True)


def _texts(db: Scoped, kind: _Asked, numbers: Collection[int]) -> Mapping[int, str]:
    """Return of those of some items that may be seen the texts by which they are held against each other."""
    asked, parameters = question(kind.of, {}, kind.audience)
    statement = _compared(asked)
    found = (row for some in chunks(numbers) for row in db.all(statement, numbers=some, **parameters))
    return {row.number: row.words for row in found}


def _wholes(db: Scoped, kind: _Asked, whole: str) -> dict[int, str]:
    rows = _first(db, kind, [whole], _WHOLES, with_terms=True)
    return {row.number: row.term for row in reversed(rows)}


def _counts(db: Scoped, kind: _Asked, words: Sequence[str]) -> dict[str, int]:
    """Return of how many records a term begins with each of some words, as far as is counted."""
    row = db.first(_counted(len(words)), **_edges(kind, words))
    return dict(zip(words, row or (), strict=True))


def _with_all(db: Scoped, kind: _Asked, words: Sequence[str]) -> list[int]:
    """Return the numbers of the records that have terms that begin with all of some words, the rarest of them first."""
    # A record may have several such terms.
    return list(dict.fromkeys(row.number for row in _first(db, kind, words, 2 * HITS_LIMIT)))


def _first(
    db: Scoped, kind: _Asked, words: Sequence[str], most: int, *, with_terms: bool = False
) -> Sequence[sa.Row[Any]]:
    """Return the first rows of terms that begin with a word, those of the word itself before all others."""
    statement, edges = _holding(len(words), with_terms=with_terms), _edges(kind, words)
    # Before all that go on: nothing in a term sorts before this.
    end = f"{words[0]}!"
    found = db.all(statement, **{**edges, "to_0": end}, at_most=most)
    if len(found) == most:
        return found
    return [*found, *db.all(statement, **{**edges, "from_0": end}, at_most=most - len(found))]


def _near(db: Scoped, kind: _Asked, words: Sequence[str], counts: Mapping[str, int]) -> Collection[int]:
    """Return the numbers of records that have words which are spelt alike, or else some of the words."""
    ways = [[word] if counts[word] else _meant(db, kind, word) for word in words]
    found: dict[int, None] = {}
    if not all(counts.values()):
        for way in islice(product(*ways), _TRIED):
            found.update(dict.fromkeys(_with_all(db, kind, way)))
    if not found:
        for word in islice(chain.from_iterable(ways), _TRIED):
            found.update(dict.fromkeys(_with_all(db, kind, [word])))
    return list(found)[:HITS_LIMIT]


def _meant(db: Scoped, kind: _Asked, word: str) -> Sequence[str]:
    """Return the words that a mistyped one may have meant: those with its first letter, or else any."""
    if not is_word(word):
        return ()
    for begins in (word[0], ""):
        known = [row.term for row in db.all(_VOCABULARY, **_edges(kind, [begins]), at_most=_WORDS)]
        if meant := misspelt(word, known, most=_MEANT):
            return meant
    return ()


def _edges(kind: _Asked, words: Sequence[str]) -> dict[str, Any]:
    """Return between what the terms lie that begin with words; nothing that is no letter or digit sorts behind."""
    edges = ({f"from_{place}": word, f"to_{place}": f"{word}\uffff"} for place, word in enumerate(words))
    return {"the_kind": kind.kind, **{name: edge for pair in edges for name, edge in pair.items()}}


def _as_found(columns: Any) -> Sequence[ColumnElement[Any]]:
    """Return the order in which the index has terms: only one who asks for it gets them from there everywhere."""
    return columns.segment, columns.term, columns.number


def _of_records(columns: Any, place: int) -> Sequence[ColumnElement[bool]]:
    return columns.kind == _KIND, columns.segment.in_(_SEGMENTS), _begins(columns, place), columns.number > _NONE


@lru_cache(maxsize=2 * WORDS_LIMIT)
def _holding(count: int, *, with_terms: bool = False) -> Select[Any]:
    """Select the records with terms that begin with so many words, by the terms that begin with the first one."""
    first, other = search_terms.alias("first"), search_terms.alias("other")
    chosen = (first.c.number, first.c.term) if with_terms else (first.c.number,)
    statement = scope.select(first, *chosen).where(*_of_records(first.c, 0))
    for place in range(1, count):
        # Counted for each row by itself, which has few: of what is only said to exist a database that does not know yet
        # how much there is of what makes a join, in the longest way there is.
        its = scope.beside(other, sa.func.count(), first).where(
            other.c.kind == first.c.kind, other.c.number == first.c.number, _begins(other.c, place)
        )
        statement = statement.where(its.scalar_subquery() > _NONE)
    return statement.order_by(*_as_found(first.c)).limit(bindparam("at_most"))


@lru_cache(maxsize=WORDS_LIMIT)
def _counted(count: int) -> Select[Any]:
    """Count the terms of records that begin with each of so many words."""
    ones = (
        scope.select(search_terms, literal_column("1").label("one"))
        .where(*_of_records(_t, place))
        .order_by(*_as_found(_t))
        for place in range(count)
    )
    counts = [scope.count(one, _COUNTED).scalar_subquery().label(f"count_{place}") for place, one in enumerate(ones)]
    return scope.over(sa.select(*counts))


@lru_cache(maxsize=256)
def _compared(asked: Question) -> Select[Any]:
    kind = asked.kind
    chosen: Sequence[ColumnElement[Any]] = (kind.number, kind.words.label("words"))
    return matching(asked).where(kind.number.in_(bindparam("numbers", expanding=True))).with_only_columns(*chosen)


def _start_of(cursor: str) -> int:
    """Return where in what was found a page begins; raises `InvalidArgumentError` (`cursor`)."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= len(str(HITS_LIMIT))):
        raise InvalidArgumentError("page", "cursor")
    return int(cursor)
