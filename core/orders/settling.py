"""What becomes of an order's goods and sums when money comes, goes back, or does not come, however it is paid."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from core.chat.actor import Actor
from core.orders.carts import terms_of
from core.orders.model import Filled, Order, OrderLine, OrderStatus, PaymentState
from core.orders.repository import ORDERS
from core.orders.steps import OrderChange, keep
from core.orders.sums import rounded, shares
from core.payments.model import Method, Payment, PaymentKey, Status
from core.payments.money import money
from core.ports.storage import UnitOfWork
from core.sales.model import SaleLine
from core.sales.repository import SALES
from core.shared.clock import Clock
from core.shared.currencies import fits, places_of
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.value_objects import value_object
from core.stock.model import Shop
from core.stock.service import Line, Sale, StockService, cost_of

SOURCE = "order"
"""What lines of sales that come from orders name as their source."""


@value_object
class Settling:
    """What becomes of orders in a unit of work, on behalf of whoever does it."""

    work: UnitOfWork
    stock: StockService
    actor: Actor
    shop: Shop
    clock: Clock

    async def complete(self, before: Filled, method: Method, *, attempt: int = 0, undoable: bool = True) -> OrderChange:
        """Sell what was set aside for an order that was paid by that attempt, and give it a receipt."""
        work, actor, now = self.work, self.actor, self.clock.now()
        moved = await self.stock.take_reserved(work, actor, self.shop, sale_lines(before), sale_of(before.order))
        receipt = before.order.receipt or await work.of(ORDERS).next_receipt()
        terms = await terms_of(work, actor, self.clock)
        paid = replace(
            before.order,
            status=OrderStatus.COMPLETED,
            payment=PaymentState.PAID,
            method=method,
            paid_at=now,
            receipt=receipt,
            seller=terms.seller,
            tax_id=terms.tax_id,
            until=None,
        )
        after = replace(before, order=paid)
        return await keep(work, actor, "pay", now, before, after, moved=moved, attempt=attempt, undoable=undoable)

    async def release(self, before: Filled, reason: str) -> OrderChange:
        """Free what was set aside for an order that was not paid."""
        work, actor, lines = self.work, self.actor, kept_lines(before.lines)
        reference = reference_of(before.order)
        moved = await self.stock.release(work, actor, self.shop, lines, reference) if lines else None
        order = replace(before.order, status=OrderStatus.PAYMENT_FAILED, reason=reason, until=None)
        after = replace(before, order=order)
        return await keep(work, actor, "expire", self.clock.now(), before, after, moved=moved, undoable=False)

    async def give_back(self, before: Filled, given: Decimal) -> OrderChange:
        """Write down in an order, and as a negative sale of its own day, that so much of its money went back."""
        now = self.clock.now()
        self.work.of(SALES).add(_refunded(before, given, self.shop, now))
        refunded = before.order.refunded + given
        state = PaymentState.REFUNDED if refunded == before.order.total else PaymentState.PARTLY_REFUNDED
        after = replace(before, order=replace(before.order, payment=state, refunded=refunded))
        return await keep(self.work, self.actor, "refund", now, before, after, undoable=False)


async def check_no_card(work: UnitOfWork, order: Order) -> None:
    """Refuse to change an order that somebody may be paying by card just now; raises `RefusedError` (`card_open`)."""
    if open_card(await work.of(ORDERS).payments(order.number)):
        raise RefusedError("card_open", field="order", number=order.number)


def open_card(payments: Sequence[Payment]) -> Payment | None:
    """Return the payment by card that is under way, of which an order has one at most."""
    return next((one for one in payments if one.method is Method.CARD and not one.status.is_over), None)


def reference_of(order: Order) -> str:
    """Return what the ledger and sales call an order."""
    return f"order {order.number}"


def sale_of(order: Order) -> Sale:
    """Return where its goods are sold."""
    return Sale(SOURCE, reference_of(order), order.customer, order.customer_name, tax_included=order.tax_included)


def sale_lines(order: Filled) -> Sequence[Line]:
    """Return the lines of the sale that an order becomes."""
    return [
        Line(line.product, line.quantity, line.price, line.discount, line.tax, line.cost)
        for line in order.lines
        if line.quantity
    ]


def checked_refund(order: Order, amount: Decimal | None) -> Decimal:
    """Return how much is given back of an order.

    Raises `RefusedError` (`nothing_paid`) and `InvalidArgumentError` (`refund_bad`, `refund_places`).
    """
    if order.left <= 0:
        raise RefusedError("nothing_paid", field="order", number=order.number)
    if amount is None:
        return order.left
    if not 0 < amount <= order.left:
        raise InvalidArgumentError(
            "amount", "refund_bad", value=amount, left=rounded(order.left, order.currency), currency=order.currency
        )
    if not fits(amount, order.currency):
        places = places_of(order.currency)
        raise InvalidArgumentError("amount", "refund_places", value=amount, currency=order.currency, places=places)
    return amount


async def take_down(work: UnitOfWork, actor: Actor, order: Order, method: Method, now: datetime) -> int:
    """Store the payment of an order and return which attempt it is; what costs nothing needs none."""
    if not order.total:
        return 0
    attempt = len(await work.of(ORDERS).payments(order.number)) + 1
    payment = Payment(PaymentKey(order.number, attempt), method, money(order.total, order.currency))
    await work.of(ORDERS).put_payment(payment.becoming(Status.PAID), now, actor.member_id)
    return attempt


async def take_payment_back(work: UnitOfWork, actor: Actor, order: Order, attempt: int, now: datetime) -> None:
    """Take a recorded payment back."""
    for payment in await work.of(ORDERS).payments(order.number):
        if payment.key.attempt == attempt and payment.left:
            await work.of(ORDERS).put_payment(payment.giving_back(payment.left), now, actor.member_id)


async def take_off(work: UnitOfWork, actor: Actor, order: Order, amount: Decimal, now: datetime) -> None:
    """Take an amount off what was recorded as paid, off the last payment first; raises `RefusedError` for cards."""
    owed = money(amount, order.currency).units
    for payment in reversed(await work.of(ORDERS).payments(order.number)):
        part = 0 if payment.method is Method.CARD else min(owed, payment.left)
        if part:
            await work.of(ORDERS).put_payment(payment.giving_back(part), now, actor.member_id)
            owed -= part
    if owed:
        raise RefusedError("paid_by_card", field="order", number=order.number)


def returned(back: Line, order: Filled, shop: Shop, now: datetime) -> SaleLine:
    """Return the line of goods that came back, whatever becomes of the money: so many pieces fewer, and no amount."""
    line = next(one for one in order.lines if one.product == back.number)
    cost = cost_of(-back.quantity, line.cost)
    return replace(_opposite(line, order, shop, now, "return of"), quantity=Decimal(-back.quantity), cost=cost)


def _opposite(line: OrderLine, order: Filled, shop: Shop, now: datetime, what: str) -> SaleLine:
    return SaleLine(
        business_date=shop.day_of(now),
        amount=Decimal(0),
        quantity=Decimal(0),
        price=line.price,
        currency=order.order.currency,
        source=SOURCE,
        product=line.sku,
        product_name=line.name,
        customer=order.order.customer,
        customer_name=order.order.customer_name,
        sold_at=now,
        reference=f"{what} {reference_of(order.order)}",
        cost=None if line.cost is None else Decimal(0),
        tax_included=order.order.tax_included,
    )


def _refunded(order: Filled, amount: Decimal, shop: Shop, now: datetime) -> Sequence[SaleLine]:
    """Return the negative lines of a refund: each line's share of it, in money alone."""
    nets = _given([line.amount - line.discount for line in order.lines], order.order, amount)
    taxes = _given([line.tax for line in order.lines], order.order, amount)
    return [
        replace(_opposite(line, order, shop, now, "refund of"), amount=-net, tax=-tax)
        for line, net, tax in zip(order.lines, nets, taxes, strict=True)
        if net or tax
    ]


def _given(amounts: Sequence[Decimal], order: Order, amount: Decimal) -> Sequence[Decimal]:
    """Return what a refund adds to what was given of amounts before, so that several come to what one would."""
    before, after = (
        shares(amounts, order.total, given, order.currency) for given in (order.refunded, order.refunded + amount)
    )
    return [now - was for was, now in zip(before, after, strict=True)]


def kept_lines(lines: Sequence[OrderLine]) -> Sequence[Line]:
    """Return what goods are left in lines."""
    return [Line(line.product, line.kept) for line in lines if line.kept]
