"""Carts: what a person fills in a channel, with what it comes to by the prices and terms of the moment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.chat.actor import Actor
from core.customers.repository import CUSTOMERS
from core.orders.model import LINES_LIMIT, TERMS_NUMBER, Filled, Order, OrderLine, OrderStatus, Terms
from core.orders.repository import DISCOUNT_CODES, ORDER_TERMS, ORDERS
from core.orders.rules import (
    check_size,
    checked_percent,
    clean_address,
    clean_code,
    clean_customer,
    clean_email,
)
from core.orders.steps import OrderChange, keep
from core.orders.sums import Taxed, with_sums
from core.ports.storage import Transactions, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import InvalidArgumentError, NotFoundError, RefusedError
from core.stock.model import Product, Shop
from core.stock.repository import PRODUCTS
from core.stock.service import check_for_sale, checked_quantity, too_few
from core.workspaces.model import Audience

_NUMBER = re.compile("#([0-9]{1,9})")


class CartService:
    """The carts of one workspace, for the length of one request; a person has one in each channel."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def show(self, actor: Actor, audience: Audience, shop: Shop) -> Filled | None:
        """Return the cart with what it comes to now, None where there is none."""
        async with self._transactions.read() as work:
            cart = await cart_of(work, actor)
            return await priced(work, audience, shop, cart) if cart else None

    async def new(self, actor: Actor, audience: Audience, shop: Shop, customer: str = "") -> OrderChange:
        """Begin a cart, for a customer if one is named; raises `RefusedError` (`cart_filled`) where one has goods.

        Of an empty one nothing is left, neither whose it was nor its discount. Of somebody who is registered it has
        e-mail address and address.
        """
        async with self._transactions.write() as work:
            before = await cart_of(work, actor)
            if before and before.lines:
                raise RefusedError("cart_filled", number=before.order.number, lines=len(before.lines))
            cart = _emptied(before.order, shop) if before else await begun(work, actor, shop, self._clock)
            whose = await _whose(work, audience, cart.order, customer) if customer.strip() else {}
            return await self._kept(work, actor, "new", before, replace(cart, order=replace(cart.order, **whose)))

    async def add(self, actor: Actor, audience: Audience, shop: Shop, number: int, quantity: int) -> OrderChange:
        """Put goods in; raises `RefusedError` where they can't be sold or don't suffice, or `NotFoundError`."""
        checked_quantity(quantity)
        async with self._transactions.write() as work:
            product = await work.of(PRODUCTS).get(number, audience)
            if product is None:
                raise NotFoundError("product", number)
            check_for_sale(product)
            before = await cart_of(work, actor)
            cart = before or await begun(work, actor, shop, self._clock)
            lines = with_more(cart.lines, product, quantity)
            wanted = sum(line.quantity for line in lines if line.product == number)
            if wanted > product.here:
                raise too_few(product, quantity, wanted - quantity)
            after = await priced(work, audience, shop, Filled(as_cart(cart.order), lines))
            check_size(after.order)
            return await self._kept(work, actor, "add", before, after)

    async def take(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, quantity: int | None
    ) -> OrderChange:
        """Take goods out, all of a product unless told how many; raises `RefusedError` (`not_in_cart`)."""
        async with self._transactions.write() as work:
            before = await self._filled(work, actor)
            lines = with_less(before.lines, number, quantity)
            after = await priced(work, audience, shop, Filled(as_cart(before.order), lines))
            return await self._kept(work, actor, "take", before, after)

    async def discount(
        self, actor: Actor, audience: Audience, shop: Shop, percent: Decimal, number: int | None = None
    ) -> OrderChange:
        """Give a discount on one product of the cart, or on all of it; the larger one counts where there are two."""
        checked = checked_percent(percent)
        async with self._transactions.write() as work:
            before = await self._filled(work, actor)
            if number is None:
                after = replace(before, order=replace(as_cart(before.order), percent=checked, code=""))
            else:
                if all(line.product != number for line in before.lines):
                    raise RefusedError("not_in_cart", field="product", number=number)
                lines = [replace(one, percent=checked) if one.product == number else one for one in before.lines]
                after = Filled(as_cart(before.order), lines)
            return await self._kept(work, actor, "discount", before, await priced(work, audience, shop, after))

    async def redeem(self, actor: Actor, audience: Audience, shop: Shop, typed: str) -> OrderChange:
        """Give the discount of a code on all of the cart; raises `InvalidArgumentError` (`code_unknown`)."""
        word = clean_code(typed)
        async with self._transactions.write() as work:
            before = await self._filled(work, actor)
            code = await work.of(DISCOUNT_CODES).called(word, audience)
            if code is None:
                raise InvalidArgumentError("code", "code_unknown", value=word)
            order = replace(as_cart(before.order), percent=code.percent, code=code.code)
            after = await priced(work, audience, shop, replace(before, order=order))
            return await self._kept(work, actor, "redeem", before, after)

    async def address(
        self,
        actor: Actor,
        audience: Audience,
        shop: Shop,
        *,
        customer: str | None = None,
        shipping: str | None = None,
        billing: str | None = None,
        email: str | None = None,
    ) -> OrderChange:
        """Say whom an order is for and where it goes; what is None stays as it is, an empty text takes it away."""
        said = {
            "address": None if shipping is None else clean_address(shipping),
            "billing": None if billing is None else clean_address(billing, "billing"),
            "email": None if email is None else clean_email(email),
        }
        given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        if customer is None and not given:
            raise InvalidArgumentError("shipping", "nothing_said_of_order")
        async with self._transactions.write() as work:
            before = await cart_of(work, actor)
            cart = before or await begun(work, actor, shop, self._clock)
            whose = {} if customer is None else await _whose(work, audience, cart.order, customer)
            after = replace(cart, order=replace(cart.order, **{**whose, **given}))
            return await self._kept(work, actor, "address", before, after)

    async def _filled(self, work: UnitOfWork, actor: Actor) -> Filled:
        cart = await cart_of(work, actor)
        if cart is None or not cart.lines:
            raise RefusedError("cart_empty")
        return cart

    async def _kept(
        self, work: UnitOfWork, actor: Actor, verb: str, before: Filled | None, after: Filled
    ) -> OrderChange:
        if before == after:
            return OrderChange(after, before)
        change = await keep(work, actor, verb, self._clock.now(), before, after)
        await work.commit()
        return change


