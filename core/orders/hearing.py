"""News of payments by card: whoever hears that there is some has it looked at, once for an event."""

import re
from dataclasses import replace

from core.chat.reply import Reply
from core.orders.cards import CARD_HEARD
from core.orders.repository import ORDER_CARDS
from core.ports.payments import Heard
from core.ports.storage import AlreadyDeliveredError, Storage
from core.shared.clock import Clock
from core.shared.events import Event

_SCOPE = re.compile(r"([0-9]{1,9})-.+", re.ASCII)


def scope_of(workspace_id: int, code: str) -> str:
    """Return what makes a key one that nobody else has: the workspace, and a code that no other database has."""
    return f"{workspace_id}-{code}"


async def hear(storage: Storage, clock: Clock, heard: Heard) -> None:
    """Let the payment be looked at that an event tells of; what is none of ours is left alone, as is a repetition."""
    match = _SCOPE.fullmatch(heard.scope)
    if match is None or not await _is_ours(storage, int(match[1]), heard):
        return
    transactions, now = storage.request(int(match[1]), f"payment:{heard.event_id}"), clock.now()
    try:
        async with transactions.write() as work:
            attempt = await work.of(ORDER_CARDS).find(heard.key)
            if attempt is None:
                return
            known = attempt.checkout_id or heard.checkout_id
            await work.of(ORDER_CARDS).put(replace(attempt, checkout_id=known, look_at=now))
            work.events.record(Event(CARD_HEARD, now, None, None, {"number": heard.key.order}))
            await work.commit()
        await transactions.settle(Reply())
    except AlreadyDeliveredError:
        return
    finally:
        await transactions.abandon()


async def _is_ours(storage: Storage, workspace_id: int, heard: Heard) -> bool:
    async with storage.workspace(workspace_id).read() as work:
        attempt = await work.of(ORDER_CARDS).find(heard.key)
    return attempt is not None and attempt.scope == heard.scope
