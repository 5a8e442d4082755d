"""What every area does with a change: keep what happened to each thing, and how to take it back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from core.chat.actor import Actor
from core.history.model import ChangeEntry
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import NotFoundError
from core.shared.ids import new_id
from core.shared.undo import UNDO_WINDOW
from core.undo.kinds import RecordKind
from core.undo.steps import payload_of

T = TypeVar("T")

TAKING_BACK = "qm undo"
"""The command under which what was taken back is kept."""


def keep_change(
    work: UnitOfWork,
    kind: RecordKind[T],
    actor: Actor,
    command: str,
    before: Sequence[T | None],
    after: Sequence[T],
    now: datetime,
) -> str:
    """Keep what a command did, in each thing's history and to be taken back as one; return the undo entry's id.

    `before` holds None for a new thing.
    """
    record_changes(work, kind, actor, command, before, after, now)
    return add_entry(work, actor, command, kind.change, payload_of(kind, before, after), now)


def add_entry(
    work: UnitOfWork, actor: Actor, command: str, kind: str, payload: Mapping[str, object], now: datetime
) -> str:
    """Keep how to take back what a command did, by a payload for the inverse of that kind; return the entry's id."""
    entry = UndoEntry(
        id=new_id(now),
        author_id=actor.member_id,
        channel_id=actor.channel_id,
        command=command,
        kind=kind,
        payload=payload,
        created_at=now,
        expires_at=now + UNDO_WINDOW,
    )
    work.undo.add(entry)
    return entry.id


def record_changes(
    work: UnitOfWork,
    kind: RecordKind[T],
    actor: Actor,
    command: str,
    before: Sequence[T | None],
    after: Sequence[T],
    now: datetime,
) -> None:
    """Keep in each thing's history what a command did to it; `before` holds None for a new one."""
    for old, new in zip(before, after, strict=True):
        fields = () if old is None else tuple(kind.changes(old, new))
        if fields or old is None:
            work.changes.add(ChangeEntry(kind.name, kind.number_of(new), now, actor.member_id, command, fields))


def check_reach(actor: Actor, entry: UndoEntry) -> None:
    """Let only its author and the people in the channel where a change was made reach its undo entry.

    Raises `NotFoundError`.
    """
    if actor.member_id != entry.author_id and actor.channel_id != entry.channel_id:
        raise NotFoundError("undo", entry.id)