async def cart_of(work: UnitOfWork, actor: Actor) -> Filled | None:
    """Return the cart that somebody has where they are."""
    order = await work.of(ORDERS).cart_of(actor.member_id, actor.channel_id)
    return await filled(work, order) if order else None


async def filled(work: UnitOfWork, order: Order) -> Filled:
    """Return an order with its lines."""
    return Filled(order, (await work.of(ORDERS).lines([order.number])).get(order.number, ()))


async def begun(work: UnitOfWork, actor: Actor, shop: Shop, clock: Clock) -> Filled:
    """Return a cart that is not stored yet."""
    number = await work.of(ORDERS).reserve_numbers()
    return Filled(Order(number, actor.member_id, clock.now(), actor.channel_id, shop.currency))


async def terms_of(work: UnitOfWork, actor: Actor, clock: Clock) -> Terms:
    """Return the terms of the workspace, those that hold without any said if nobody said some."""
    found = await work.of(ORDER_TERMS).get(TERMS_NUMBER, Audience(actor.member_id, frozenset()))
    return found or Terms(actor.member_id, clock.now())


async def priced(
    work: UnitOfWork, audience: Audience, shop: Shop, cart: Filled, products: Mapping[int, Product] | None = None
) -> Filled:
    """Return a cart with what it comes to now: by prices and names of products, terms and codes as they are.

    The products are read unless they were.
    """
    if products is None:
        products = await products_of(work, audience, cart.lines)
    lines = [_as_now(line, products.get(line.product)) for line in cart.lines]
    terms = await work.of(ORDER_TERMS).get(TERMS_NUMBER, audience)
    taxed = Taxed(terms.tax_rate, terms.tax_included) if terms else Taxed(Decimal(0), is_included=False)
    order = replace(await _with_code(work, audience, cart.order), currency=shop.currency)
    return with_sums(order, lines, terms.shipping if terms else Decimal(0), taxed)


