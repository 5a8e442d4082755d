"""What is deleted from the cache of one process is deleted from that of every other, by the news of it."""

from datetime import datetime

from core.chat.actor import Actor
from core.ports.cache import Cache
from core.ports.storage import Committed, Storage, UnitOfWork
from core.shared.events import Event

CLEARED = "cache.cleared"
_WHAT = "what"


def tell_of_clearing(work: UnitOfWork, actor: Actor, now: datetime, key: str = "") -> None:
    """Record that an answer is to be kept no more, or none at all."""
    work.events.record(Event(CLEARED, now, None, actor.member_id, {_WHAT: key}))


def follow_clearing(storage: Storage, cache: Cache) -> None:
    """Clear a cache whenever that is done in any process."""

    def clear(committed: Committed) -> None:
        for event in committed.events:
            if event.kind == CLEARED and (key := str(event.payload.get(_WHAT, ""))):
                cache.delete(committed.workspace_id, key)
            elif event.kind == CLEARED:
                cache.clear(committed.workspace_id)

    storage.watch(clear)
