"""What a reply leaves behind: its actions, and how to take the change back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam

from adapters.storage.schema.tables import actions, undo_entries
from adapters.storage.work import scope
from adapters.storage.work.codec import actions_text, data_of, data_text
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.chat.reply import Action
from core.ports.storage import UndoEntry

_u = undo_entries.c

_GET = scope.select(undo_entries).where(_u.id == bindparam("the_entry"))
_LATEST = (
    scope.select(undo_entries)
    .where(_u.author_id == bindparam("the_author"), _u.used_at.is_(None), _u.expires_at > bindparam("moment"))
    .order_by(_u.created_at.desc(), _u.id.desc())
    .limit(1)
)
_USE = scope.update(undo_entries).where(_u.id == bindparam("the_entry"), _u.used_at.is_(None))

_FORMER = scope.delete(actions).where(actions.c.set_id == bindparam("the_set"))


class Actions:
    """The repository of stored actions."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, set_id: str, actions_: Sequence[Action], *, channel_id: int, expires_at: datetime) -> None:
        """Keep the actions of one reply under `set_id`, in one row."""
        self._transaction.later(actions, _kept(set_id, actions_, channel_id, expires_at))

    async def keep(self, set_id: str, actions_: Sequence[Action], *, channel_id: int, expires_at: datetime) -> None:
        """Keep the actions of a message that is edited again and again, in place of those it had; none forgets them."""
        row = _kept(set_id, actions_, channel_id, expires_at)

        def put(db: Scoped) -> None:
            db.change(_FORMER, the_set=set_id)
            if actions_:
                db.insert(actions, row)

        await self._transaction.run(put)


class UndoEntries:
    """The repository of undo entries."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, entry: UndoEntry) -> None:
        """Keep an entry."""
        row = {
            "id": entry.id,
            "author_id": entry.author_id,
            "channel_id": entry.channel_id,
            "command": entry.command,
            "kind": entry.kind,
            "payload": data_text(entry.payload),
            "created_at": entry.created_at,
            "expires_at": entry.expires_at,
            "used_at": entry.used_at,
        }
        self._transaction.later(undo_entries, row)

    async def get(self, entry_id: str) -> UndoEntry | None:
        """Return an entry, expired or used ones too."""
        return await self._transaction.run(lambda db: _entry(db.first(_GET, the_entry=entry_id)))

    async def latest(self, author_id: int, now: datetime) -> UndoEntry | None:
        """Return the newest entry of a member that is neither used nor expired."""
        return await self._transaction.run(lambda db: _entry(db.first(_LATEST, the_author=author_id, moment=now)))

    async def use(self, entry_id: str, at: datetime) -> bool:
        """Mark an entry as used and tell whether it was unused."""

        def use(db: Scoped) -> bool:
            return db.change(_USE, the_entry=entry_id, used_at=at) == 1

        return await self._transaction.run(use)


def _kept(set_id: str, actions_: Sequence[Action], channel_id: int, expires_at: datetime) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "channel_id": channel_id,
        "actions": actions_text(actions_),
        "expires_at": expires_at,
    }


def _entry(row: Row[Any] | None) -> UndoEntry | None:
    if row is None:
        return None
    return UndoEntry(
        id=row.id,
        author_id=row.author_id,
        channel_id=row.channel_id,
        command=row.command,
        kind=row.kind,
        payload=data_of(row.payload),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
