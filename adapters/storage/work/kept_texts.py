"""Texts that are kept for a while and may tell of somebody: answers, posts, buttons, what was typed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, Update, bindparam

from adapters.storage.engine.dialects import Dialect
from adapters.storage.schema.job_table import jobs
from adapters.storage.schema.schedule_table import schedules
from adapters.storage.schema.tables import actions, deliveries, messages, outbox
from adapters.storage.work import scope
from adapters.storage.work.codec import actions_of, actions_text, post_of, post_text, reply_of, reply_text
from adapters.storage.work.scope import Scoped
from core.chat.actions import ACTION_LIFE
from core.chat.rewriting import Rewriting
from core.shared.value_objects import value_object

STEP = 200
"""Texts that are looked into at once."""

Key = tuple[Any, ...]
"""The key of a row, the workspace aside."""


@value_object
class Kept:
    """Texts that may tell of somebody: a table's answers by their codec, or words, and since when a row is as it is."""

    table: Table
    text: Column[Any]
    at: ColumnElement[Any]
    codec: tuple[Callable[[str], Any], Callable[[Any], str]] | None = None

    @property
    def key(self) -> Sequence[Column[Any]]:
        """Return what a row of the workspace is found by."""
        return [column for column in self.table.primary_key.columns if column.name != "workspace_id"]

    def put(self, way: Rewriting, text: str) -> str:
        """Return a text in other words; one that can't be read stays, and goes when its time is up."""
        if self.codec is None:
            return way.written(text)
        value_of, text_of = self.codec
        try:
            value = value_of(text)
        except ValueError:
            return text
        other = way.answer(value)
        return text if other == value else text_of(other)


_REPLY = (reply_of, reply_text)
KEPT = (
    Kept(deliveries, deliveries.c.reply, deliveries.c.kept_at, _REPLY),
    Kept(messages, messages.c.reply, messages.c.updated_at, _REPLY),
    Kept(messages, messages.c.words, messages.c.updated_at),
    Kept(jobs, jobs.c.result, jobs.c.ended_at, _REPLY),
    Kept(jobs, jobs.c.arguments, jobs.c.created_at),
    Kept(schedules, schedules.c.arguments, schedules.c.created_at),
    Kept(schedules, schedules.c.title, schedules.c.created_at),
    Kept(schedules, schedules.c.title_sort, schedules.c.created_at),
    Kept(schedules, schedules.c.last_error, schedules.c.created_at),
    Kept(outbox, outbox.c.post, outbox.c.created_at, (post_of, post_text)),
    Kept(actions, actions.c.actions, actions.c.expires_at, (actions_of, actions_text)),
)
_LIFE = {actions: ACTION_LIFE}
"""How long before that time a row was made, where it is that of its end."""


def rewrite(db: Scoped, way: Rewriting, since: datetime | None) -> None:
    """Put the texts that have been kept since, or all, in other words."""
    for kept in KEPT:
        asked = _recent(kept) if since else _all(kept)
        values = {"since": since + _LIFE[kept.table] if kept.table in _LIFE else since} if since else {}
        put(db, kept, reworded(kept, way, db.all(asked, **values)))


def page(db: Scoped, kept: Kept, after: Key | None) -> Sequence[Row[Any]]:
    """Return some rows behind the one of a key, or the first ones: their keys and texts, in the order of keys."""
    places = {f"place_{index}": value for index, value in enumerate(after or ())}
    return db.all(_page(db.dialect, kept, placed=after is not None), **places)


def reworded(kept: Kept, way: Rewriting, rows: Sequence[Row[Any]]) -> list[tuple[Key, str, str]]:
    """Return the keys of rows whose texts change, with these as they are and as they will be."""
    return list(_reworded(kept, way, rows))


def put(db: Scoped, kept: Kept, found: Sequence[tuple[Key, str, str]]) -> None:
    """Store texts in place of those that they were made of, unless these were replaced meanwhile."""
    for key, old, new in found:
        values = {f"place_{index}": value for index, value in enumerate(key)}
        db.change(_put(kept), **values, the_old=old, **{kept.text.name: new})


def _reworded(kept: Kept, way: Rewriting, rows: Sequence[Row[Any]]) -> Iterator[tuple[Key, str, str]]:
    for row in rows:
        key: Key = tuple(row[:-1])
        text = row[-1]
        if text and way.may_tell(text) and (new := kept.put(way, text)) != text:
            yield key, text, new


@cache
def _all(kept: Kept) -> Any:
    return scope.select(kept.table, *kept.key, kept.text)


@cache
def _recent(kept: Kept) -> Any:
    return _all(kept).where(kept.at >= bindparam("since", type_=kept.at.type))


@cache
def _page(dialect: Dialect, kept: Kept, *, placed: bool) -> Any:
    statement = _all(kept).order_by(*kept.key).limit(STEP)
    if not placed:
        return statement
    values = [bindparam(f"place_{index}", type_=column.type) for index, column in enumerate(kept.key)]
    return statement.where(dialect.beyond(kept.key, values, descending=False))


@cache
def _put(kept: Kept) -> Update:
    mine = [column == bindparam(f"place_{index}") for index, column in enumerate(kept.key)]
    return scope.update(kept.table).where(*mine, kept.text == bindparam("the_old"))
