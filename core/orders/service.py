"""What becomes of an order once its cart is filled: checked out, paid, cancelled, sent back, refunded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from core.chat.actor import Actor
from core.chat.reply import Reply
from core.history.service import NumberedService
from core.orders.carts import cart_of, filled, priced, products_of, terms_of
from core.orders.kind import ORDER_NAMES, ORDER_UNDO
from core.orders.model import Filled, Order, OrderFilter, OrderLine, OrderStatus
from core.orders.repository import ORDERS
from core.orders.rules import check_size, set_aside_for
from core.orders.settling import (
    Settling,
    check_no_card,
    checked_refund,
    kept_lines,
    reference_of,
    returned,
    take_down,
    take_off,
    take_payment_back,
)
from core.orders.steps import OrderChange, check_change, keep
from core.orders.sums import Taxed, rounded, with_sums
from core.orders.undo import put_back, step_of
from core.payments.model import Method, Payment
from core.people.model import Role
from core.ports.storage import Post, Transactions, UndoEntry, UnitOfWork
from core.sales.repository import SALES
from core.shared.clock import Clock
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.paging import Page
from core.shared.several import parts_of, with_count
from core.shared.value_objects import value_object
from core.stock.model import Shop
from core.stock.service import Line, Moved, StockService, checked_quantity
from core.undo.keeping import check_reach
from core.workspaces.model import Audience

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
        products = await products_of(work, audience, before.lines)
        if absent := next((line for line in before.lines if line.product not in products), None):
            raise RefusedError("product_gone", field="product", number=absent.product, name=absent.name)
        after = await priced(work, audience, shop, before, products)
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
            await check_no_card(work, before.order)
            method = said or before.order.method or Method.CASH
            attempt = await take_down(work, actor, before.order, method, now)
            change = await self._settling(work, actor, shop).complete(before, method, attempt=attempt)
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
            await check_no_card(work, before.order)
            if actor.role < Role.MANAGER:
                _check_whose(before.order, actor)
            wanted = kept_lines(before.lines)
            moved, absent = await self._freed(work, actor, audience, shop, before, wanted, restock=restock)
            lines = [replace(line, gone=line.quantity) for line in before.lines]
            order = replace(before.order, status=OrderStatus.CANCELLED, until=None)
            after = Filled(order, lines if before.order.status is OrderStatus.COMPLETED else before.lines)
            change = await keep(work, actor, "cancel", now, before, after, moved=moved)
            await work.commit()
        return replace(change, absent=absent)

    async def cancel_some(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, typed: str, *, restock: bool = True
    ) -> OrderChange:
        """Cancel the goods that a text names, each with how many (all of it unless told): the rest of the order stays.

        Raises `RefusedError` (`not_in_order`, `not_so_many`, `nothing_to_take_out`).
        """
        return await self._taken_out(
            actor, audience, shop, number, "cancel", lambda order: named_lines(order, typed), restock=restock
        )

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

        Raises `RefusedError` (`not_in_order`, `not_so_many`, `nothing_to_take_out`).
        """
        return await self._taken_out(
            actor,
            audience,
            shop,
            number,
            "return",
            lambda order: dict([_wanted(order, product, quantity)]),
            restock=restock,
        )

    async def _taken_out(
        self,
        actor: Actor,
        audience: Audience,
        shop: Shop,
        number: int,
        verb: str,
        which: Callable[[Filled], Mapping[int, int]],
        *,
        restock: bool,
    ) -> OrderChange:
        """Take goods out of an order, so many of each product."""
        now = self._clock.now()
        async with self._transactions.write() as work:
            before = await filled(work, await self._load(work, number, audience))
            if before.order.status not in (OrderStatus.PENDING, OrderStatus.COMPLETED):
                about = {"number": number, "status": before.order.status.value}
                raise RefusedError("nothing_to_take_out", field="order", **about)
            await check_no_card(work, before.order)
            counts = which(before)
            wanted = [Line(product, count) for product, count in counts.items()]
            moved, absent = await self._freed(work, actor, audience, shop, before, wanted, restock=restock)
            after = _without(before, counts)
            if not any(each.kept for each in after.lines):
                after = replace(after, order=replace(after.order, status=OrderStatus.CANCELLED, until=None))
            change = await keep(work, actor, verb, now, before, after, moved=moved)
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
            await take_off(work, actor, before.order, given, now)
            change = await self._settling(work, actor, shop).give_back(before, given)
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
                await take_payment_back(work, actor, change.now.order, step.attempt, now)
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
            change = await self._settling(work, actor, shop).release(before, UNPAID)
            work.outbox.add(Post(word(change.now.order), channel_id=order.placed_in), now)
            await work.commit()
        return change

    async def overdue(self, limit: int) -> Sequence[Order]:
        """Return orders whose goods were set aside until now."""
        async with self._transactions.read() as work:
            return await work.of(ORDERS).overdue(self._clock.now(), limit)

    def _settling(self, work: UnitOfWork, actor: Actor, shop: Shop) -> Settling:
        return Settling(work, self._stock, actor, shop, self._clock)

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
        sold = {line.product: line for line in order.lines}
        here = await products_of(work, audience, [sold[line.number] for line in lines])
        absent = [sold[line.number] for line in lines if line.number not in here]
        coming = [line for line in lines if line.number in here]
        if not coming:
            return None, absent
        moved = await self._stock.take_in(work, actor, shop, coming, reference)
        back = [returned(line, order, shop, self._clock.now()) for line in coming]
        work.of(SALES).add(back)
        return replace(moved, lines=back), absent


