"""Taking the last step of an order back, with its lines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from core.chat.actor import Actor
from core.orders.kind import LINE_KIND, ORDER_KIND
from core.orders.model import Filled
from core.orders.repository import ORDERS
from core.orders.steps import OrderChange, mark_of, tell
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError
from core.shared.value_objects import value_object
from core.stock.service import Moved, moved_of
from core.undo.keeping import TAKING_BACK, record_changes


@value_object
class Step:
    """What an undo entry keeps: the order as it was and what marks it as it was left, and goods that moved."""

    number: int
    left: str
    before: Filled | None
    moved: Moved | None
    attempt: int


async def put_back(work: UnitOfWork, actor: Actor, step: Step, now: datetime) -> OrderChange:
    """Store an order as a step had found it, which is the last one or the last that was not taken back yet.

    Raises `ConflictError`: `changed_since` unless it is, `another_cart` where there is one since.
    """
    order = await work.of(ORDERS).find(step.number)
    lines = (await work.of(ORDERS).lines([step.number])).get(step.number, ())
    if order is None or mark_of(Filled(order, lines)) != step.left:
        title = order.customer_name if order else ""
        raise ConflictError("changed_since", noun=ORDER_KIND.name, number=step.number, title=title, changed=("status",))
    was = step.before or Filled(replace(order, removed_at=now), lines)
    other = await work.of(ORDERS).cart_of(order.author_id, order.placed_in) if was.order.status.is_cart else None
    if other and other.number != order.number:
        raise ConflictError("another_cart", number=order.number, other=other.number)
    # A receipt that was written out keeps its number.
    back = replace(was.order, version=order.version + 1, receipt=order.receipt)
    await work.of(ORDERS).change_many([back])
    await work.of(ORDERS).put_lines(back.number, was.lines)
    record_changes(work, ORDER_KIND, actor, TAKING_BACK, [order], [back], now)
    tell(work, actor, "undo", back, now)
    return OrderChange(Filled(back, was.lines), Filled(order, lines))


def step_of(entry: UndoEntry) -> Step:
    """Return what an undo entry keeps; raises `ConflictError` (`undo_unreadable`) for what another version wrote."""
    try:
        plain = entry.payload
        before = plain["before"]
        filled = None
        if isinstance(before, Mapping):
            filled = Filled(ORDER_KIND.record(before["order"]), list(map(LINE_KIND.record, before["lines"])))
        moved = plain["moved"]
        return Step(
            int(str(plain["number"])),
            str(plain["left"]),
            filled,
            moved_of(moved) if isinstance(moved, Mapping) else None,
            int(str(plain["attempt"])),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ConflictError("undo_unreadable") from error
