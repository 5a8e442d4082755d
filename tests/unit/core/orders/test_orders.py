"""Whatever is done with orders, in any order: goods are counted right, and money is neither made nor lost."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from adapters.payments.stripe import StripeOptions, StripePayments
from bot.texts.low import became_low
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.orders.carts import CartService
from core.orders.model import Filled, OrderStatus, PaymentState
from core.orders.repository import ORDERS
from core.orders.service import OrderService
from core.orders.steps import OrderChange
from core.orders.sums import rounded
from core.orders.terms import TermsService
from core.payments.model import Method
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.sales.model import SaleLine
from core.sales.repository import SALES
from core.shared.errors import ConflictError, InvalidArgumentError, NotFoundError, RefusedError
from core.stock.model import Movement, NewProduct, Product, Shop
from core.stock.products import ProductChange, ProductService
from core.stock.repository import LEDGER, PRODUCTS
from core.stock.service import LowStock, StockService
from tests.contract.storage.world import Place, build_place
from tests.support.card_shop import CardShop, pay
from tests.support.clock import NOON, HeldClock
from tests.support.storage import make_storage
from tests.support.stripe import DECLINED, GOOD, SECURE, StripePlatform

T = TypeVar("T")
SHOP = Shop("EUR", "Europe/Berlin")
THERE_ARE = 10
REFUSALS = (RefusedError, InvalidArgumentError, ConflictError, NotFoundError)

products = st.sampled_from((1, 2))
places = st.integers(0, 3)
quantities = st.integers(1, 4)
parts = st.sampled_from(("0.01", "1", "4.91")).map(Decimal)
percentages = st.sampled_from(("0", "12.5", "100")).map(Decimal)


class Orders(RuleBasedStateMachine):
    """Does what people in a shop do, two of them, and adds everything up after every step."""

    undo_ids: Bundle[str] = Bundle("undo_ids")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = HeldClock()
        self.removals = list[str]()
        self.run(self.open())

    async def open(self) -> None:
        self.storage = await make_storage(clock=self.clock)
        self.place: Place = await build_place(self.storage, "here")
        transactions = self.storage.workspace(self.place.id)
        stock = StockService(self.clock, LowStock(self.clock, became_low))
        self.goods = ProductService(transactions, self.clock, stock)
        self.carts = CartService(transactions, self.clock)
        self.orders = OrderService(transactions, self.clock, stock)
        self.stripe = await StripePlatform(self.clock).__aenter__()
        self.payments = StripePayments(StripeOptions(self.stripe.api_key, self.stripe.url, retries=0))
        self.till = CardShop(self.place, self.clock, self.payments, transactions)
        self.terms = TermsService(transactions, self.clock)
        for name, price in (("Apples", "3.33"), ("Pears", "0.07")):
            new = NewProduct(name, THERE_ARE, Decimal(price))
            assert isinstance(await self.goods.add(self.by(), self.place.public, SHOP, new), ProductChange)
        await self.terms.change(self.by(), SHOP, {"tax_rate": Decimal(8), "shipping": Decimal("4.90")})

    def by(self, is_ben: bool = False) -> Actor:
        place = self.place
        channel = (place.general.id, "general", ChannelKind.PUBLIC)
        number, name = (place.ben, "Ben") if is_ben else (place.ann, "Ann")
        return Actor(place.id, number, name, Role.MANAGER, "UTC", "en", Platform.WEB, place.space.id, *channel)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        self.clock.forward(seconds=1)
        return self.runner.run(work)

    def teardown(self) -> None:
        try:
            self.run(self.till.come_to_rest(self.stripe))
        finally:
            self.run(self.payments.close())
            self.run(self.stripe.__aexit__(None, None, None))
            self.run(self.storage.close())
            self.runner.close()

    # --- what people do -------------------------------------------------------------

    @initialize(target=undo_ids, apples=quantities, pears=quantities)
    def sell_some_of_both(self, apples: int, pears: int) -> Any:
        self.add(1, apples, is_ben=False)
        return self.sell([2], pears)

    @rule(target=undo_ids, number=products, quantity=quantities, is_ben=st.booleans())
    def add(self, number: int, quantity: int, is_ben: bool) -> Any:
        return self.attempt(self.carts.add(self.by(is_ben), self.place.public, SHOP, number, quantity))

    @rule(target=undo_ids, number=products, quantity=st.none() | quantities, is_ben=st.booleans())
    def take(self, number: int, quantity: int | None, is_ben: bool) -> Any:
        return self.attempt(self.carts.take(self.by(is_ben), self.place.public, SHOP, number, quantity))

    @rule(target=undo_ids, percent=percentages, number=st.none() | products, is_ben=st.booleans())
    def discount(self, percent: Decimal, number: int | None, is_ben: bool) -> Any:
        return self.attempt(self.carts.discount(self.by(is_ben), self.place.public, SHOP, percent, number))

    @rule(rate=st.sampled_from(("0", "8", "19")), is_included=st.booleans(), shipping=st.sampled_from(("0", "4.90")))
    def change_terms(self, rate: str, is_included: bool, shipping: str) -> None:
        values = {"tax_rate": Decimal(rate), "tax_included": is_included, "shipping": Decimal(shipping)}
        self.run(self.terms.change(self.by(), SHOP, values))

    @rule(number=products, price=st.sampled_from(("3.33", "0.07", "12.05")))
    def reprice(self, number: int, price: str) -> None:
        self.may_be_refused(self.goods.price(self.by(), self.place.public, SHOP, number, Decimal(price)))

    @rule(number=products, to_cellar=st.booleans())
    def move(self, number: int, to_cellar: bool) -> None:
        where = ("", "cellar") if to_cellar else ("cellar", "")
        self.may_be_refused(self.goods.transfer(self.by(), SHOP, number, 1, *where))

    @rule(number=products)
    def remove(self, number: int) -> None:
        change = self.may_be_refused(self.goods.remove(self.by(), self.place.public, number))
        self.removals += [change.undo_id] if change else []

    @rule()
    def bring_back(self) -> None:
        if self.removals:
            self.run(self.goods.undo(self.by(), self.run(self.entry(self.removals.pop())), self.place.public))

    @rule(target=undo_ids, place=places, is_ben=st.booleans(), again=st.booleans())
    def checkout(self, place: int, is_ben: bool, again: bool) -> Any:
        which = self.placed(place) if again else None
        return self.attempt(self.orders.checkout(self.by(is_ben), self.place.public, SHOP, Method.CASH, which))

    @rule(target=undo_ids, place=places, closes=st.booleans())
    def pay(self, place: int, closes: bool = True) -> Any:
        number = self.closed(place, closes)
        return self.attempt(self.orders.pay(self.by(), self.place.public, SHOP, number))

    @rule(place=places, card=st.sampled_from((GOOD, GOOD, DECLINED, SECURE)), is_seen=st.booleans())
    def pay_by_card(self, place: int, card: str, is_seen: bool) -> None:
        self.may_be_refused(self.till.cards.ask(self.by(), self.place.public, SHOP, self.placed(place)))
        pay(self.stripe, card)
        if is_seen:
            self.clock.forward(seconds=30)
            self.run(self.till.see_to_all())

    def closed(self, place: int, closes: bool) -> int:
        """The order, whose link is closed first as commands do, or is not."""
        number = self.placed(place)
        if closes:
            self.may_be_refused(self.till.cards.close(self.by(), SHOP, number))
        return number

    @rule(target=undo_ids, wanted=st.lists(products, min_size=1, max_size=3), quantity=quantities)
    def sell(self, wanted: list[int], quantity: int) -> Any:
        for product in wanted:
            self.add(product, quantity, is_ben=False)
        self.checkout(0, is_ben=False, again=False)
        return self.pay(0)

    @rule(target=undo_ids, place=places, restock=st.booleans(), closes=st.booleans())
    def cancel(self, place: int, restock: bool, closes: bool) -> Any:
        number = self.closed(place, closes)
        return self.attempt(self.orders.cancel(self.by(), self.place.public, SHOP, number, restock=restock))

    @rule(
        target=undo_ids, place=places, product=products, quantity=st.none() | st.integers(1, 2), restock=st.booleans()
    )
    def send_back(self, place: int, product: int, quantity: int | None, restock: bool) -> Any:
        about = (self.by(), self.place.public, SHOP, self.closed(place, closes=True), product, quantity)
        return self.attempt(self.orders.send_back(*about, restock=restock))

    @rule(place=places, amounts=st.lists(st.none() | parts, min_size=1, max_size=4))
    def refund(self, place: int, amounts: list[Decimal | None]) -> None:
        number = self.placed(place)
        for amount in amounts:
            about = (self.by(), self.place.public, SHOP, number, amount)
            self.may_be_refused(self.orders.refund(*about))
            self.may_be_refused(self.till.refunds.refund(*about, ""))

    @rule(undo_id=consumes(undo_ids))
    def undo(self, undo_id: str) -> None:
        self.may_be_refused(self.orders.undo(self.by(), SHOP, self.run(self.entry(undo_id))))

    @rule()
    def a_day_goes_by(self) -> None:
        self.clock.forward(hours=24)
        self.run(self.till.see_to_all())

    def attempt(self, work: Coroutine[Any, Any, OrderChange]) -> Any:
        change = self.may_be_refused(work)
        return change.undo_id if change and change.undo_id else multiple()

    def may_be_refused(self, work: Coroutine[Any, Any, T]) -> T | None:
        try:
            return self.run(work)
        except REFUSALS:
            return None

    # --- what holds after every step --------------------------------------------------

    @invariant()
    def the_ledger_adds_up_to_what_there_is(self) -> None:
        for number, product in self.products().items():
            entries = self.run(self.entries(number))
            sums = [sum(one.quantity for one in entries if one.kind.sets_aside is aside) for aside in (False, True)]
            assert sums == [product.on_hand, product.reserved]
            assert min(product.on_hand, product.reserved, product.elsewhere, product.here) >= 0

    @invariant()
    def what_waits_for_its_payment_is_set_aside_and_nothing_else(self) -> None:
        waiting = [filled for filled in self.all() if filled.order.status is OrderStatus.PENDING]
        for number, product in self.products().items():
            lines = (line for filled in waiting for line in filled.lines if line.product == number)
            assert product.reserved == sum(line.kept for line in lines)

    @invariant()
    def what_was_sold_is_what_is_not_there(self) -> None:
        gone = sum(THERE_ARE - product.on_hand for product in self.products().values())
        assert sum(line.quantity for line in self.run(self.sold())) == gone

    @invariant()
    def money_is_where_orders_say(self) -> None:
        goods = taxes = Decimal(0)
        for order, lines in ((filled.order, filled.lines) for filled in self.all()):
            assert self.run(self.paid(order.number)) == order.left >= 0
            assert order.total == order.subtotal - order.discount + order.shipping + (
                0 if order.tax_included else order.tax
            )
            if order.payment is not PaymentState.UNPAID and order.total:
                goods += left_of(sum(line.amount - line.discount for line in lines), order.refunded, order.total)
                taxes += left_of(sum(line.tax for line in lines), order.refunded, order.total)
        sold = self.run(self.sold())
        assert [sum(line.amount for line in sold), sum(line.tax for line in sold)] == [goods, taxes]

    # --- reading ------------------------------------------------------------------------

    def products(self) -> dict[int, Product]:
        return {product.number: product for product in map(self.run, map(self.product, (1, 2)))}

    async def product(self, number: int) -> Product:
        async with self.place.reading() as work:
            found = await work.of(PRODUCTS).find(number)
        assert found is not None
        return found

    def placed(self, place: int) -> int:
        """The order that was begun last but so many, of those that are no carts; 0 if there is none."""
        numbers = [filled.order.number for filled in self.all() if not filled.order.status.is_cart]
        return numbers[-1 - place] if place < len(numbers) else 0

    def all(self) -> Sequence[Filled]:
        return self.run(self.orders_by_time())

    async def orders_by_time(self) -> Sequence[Filled]:
        async with self.place.reading() as work:
            found = [order for number in range(1, 30) if (order := await work.of(ORDERS).find(number))]
            lines = await work.of(ORDERS).lines([order.number for order in found])
        here = (order for order in found if order.removed_at is None)
        return [Filled(order, lines.get(order.number, ())) for order in here]

    async def paid(self, number: int) -> Decimal:
        async with self.place.reading() as work:
            return sum((Decimal(one.left) / 100 for one in await work.of(ORDERS).payments(number)), Decimal(0))

    async def entry(self, undo_id: str) -> UndoEntry:
        async with self.place.reading() as work:
            found = await work.undo.get(undo_id)
        assert found is not None
        return found

    async def entries(self, number: int) -> list[Movement]:
        async with self.place.reading() as work:
            return list((await work.of(LEDGER).page(number, limit=1000)).items)

    async def sold(self) -> list[SaleLine]:
        async with self.place.reading() as work:
            days = work.of(SALES).between(NOON.date(), NOON.date() + timedelta(days=100))
            return [line async for some in days for line in some]


def left_of(amount: Decimal | int, refunded: Decimal, total: Decimal) -> Decimal:
    """What is left of an amount where so much of a total was given back."""
    return amount - rounded(amount * refunded / total, "EUR")


Orders.TestCase.settings = settings(
    max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestOrders = Orders.TestCase
