"""Kinds of numbered items, and which of them a question is about, as statements made once.

A question is the names of its conditions; what they compare with are parameters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, Select, Table, bindparam

from adapters.storage.repositories.audience import IN_CHANNEL, Sight, reader_of, sight_of, visible
from adapters.storage.work import scope
from core.workspaces.model import Audience

T = TypeVar("T")

CHANNEL = "channel"
"""The condition on the channel, which every kind has."""

Narrowed = Mapping[str, Any]
"""Conditions by name, each with the value that its parameter `in_<name>` compares with, None where it has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Generic[T]):
    """How a kind of item is stored: its table, which has the columns of `filed`, and as what its rows are read.

    `conditions` are what may be asked besides the channel. Those of `walking` take their place where all items are gone
    through by number, and no index of another order may tempt the database away. `own` makes an item its reader's own,
    as being its author does. `words` is the sort key in which completion finds the beginnings of words.
    """

    table: Table
    row_of: Callable[[T], dict[str, Any]]
    item_of: Callable[[Row[Any]], T]
    words: ColumnElement[str]
    columns: Sequence[ColumnElement[Any]] = ()
    own: Sequence[ColumnElement[bool]] = ()
    conditions: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)
    walking: Mapping[str, ColumnElement[bool]] = field(default_factory=dict)

    @property
    def number(self) -> ColumnElement[int]:
        """Return the column of the number."""
        return self.table.c.number

    def select(self) -> Select[Any]:
        """Select items whatever their state."""
        return scope.select(self.table, *self.columns)


@dataclass(frozen=True, slots=True)
class Question:
    """Which items of a kind somebody asks for: conditions by their names, and how far they see."""

    kind: Kind[Any]
    names: tuple[str, ...]
    sight: Sight
    walks: bool = False


def question(
    kind: Kind[Any], narrowed: Narrowed, audience: Audience, *, walks: bool = False
) -> tuple[Question, dict[str, Any]]:
    """Return a question and its parameters."""
    sight = sight_of(audience, narrowed.get(CHANNEL))
    parameters = {f"in_{name}": value for name, value in narrowed.items()}
    return Question(kind, tuple(sorted(narrowed)), sight, walks), {**parameters, **reader_of(audience)}


@lru_cache(maxsize=512)
def conditions(asked: Question) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a question, those of the workspace aside."""
    kind = asked.kind
    channel = kind.table.c.channel_id == bindparam(IN_CHANNEL, type_=sa.Integer())
    known = {CHANNEL: channel, **kind.conditions, **(kind.walking if asked.walks else {})}
    there = kind.table.c.removed_at.is_(None)
    return (there, *(known[name] for name in asked.names), *visible(kind.table, kind.own, asked.sight))


@lru_cache(maxsize=512)
def matching(asked: Question) -> Select[Any]:
    """Select the items that a question is about."""
    return asked.kind.select().where(*conditions(asked))
