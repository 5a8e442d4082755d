"""What would still tell of somebody who was forgotten: answers, posts, buttons, and what could be undone."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Column, ColumnElement, Delete, Table, Update

from adapters.storage.schema.tables import actions, deliveries, messages, outbox, undo_entries
from adapters.storage.system.retention import is_under_way
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped

SOMEBODY = "somebody"
_TELLING = ((deliveries, "reply"), (messages, "reply"), (outbox, "post"), (actions, "actions"))
# Any of them may hold what the person was, to be put back. An import's undo that is under way takes its entry to go on.
_UNDONE = scope.delete(undo_entries).where(~is_under_way())


def leave_no_name(db: Scoped, name: str, email: str) -> None:
    """Put `somebody` where stored answers name a person, and let nothing be undone any more."""
    db.change(_UNDONE)
    for table, column in _TELLING:
        for statement in _renamed(table, table.c[column], name, email):
            db.change(statement)


def _renamed(table: Table, column: Column[str], name: str, email: str) -> Iterator[Update | Delete]:
    """Yield what replaces a name as a whole text, as a mention and as what a sentence begins with, and an address."""
    quoted = json.dumps(name, ensure_ascii=False)
    pairs = [(quoted, f'"{SOMEBODY}"'), (f"@{quoted[1:-1]}", f"@{SOMEBODY}"), (json.dumps(email)[1:-1], "")]
    for old, new in pairs:
        if old.strip('@"'):
            replaced: ColumnElement[str] = sa.func.replace(column, old, new)
            yield scope.update(table).where(replaced != column).values({column: replaced})
