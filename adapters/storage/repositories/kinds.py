"""Kinds of numbered items, and which of them a question is about, as statements made once.

A question is the names of its conditions; what they compare with are parameters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select, Table, bindparam

from adapters.storage.repositories.audience import IN_CHANNEL, READER, Sight, opened, reader_of, sight_of
from adapters.storage.work import scope
from core.shared.value_objects import value_object
from core.workspaces.model import Audience

T = TypeVar("T")

CHANNEL = "channel"
"""The condition on the channel, which every kind has that is in channels."""

Narrowed = Mapping[str, Any]
"""Conditions by name, each with the value that its parameter `in_<name>` compares with, None where it has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A way to the items of a kind, where another than that of its conditions leads there sooner.

    `conditions` take the place of those of the kind that have the same names. With a `table` the items' numbers are
    found there, in order, each with its channel; `own` then makes an item its reader's own.
    """

    conditions: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    table: Table | None = None
    own: Sequence[ColumnElement[bool]] = ()


STRAIGHT = Way()


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Generic[T]):
    """How a kind of item is stored: its table, which has the columns of `filed`, and as what its rows are read.

    Items whose table knows no channel belong to the workspace: whoever is in it sees them all.
    `conditions` are what may be asked besides the channel. `own` makes an item its reader's own, as being its author
    does. `words` is the sort key in which completion finds the beginnings of words. `walk` is the way through all items
    by number, on which no index of another order may tempt the database away.
    """

    table: Table
    row_of: Callable[[T], dict[str, Any]]
    item_of: Callable[[Row[Any]], T]
    words: ColumnElement[str]
    columns: Sequence[ColumnElement[Any]] = ()
    own: Sequence[ColumnElement[bool]] = ()
    conditions: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    walk: Way = STRAIGHT

    @property
    def number(self) -> ColumnElement[int]:
        """Return the column of the number."""
        return self.table.c.number

    @property
    def is_in_channels(self) -> bool:
        """Tell whether its items belong to channels, and are for those who see these."""
        return "channel_id" in self.table.c

    @property
    def readers_own(self) -> Sequence[ColumnElement[bool]]:
        """Return what makes an item the reader's own."""
        return (self.table.c.author_id == READER, *self.own)

    def select(self) -> Select[Any]:
        """Select items whatever their state."""
        return scope.select(self.table, *self.columns)


@value_object
class Question:
    """Which items of a kind somebody asks for: conditions by their names, and how far they see."""

    kind: Kind[Any]
    names: tuple[str, ...]
    sight: Sight
    way: Way = STRAIGHT

    @property
    def table(self) -> Table:
        """Return the table in which they are found."""
        return self.kind.table if self.way.table is None else self.way.table


def question(
    kind: Kind[Any], narrowed: Narrowed, audience: Audience, way: Way = STRAIGHT
) -> tuple[Question, dict[str, Any]]:
    """Return a question and its parameters."""
    sight = sight_of(audience, narrowed.get(CHANNEL)) if kind.is_in_channels else Sight.ALL
    parameters = {f"in_{name}": value for name, value in narrowed.items()}
    return Question(kind, tuple(sorted(narrowed)), sight, way), {**parameters, **reader_of(audience)}


@lru_cache(maxsize=512)
def conditions(asked: Question) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a question, those of the workspace aside."""
    kind, way, columns = asked.kind, asked.way, asked.table.c
    of_channel = {CHANNEL: columns.channel_id == IN_CHANNEL} if kind.is_in_channels else {}
    known = {**of_channel, **kind.conditions, **way.conditions}
    found = [known[name] for name in asked.names]
    if way.table is None:
        found.insert(0, columns.removed_at.is_(None))
    if asked.sight is not Sight.ALL:
        own = kind.readers_own if way.table is None else way.own
        found.append(sa.or_(opened(columns.channel_id, asked.sight), *own))
    return tuple(found)


@lru_cache(maxsize=512)
def matching(asked: Question) -> Select[Any]:
    """Select the items that a question is about, or only their numbers where these are found in another table."""
    table = asked.table
    found = asked.kind.select() if table is asked.kind.table else scope.select(table, table.c.number)
    return found.where(*conditions(asked))


@lru_cache(maxsize=64)
def numbered(kind: Kind[Any]) -> Select[Any]:
    """Select items by their `numbers`, whatever their state."""
    return kind.select().where(kind.number.in_(bindparam("numbers", expanding=True)))
