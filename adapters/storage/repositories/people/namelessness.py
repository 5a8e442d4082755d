"""What would still tell of somebody who was forgotten: answers, posts, buttons, and what could be undone of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, Update, bindparam

from adapters.storage.engine.dialects import Dialect
from adapters.storage.schema.history_tables import changes
from adapters.storage.schema.job_table import jobs
from adapters.storage.schema.schedule_table import schedules
from adapters.storage.schema.tables import actions, deliveries, members, messages, outbox, undo_entries
from adapters.storage.system.retention import is_under_way
from adapters.storage.work import scope
from adapters.storage.work.codec import actions_of, actions_text, data_of, post_of, post_text, reply_of, reply_text
from adapters.storage.work.scope import Scoped
from core.chat.actions import ACTION_LIFE
from core.people.kind import JOINED, MEMBER_CHANGES, MEMBER_KIND, NAME
from core.people.namelessness import Nameless

STEP = 200
"""Texts that are looked into at once."""

Key = tuple[Any, ...]
"""The key of a row, the workspace aside."""


@dataclass(frozen=True, slots=True)
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

    def without(self, nameless: Nameless, text: str) -> str:
        """Return a text that does not tell of them; one that can't be read stays, and goes when its time is up."""
        if self.codec is None:
            return nameless.written(text)
        value_of, text_of = self.codec
        try:
            value = value_of(text)
        except ValueError:
            return text
        without = nameless.answer(value)
        return text if without == value else text_of(without)


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

_NAMED = scope.select(members, members.c.id, members.c.name, members.c.email).where(members.c.forgotten_at.is_(None))
_JOINED = scope.select(changes, changes.c.person_id).where(
    changes.c.kind == MEMBER_KIND.name,
    changes.c.number == bindparam("the_member"),
    changes.c.field == JOINED,
    changes.c.person_id.is_not(None),
)
_FORMER = scope.select(changes, changes.c.before).where(
    changes.c.kind == MEMBER_KIND.name,
    changes.c.number == bindparam("the_member"),
    changes.c.field == NAME,
    changes.c.before.is_not(None),
)
_undo = undo_entries.c
# An import's undo that is under way takes its entry to go on.
_THEIRS = scope.delete(undo_entries).where(_undo.author_id == bindparam("the_member"), ~is_under_way())
_KINDS = _undo.kind.in_(bindparam("the_kinds", expanding=True))
_OF_PEOPLE = scope.select(undo_entries, _undo.id, _undo.payload).where(_KINDS)
_ONE = scope.delete(undo_entries).where(_undo.id == bindparam("the_entry"))


def accounts_of(db: Scoped, member_id: int) -> Sequence[int]:
    """Return a member's id, and those of the accounts that turned out to be theirs, and so on."""
    found = [member_id]
    for account in found:
        found.extend(row.person_id for row in db.all(_JOINED, the_member=account) if row.person_id not in found)
    return found


def nameless_of(db: Scoped, accounts: Sequence[int]) -> Sequence[Nameless]:
    """Return what takes away all names of somebody's accounts, nothing for those that are forgotten."""
    known = {row.id: row for row in db.all(_NAMED)}
    others = frozenset(row.name for number, row in known.items() if number not in accounts)
    found = []
    for row in (known[account] for account in accounts if account in known):
        found.append(Nameless(row.id, row.name, row.email or "", others))
        former = (str(data_of(change.before)) for change in db.all(_FORMER, the_member=row.id))
        found.extend(Nameless(row.id, name, "", others) for name in dict.fromkeys(former))
    return found


def leave_no_undo(db: Scoped, member_id: int) -> None:
    """Let nothing be undone that they did or that was done to what is known of them: an undo holds what was."""
    db.change(_THEIRS, the_member=member_id)
    for row in db.all(_OF_PEOPLE, the_kinds=list(MEMBER_CHANGES)):
        if member_id in _members_of(data_of(row.payload)):
            db.change(_ONE, the_entry=row.id)


def leave_no_name(db: Scoped, nameless: Nameless, since: datetime | None) -> None:
    """Take their name out of the texts that have been kept since, or out of all."""
    for kept in KEPT:
        asked = _recent(kept) if since else _all(kept)
        values = {"since": since + _LIFE[kept.table] if kept.table in _LIFE else since} if since else {}
        put(db, kept, renamed(kept, nameless, db.all(asked, **values)))


def page(db: Scoped, kept: Kept, after: Key | None) -> Sequence[Row[Any]]:
    """Return some rows behind the one of a key, or the first ones: their keys and texts, in the order of keys."""
    places = {f"place_{index}": value for index, value in enumerate(after or ())}
    return db.all(_page(db.dialect, kept, placed=after is not None), **places)


def renamed(kept: Kept, nameless: Nameless, rows: Sequence[Row[Any]]) -> list[tuple[Key, str, str]]:
    """Return the keys of rows that tell of them, with their texts as they are and as they will be."""
    return list(_renamed(kept, nameless, rows))


def put(db: Scoped, kept: Kept, found: Sequence[tuple[Key, str, str]]) -> None:
    """Store texts in place of those that they were made of, unless these were replaced meanwhile."""
    for key, old, new in found:
        values = {f"place_{index}": value for index, value in enumerate(key)}
        db.change(_put(kept), **values, the_old=old, **{kept.text.name: new})


def _renamed(kept: Kept, nameless: Nameless, rows: Sequence[Row[Any]]) -> Iterator[tuple[Key, str, str]]:
    for row in rows:
        key: Key = tuple(row[:-1])
        text = row[-1]
        if text and nameless.may_tell(text) and (new := kept.without(nameless, text)) != text:
            yield key, text, new


def _members_of(payload: dict[str, Any]) -> list[object]:
    """Return whose records an undo entry puts back, also of one in an earlier form."""
    return [payload.get("member"), *(step.get("number") for step in payload.get("steps", ()))]


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