async def products_of(work: UnitOfWork, audience: Audience, lines: Sequence[OrderLine]) -> Mapping[int, Product]:
    """Return the products of lines by number, but for those that are in the catalogue no more."""
    found = await work.of(PRODUCTS).get_many([line.product for line in lines], audience)
    return {product.number: product for product in found}


def as_cart(order: Order) -> Order:
    """Return an order that could not be checked out as one that may be."""
    return replace(order, status=OrderStatus.CART, reason="")


def with_more(lines: Sequence[OrderLine], product: Product, quantity: int) -> Sequence[OrderLine]:
    """Return lines with more of a product; raises `RefusedError` (`too_many_lines`)."""
    for place, line in enumerate(lines):
        if line.product == product.number:
            more = replace(line, quantity=checked_quantity(line.quantity + quantity))
            return [*lines[:place], more, *lines[place + 1 :]]
    if len(lines) >= LINES_LIMIT:
        raise RefusedError("too_many_lines", field="product", limit=LINES_LIMIT)
    price = product.price or Decimal(0)
    return [*lines, OrderLine(product.number, product.sku, product.name, quantity, price, cost=product.cost)]


def with_less(lines: Sequence[OrderLine], number: int, quantity: int | None) -> Sequence[OrderLine]:
    """Return lines with so much less of a product, without it unless told how much; raises as `take` does."""
    line = next((one for one in lines if one.product == number), None)
    if line is None:
        raise RefusedError("not_in_cart", field="product", number=number)
    if quantity is not None and checked_quantity(quantity) > line.quantity:
        raise RefusedError("not_so_many", field="quantity", name=line.name, left=line.quantity, wanted=quantity)
    left = 0 if quantity is None else line.quantity - quantity
    return [replace(one, quantity=left) if one is line else one for one in lines if one is not line or left]


def _as_now(line: OrderLine, product: Product | None) -> OrderLine:
    if product is None or product.price is None:
        return line
    return replace(line, price=product.price, cost=product.cost, sku=product.sku, name=product.name)


async def _with_code(work: UnitOfWork, audience: Audience, order: Order) -> Order:
    """Return an order with the discount that its code gives now, without one if there is no such code any more."""
    if not order.code:
        return order
    code = await work.of(DISCOUNT_CODES).called(order.code, audience)
    return replace(order, percent=code.percent, code=code.code) if code else replace(order, percent=Decimal(0), code="")


def _emptied(order: Order, shop: Shop) -> Filled:
    where = (order.created_at, order.placed_in, shop.currency)
    return Filled(Order(order.number, order.author_id, *where, version=order.version))


async def _whose(work: UnitOfWork, audience: Audience, order: Order, typed: str) -> dict[str, Any]:
    """Return what an order has of whoever it is for: all that is known of a registered customer, else the name.

    Of another registered customer, whom it was for before, it has nothing any more.
    """
    word = clean_customer(typed)
    number = _NUMBER.fullmatch(word)
    customers = work.of(CUSTOMERS)
    found = await (customers.get_many([int(number[1])], audience) if number else customers.called(word, audience))
    known = found[0] if len(found) == 1 else None
    code = known.code if known else ""
    others = dict.fromkeys(("email", "address", "billing"), "") if order.customer not in ("", code) else {}
    if known is None:
        return {**others, "customer": "", "customer_name": word}
    told = {"email": known.email, "address": known.address}
    theirs = {name: value for name, value in told.items() if value}
    return {**others, **theirs, "customer": code, "customer_name": known.username}
