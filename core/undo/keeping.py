"""What every area does with a change: keep what happened to each thing."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from core.chat.actor import Actor
from core.history.model import ChangeEntry
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import NotFoundError
from core.undo.kinds import RecordKind

T = TypeVar("T")

TAKING_BACK = "qm undo"
"""The command under which what was taken back is kept."""


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
