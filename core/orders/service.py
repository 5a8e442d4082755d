"""What becomes of an order once its cart is filled: checked out, paid, cancelled, sent back, refunded."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from core.chat.actor import Actor
from core.chat.reply import Reply
from core.history.service import NumberedService
from core.orders.carts import absent_of, cart_of, filled, priced, terms_of
from core.orders.kind import ORDER_NAMES, ORDER_UNDO
from core.orders.model import Filled, Order, OrderFilter, OrderLine, OrderStatus, PaymentState
from core.orders.repository import ORDERS
from core.orders.rules import check_size, checked_quantity, set_aside_for
from core.orders.steps import OrderChange, check_change, keep
from core.orders.sums import Taxed, rounded, shares, with_sums
from core.orders.undo import put_back, step_of
from core.payments.model import Method, Payment, PaymentKey, Status
from core.payments.money import money
from core.people.model import Role
from core.ports.storage import Post, Transactions, UndoEntry, UnitOfWork
from core.sales.model import SaleLine
from core.sales.repository import SALES
from core.shared.clock import Clock
from core.shared.currencies import fits, places_of
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.paging import Page
from core.shared.value_objects import value_object
from core.stock.model import Shop
from core.stock.service import Line, Moved, Sale, StockService, cost_of
from core.undo.keeping import check_reach
from core.workspaces.model import Audience

SOURCE = "order"
"""What lines of sales that come from orders name as their source."""
UNPAID = "unpaid"
"""Why an order's goods were let go: nobody paid in time."""
NOTHING_TO_KEEP = frozenset({"cart_empty", "not_your_cart", "order_status", "order_too_large"})
"""Reasons for which a checkout is refused that say nothing of the goods, or with which nothing could be kept."""


@value_object
class OrderCard:
    """An order with its lines, and the attempts at paying it."""

    filled: Filled
    payments: Sequence[Payment]


