"""What is only appended: events, posts to leave after the commit, the audit trail; and the operation log to read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, literal_column

from adapters.storage.schema.tables import NAME, actions, audit, events, operations, outbox
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from adapters.storage.work.codec import actions_text, data_text, post_text
from adapters.storage.work.transaction import Transaction
from core.chat.actions import ACTION_LIFE, number_actions
from core.ports.storage import AuditEntry, Operation, OutboxState, Post
from core.shared.events import Event
from core.shared.ids import new_id

_AUDIT = scope.select(audit).order_by(audit.c.id.desc()).limit(bindparam("at_most"))
_OPERATIONS = scope.select(operations).order_by(operations.c.id.desc()).limit(bindparam("at_most"))
_FAILED = _OPERATIONS.where(operations.c.error != literal_column("''"))


class Events:
    """The repository of events."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def record(self, event: Event) -> None:
        """Keep an event in the transaction."""
        row = {
            "kind": event.kind,
            "at": event.at,
            "channel_id": event.channel_id,
            "actor_id": event.actor_id,
            "payload": data_text(event.payload),
        }
        self._transaction.later(events, row)
        self._transaction.recorded(event)


class Outbox:
    """The repository of posts, on the side of those who have something to say."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, post: Post, at: datetime) -> None:
        """Queue a post, its buttons kept so that they can be pressed; posts of one destination leave in order."""
        item_id = new_id(at)
        reply, buttons = number_actions(post.reply, item_id)
        if buttons:
            kept = {
                "set_id": item_id,
                "channel_id": post.channel_id or 0,
                "actions": actions_text(buttons),
                "expires_at": at + ACTION_LIFE,
            }
            self._transaction.later(actions, kept)
        row = {
            "id": item_id,
            "destination": f"channel:{post.channel_id}" if post.member_id is None else f"member:{post.member_id}",
            "post": post_text(replace(post, reply=reply)),
            "state": OutboxState.PENDING.value,
            "attempts": 0,
            "created_at": at,
            "due_at": at,
            "finished_at": None,
            "external_id": "",
            "reason": "",
        }
        self._transaction.later(outbox, row)
        self._transaction.posted()


class Audit:
    """The repository of the audit trail."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, entry: AuditEntry) -> None:
        """Append an entry."""
        row = {
            "at": entry.at,
            "member_id": entry.member_id,
            "channel_id": entry.channel_id,
            "command": entry.command,
            "target": storable(entry.target, NAME),
            "overrode": entry.override,
        }
        self._transaction.later(audit, row)

    async def latest(self, limit: int) -> Sequence[AuditEntry]:
        """Return the newest entries first."""
        return await self._transaction.run(lambda db: [_audited(row) for row in db.all(_AUDIT, at_most=limit)])


class Operations:
    """The repository of the operation log."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def latest(self, limit: int, *, failed_only: bool = False) -> Sequence[Operation]:
        """Return the newest operations first."""
        statement = _FAILED if failed_only else _OPERATIONS
        return await self._transaction.run(lambda db: [_operation(row) for row in db.all(statement, at_most=limit)])


def _audited(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.at, row.member_id, row.channel_id, row.command, row.target, bool(row.overrode))


def _operation(row: Row[Any]) -> Operation:
    return Operation(
        workspace_id=row.workspace_id,
        member_id=row.member_id,
        command=row.command,
        started_at=row.started_at,
        ended_at=row.ended_at,
        error=row.error,
        reference=row.reference,
    )
