"""What is done with an order: written with its lines, told in its history, and kept so that it can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from operator import attrgetter

from core.chat.actor import Actor
from core.orders.kind import LINE_KIND, ORDER_KIND, ORDER_NAMES, ORDER_STEP
from core.orders.model import Filled, Order, OrderLine, OrderStatus
from core.orders.repository import ORDERS
from core.ports.storage import UnitOfWork
from core.shared.errors import RefusedError
from core.shared.events import Event
from core.shared.value_objects import value_object
from core.stock.service import Moved, plain_moved
from core.undo.keeping import add_entry, record_changes


@value_object
class OrderChange:
    """An order as it is now and as it was (None: it is new), and how to take that back; empty if that can't be.

    `refused` says why it did not become what was asked for; goods of lines that are `absent` did not come back since
    their products are in the catalogue no more.
    """

    now: Filled
    before: Filled | None = None
    undo_id: str = ""
    refused: RefusedError | None = None
    absent: Sequence[OrderLine] = ()


def check_change(order: Order, status: OrderStatus) -> None:
    """Refuse what can't come of an order; raises `RefusedError` (`order_status`)."""
    if not order.status.may_become(status):
        raise RefusedError(
            "order_status", field="order", number=order.number, status=order.status.value, wanted=status.value
        )


async def keep(
    work: UnitOfWork,
    actor: Actor,
    verb: str,
    now: datetime,
    before: Filled | None,
    after: Filled,
    *,
    moved: Moved | None = None,
    attempt: int = 0,
    undoable: bool = True,
) -> OrderChange:
    """Store an order and what was done with it; `attempt` is that of a payment which was taken by it."""
    if before is None:
        order = after.order
        work.of(ORDERS).add(order)
    else:
        order = replace(after.order, version=before.order.version + 1)
        await work.of(ORDERS).change_many([order])
    if before is None or before.lines != after.lines:
        await work.of(ORDERS).put_lines(order.number, after.lines)
    command = f"{ORDER_NAMES.area} {verb}"
    record_changes(work, ORDER_KIND, actor, command, [before.order if before else None], [order], now)
    tell(work, actor, verb, order, now)
    done = Filled(order, after.lines)
    if not undoable:
        return OrderChange(done, before)
    payload = _plain(done, before, moved, attempt)
    return OrderChange(done, before, add_entry(work, actor, command, ORDER_STEP, payload, now))


def tell(work: UnitOfWork, actor: Actor, verb: str, order: Order, now: datetime) -> None:
    """Let others know what was done with an order."""
    told = {"number": order.number, "status": order.status.value, "total": str(order.total)}
    work.events.record(Event(f"{ORDER_NAMES.area}.{verb}", now, None, actor.member_id, told))


_OF_LINE = attrgetter(*LINE_KIND.names)


def mark_of(filled: Filled) -> str:
    """Return what tells an order that is as a step left it, whatever was done and taken back since, from any other.

    That it has a receipt stays when its payment is taken back.
    """
    order = replace(filled.order, version=0, receipt=0)
    said = [repr(_like(getattr(order, name))) for name in ORDER_KIND.names]
    said += [repr(_like(value)) for line in filled.lines for value in _OF_LINE(line)]
    return sha256("\n".join(said).encode()).hexdigest()


def _like(value: object) -> object:
    """Return a value in one form: amounts come back from storage with more decimal places than they went."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _plain(done: Filled, before: Filled | None, moved: Moved | None, attempt: int) -> Mapping[str, object]:
    return {
        "number": done.order.number,
        "left": mark_of(done),
        "before": _plain_order(before) if before else None,
        "moved": plain_moved(moved) if moved else None,
        "attempt": attempt,
    }


def _plain_order(filled: Filled) -> Mapping[str, object]:
    return {"order": ORDER_KIND.snapshot(filled.order), "lines": list(map(LINE_KIND.snapshot, filled.lines))}