def _check_whose(order: Order, actor: Actor) -> None:
    """Refuse the cart of somebody else."""
    if order.status.is_cart and order.author_id != actor.member_id:
        raise RefusedError("not_your_cart", field="order", number=order.number)


def named_lines(order: Filled, typed: str) -> Mapping[int, int]:
    """Return of which products of an order a text names how many pieces, all of one unless a number stands behind it.

    Raises `InvalidArgumentError` (`no_lines`) and `RefusedError` (`line_unknown`, `not_so_many`).
    """
    found: dict[int, int] = {}
    for part in parts_of(typed):
        line, count = _called(order, part), None
        if line is None and (counted := with_count(part)):
            line, count = _called(order, counted[0]), counted[1]
        if line is None:
            raise RefusedError("line_unknown", field="lines", number=order.order.number, value=part)
        product, more = _wanted(order, line.product, count)
        found[product] = found.get(product, 0) + more
        _wanted(order, product, found[product])
    if not found:
        raise InvalidArgumentError("lines", "no_lines")
    return found


def _called(order: Filled, word: str) -> OrderLine | None:
    """Return the line of a product by its SKU or its name, in any case, or by its number as in `#3`."""
    sought = word.casefold()
    names = ((line, (line.sku, line.name, f"#{line.product}")) for line in order.lines if line.kept)
    return next((line for line, called in names if sought in map(str.casefold, called)), None)


def _wanted(order: Filled, product: int, quantity: int | None) -> tuple[int, int]:
    """Return a product of an order with how many pieces of it are wanted: all that are kept unless told."""
    line = next((one for one in order.lines if one.product == product and one.kept), None)
    if line is None:
        raise RefusedError("not_in_order", field="product", number=order.order.number)
    count = line.kept if quantity is None else checked_quantity(quantity)
    if count > line.kept:
        raise RefusedError("not_so_many", field="quantity", name=line.name, left=line.kept, wanted=count)
    return product, count


def _without(order: Filled, counts: Mapping[int, int]) -> Filled:
    """Return an order without so many pieces of products; what was paid stays as it was, with what came back."""
    pairs = [(line, counts.get(line.product, 0)) for line in order.lines]
    if order.order.status is OrderStatus.COMPLETED:
        return replace(order, lines=[replace(line, gone=line.gone + count) for line, count in pairs])
    kept = [left for line, count in pairs if (left := replace(line, quantity=line.quantity - count)).quantity]
    taxed = Taxed(order.order.tax_rate, order.order.tax_included)
    if kept:
        return with_sums(order.order, kept, order.order.shipping, taxed)
    return Filled(order.order, [replace(line, gone=line.quantity) for line in order.lines])