class OrderService(NumberedService[Order]):
    """The orders of one workspace, for the length of one request."""

    called, kept, undoing = ORDER_NAMES, ORDERS, ORDER_UNDO

    def __init__(self, transactions: Transactions, clock: Clock, stock: StockService) -> None:
        """Bind to the workspace's units of work, the time, and what moves goods."""
        super().__init__(transactions, clock)
        self._stock = stock

    # --- looking -----------------------------------------------------------------

    async def show(self, number: int, audience: Audience) -> OrderCard:
        """Return an order with all there is to it; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            order = await self._load(work, number, audience)
            payments = await work.of(ORDERS).payments(number)
            return OrderCard(await filled(work, order), payments)

    async def list(self, wanted: OrderFilter, audience: Audience, *, cursor: str = "") -> Page[Order]:
        """Return a page of orders, the newest first."""
        async with self._transactions.read() as work:
            return await work.of(ORDERS).page(wanted, audience, cursor=cursor)

    # --- checking out, paying -----------------------------------------------------

    async def checkout(
        self, actor: Actor, audience: Audience, shop: Shop, method: Method, number: int | None = None
    ) -> OrderChange:
        """Set the goods of a cart aside until it is paid, or those of an order that was not paid in time.

        What can't be had as it was put in, since goods don't suffice or prices changed, stays a cart that keeps why:
        `refused` of the change says it. Raises `RefusedError` (`cart_empty`, `not_your_cart`, `order_status`,
        `order_too_large`).
        """
        try:
            async with self._transactions.write() as work:
                return await self._checked_out(work, actor, audience, shop, method, number)
        except RefusedError as error:
            if error.reason in NOTHING_TO_KEEP:
                raise
            return await self._failed(actor, audience, shop, number, error)

    async def _checked_out(
        self, work: UnitOfWork, actor: Actor, audience: Audience, shop: Shop, method: Method, number: int | None
    ) -> OrderChange:
        before, now = await self._open(work, actor, audience, number), self._clock.now()
        if absent := await absent_of(work, audience, before.lines):
            raise RefusedError("product_gone", field="product", number=absent[0].product, name=absent[0].name)
        after = await priced(work, audience, shop, before)
        check_size(after.order)
        if after.order.total != before.order.total:
            was, total = (rounded(one.order.total, shop.currency) for one in (before, after))
            raise RefusedError(
                "total_changed", number=before.order.number, was=was, total=total, currency=shop.currency
            )
        lines = [Line(line.product, line.quantity) for line in after.lines]
        moved = await self._stock.reserve(work, actor, shop, lines, reference_of(before.order))
        until = now + set_aside_for(method, await terms_of(work, actor, self._clock))
        placed = replace(after.order, status=OrderStatus.PENDING, method=method, reason="", placed_at=now, until=until)
        change = await keep(work, actor, "checkout", now, before, replace(after, order=placed), moved=moved)
        await work.commit()
        return change

    async def _open(self, work: UnitOfWork, actor: Actor, audience: Audience, number: int | None) -> Filled:
        """Return what is to be checked out."""
        cart = (
            await cart_of(work, actor)
            if number is None
            else await filled(work, await self._load(work, number, audience))
        )
        if cart is None or not cart.lines:
            raise RefusedError("cart_empty")
        check_change(cart.order, OrderStatus.PENDING)
        _check_whose(cart.order, actor)
        return cart

    async def _failed(
        self, actor: Actor, audience: Audience, shop: Shop, number: int | None, error: RefusedError
    ) -> OrderChange:
        """Keep with a cart why it could not be checked out, and what it comes to now."""
        async with self._transactions.write() as work:
            before = await self._open(work, actor, audience, number)
            after = await priced(work, audience, shop, before)
            status = OrderStatus.FAILED if before.order.status.is_cart else before.order.status
            failed = replace(after, order=replace(after.order, status=status, reason=error.reason))
            change = await keep(work, actor, "checkout", self._clock.now(), before, failed, undoable=False)
            await work.commit()
        return replace(change, refused=error)

    async def pay(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, said: Method | None = None
    ) -> OrderChange:
        """Take down that an order was paid: the goods are sold, and it gets a receipt."""
        now = self._clock.now()
        async with self._transactions.write() as work:
            before = await filled(work, await self._load(work, number, audience))
            check_change(before.order, OrderStatus.COMPLETED)
            moved = await self._stock.take_reserved(work, actor, shop, sale_lines(before), sale_of(before.order))
            method = said or before.order.method or Method.CASH
            attempt = await _pay(work, actor, before.order, method, now)
            receipt = before.order.receipt or await work.of(ORDERS).next_receipt()
            terms = await terms_of(work, actor, self._clock)
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
            change = await keep(work, actor, "pay", now, before, after, moved=moved, attempt=attempt)
            await work.commit()
        return change

    # --- taking back ----------------------------------------------------------------

    async def cancel(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, *, restock: bool = True
    ) -> OrderChange:
        """Cancel an order: what was set aside is free again, what was sold comes back unless it is not to.

        The money is another matter (`refund`). A cart is dropped by whose it is, or by a manager: raises `RefusedError`
        (`not_your_cart`) for others.
        """
        now = self._clock.now()
        async with self._transactions.write() as work:
            before = await filled(work, await self._load(work, number, audience))
            check_change(before.order, OrderStatus.CANCELLED)
            if actor.role < Role.MANAGER:
                _check_whose(before.order, actor)
            wanted = _kept(before.lines)
            moved, absent = await self._freed(work, actor, audience, shop, before, wanted, restock=restock)
            lines = [replace(line, gone=line.quantity) for line in before.lines]
            order = replace(before.order, status=OrderStatus.CANCELLED, until=None)
            after = Filled(order, lines if before.order.status is OrderStatus.COMPLETED else before.lines)
            change = await keep(work, actor, "cancel", now, before, after, moved=moved)
            await work.commit()
        return replace(change, absent=absent)

    async def send_back(
        self,
        actor: Actor,
        audience: Audience,
        shop: Shop,
        number: int,
        product: int,
        quantity: int | None,
        *,
        restock: bool = True,
    ) -> OrderChange:
        """Take some of a line out of an order that is not paid, or goods back that were sold, all unless told how many.

        Raises `RefusedError` (`not_in_order`, `not_so_many`, `order_status`).
        """
        now = self._clock.now()
        async with self._transactions.write() as work:
            before = await filled(work, await self._load(work, number, audience))
            if before.order.status not in (OrderStatus.PENDING, OrderStatus.COMPLETED):
                check_change(before.order, OrderStatus.COMPLETED)
            line, count = _wanted(before, product, quantity)
            wanted = [Line(product, count)]
            moved, absent = await self._freed(work, actor, audience, shop, before, wanted, restock=restock)
            after = _without(before, line, count)
            if not any(each.kept for each in after.lines):
                after = replace(after, order=replace(after.order, status=OrderStatus.CANCELLED, until=None))
            change = await keep(work, actor, "return", now, before, after, moved=moved)
            await work.commit()
        return replace(change, absent=absent)

    async def refund(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, amount: Decimal | None
    ) -> OrderChange:
        """Give money back, all that is left of it unless told how much; that is a negative sale of its own day."""
        now = self._clock.now()
        async with self._transactions.write() as work:
            before = await filled(work, await self._load(work, number, audience))
            given = checked_refund(before.order, amount)
            await _refund(work, actor, before.order, given, now)
            work.of(SALES).add(_refunded(before, given, shop, now))
            refunded = before.order.refunded + given
            state = PaymentState.REFUNDED if refunded == before.order.total else PaymentState.PARTLY_REFUNDED
            order = replace(before.order, payment=state, refunded=refunded)
            change = await keep(work, actor, "refund", now, before, replace(before, order=order), undoable=False)
            await work.commit()
        return change

    async def undo(self, actor: Actor, shop: Shop, entry: UndoEntry) -> OrderChange:
        """Take the last step of an order back, by entries of the ledger that come to the opposite.

        Raises `ConflictError` (`changed_since`) if something was done since, and as `StockService` does: a cancelled
        order comes back only while its goods are there.
        """
        check_reach(actor, entry)
        step, now = step_of(entry), self._clock.now()
        async with self._transactions.write() as work:
            change = await put_back(work, actor, step, now)
            if step.moved:
                await self._stock.take_back(work, actor, shop, step.moved)
            if step.attempt:
                await _give_back(work, actor, change.now.order, step.attempt, now)
            await work.commit()
        return change

    async def let_go(self, actor: Actor, shop: Shop, number: int, word: Callable[[Order], Reply]) -> OrderChange | None:
        """Free the goods of an order that nobody paid in time, and say so where it was begun.

        Returns None if it was paid or cancelled meanwhile.
        """
        now = self._clock.now()
        async with self._transactions.write() as work:
            audience = Audience(actor.member_id, frozenset())
            order = await work.of(ORDERS).get(number, audience)
            if order is None or order.status is not OrderStatus.PENDING or not order.until or order.until > now:
                return None
            before = await filled(work, order)
            moved, _ = await self._freed(work, actor, audience, shop, before, _kept(before.lines), restock=True)
            failed = replace(order, status=OrderStatus.PAYMENT_FAILED, reason=UNPAID, until=None)
            after = replace(before, order=failed)
            change = await keep(work, actor, "expire", now, before, after, moved=moved, undoable=False)
            work.outbox.add(Post(word(failed), channel_id=order.placed_in), now)
            await work.commit()
        return change

    async def overdue(self, limit: int) -> Sequence[Order]:
        """Return orders whose goods were set aside until now."""
        async with self._transactions.read() as work:
            return await work.of(ORDERS).overdue(self._clock.now(), limit)

    async def _freed(
        self,
        work: UnitOfWork,
        actor: Actor,
        audience: Audience,
        shop: Shop,
        order: Filled,
        lines: Sequence[Line],
        *,
        restock: bool,
    ) -> tuple[Moved | None, Sequence[OrderLine]]:
        """Let goods go or take them in again; return what moved, and lines of which nothing could be taken in."""
        reference = reference_of(order.order)
        if order.order.status is OrderStatus.PENDING and lines:
            return await self._stock.release(work, actor, shop, lines, reference), ()
        if order.order.status is not OrderStatus.COMPLETED or not restock:
            return None, ()
        wanted = {line.number for line in lines}
        absent = await absent_of(work, audience, [line for line in order.lines if line.product in wanted])
        coming = [line for line in lines if line.number not in {one.product for one in absent}]
        if not coming:
            return None, absent
        moved = await self._stock.take_in(work, actor, shop, coming, reference)
        returned = [_returned(line, order, shop, self._clock.now()) for line in coming]
        work.of(SALES).add(returned)
        return replace(moved, lines=returned), absent


def _check_whose(order: Order, actor: Actor) -> None:
    """Refuse the cart of somebody else."""
    if order.status.is_cart and order.author_id != actor.member_id:
        raise RefusedError("not_your_cart", field="order", number=order.number)


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


async def _pay(work: UnitOfWork, actor: Actor, order: Order, method: Method, now: datetime) -> int:
    """Store the payment of an order and return which attempt it is; what costs nothing needs none."""
    if not order.total:
        return 0
    attempt = len(await work.of(ORDERS).payments(order.number)) + 1
    payment = Payment(PaymentKey(order.number, attempt), method, money(order.total, order.currency))
    await work.of(ORDERS).put_payment(payment.becoming(Status.PAID), now, actor.member_id)
    return attempt


async def _give_back(work: UnitOfWork, actor: Actor, order: Order, attempt: int, now: datetime) -> None:
    """Take a recorded payment back."""
    for payment in await work.of(ORDERS).payments(order.number):
        if payment.key.attempt == attempt and payment.left:
            await work.of(ORDERS).put_payment(payment.giving_back(payment.left), now, actor.member_id)


async def _refund(work: UnitOfWork, actor: Actor, order: Order, amount: Decimal, now: datetime) -> None:
    """Take an amount off what was paid, off the last payment first."""
    owed = money(amount, order.currency).units
    for payment in reversed(await work.of(ORDERS).payments(order.number)):
        part = min(owed, payment.left)
        if part:
            await work.of(ORDERS).put_payment(payment.giving_back(part), now, actor.member_id)
            owed -= part


def _returned(back: Line, order: Filled, shop: Shop, now: datetime) -> SaleLine:
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


def _kept(lines: Sequence[OrderLine]) -> Sequence[Line]:
    return [Line(line.product, line.kept) for line in lines if line.kept]


def _wanted(order: Filled, product: int, quantity: int | None) -> tuple[OrderLine, int]:
    line = next((one for one in order.lines if one.product == product and one.kept), None)
    if line is None:
        raise RefusedError("not_in_order", field="product", number=order.order.number)
    count = line.kept if quantity is None else checked_quantity(quantity)
    if count > line.kept:
        raise RefusedError("not_so_many", field="quantity", name=line.name, left=line.kept, wanted=count)
    return line, count


def _without(order: Filled, line: OrderLine, count: int) -> Filled:
    """Return an order without so many pieces of a line; what was paid already stays as it was, with what came back."""
    if order.order.status is OrderStatus.COMPLETED:
        lines = [replace(one, gone=one.gone + count) if one is line else one for one in order.lines]
        return replace(order, lines=lines)
    left = [replace(one, quantity=one.quantity - count) if one is line else one for one in order.lines]
    taxed = Taxed(order.order.tax_rate, order.order.tax_included)
    kept = [one for one in left if one.quantity]
    return (
        with_sums(order.order, kept or order.lines, order.order.shipping, taxed)
        if kept
        else Filled(order.order, [replace(one, gone=one.quantity) for one in order.lines])
    )
