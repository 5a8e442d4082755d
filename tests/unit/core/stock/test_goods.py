"""However goods are sold, set aside, restocked, given back and undone, the ledger adds up to what there is."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from core.chat.actor import Actor
from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.sales.repository import SALES
from core.shared.errors import ConflictError, RefusedError
from core.stock.counting import CountService
from core.stock.model import Movement, NewProduct, Product, ProductFilter, Shop
from core.stock.places import AlertPlaceService
from core.stock.products import GoodsMoved, ProductChange, ProductService
from core.stock.repository import LEDGER, PRODUCTS
from core.stock.service import Line, LowStock, Moved, Sale, StockService
from tests.contract.storage.world import Place, build_place
from tests.support.clock import NOON, HeldClock
from tests.support.storage import make_storage

T = TypeVar("T")
SHOP = Shop("EUR", "Europe/Berlin")
ORDER = Sale("order", "order 1")
quantities = st.integers(1, 6)
products = st.sampled_from((1, 2))
lines = st.lists(st.builds(Line, products, quantities), min_size=1, max_size=3)


@dataclass(frozen=True)
class Kept:
    """An undo entry, and what it takes back: of which product how many came."""

    entry: UndoEntry
    number: int
    came: int


class Goods(RuleBasedStateMachine):
    """Runs the same steps on the services and on two numbers for each product."""

    kept: Bundle[Kept] = Bundle("kept")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock = HeldClock()
        self.run(self.open())
        self.on_hand, self.reserved, self.elsewhere = {1: 10, 2: 10}, {1: 0, 2: 0}, {1: 0, 2: 0}
        self.earned = Decimal(0)
        self.counted = dict[int, tuple[int, int]]()
        self.level, self.is_low, self.told = {1: 4, 2: 4}, {1: False, 2: False}, list[int]()

    async def open(self) -> None:
        storage = await make_storage(clock=self.clock)
        self.place: Place = await build_place(storage, "here")
        self.stock = StockService(self.clock, LowStock(self.clock, _named))
        self.service = ProductService(storage.workspace(self.place.id), self.clock, self.stock)
        for name in ("Apples", "Pears"):
            new = NewProduct(name, 10, Decimal("0.50"), reorder_level=4)
            assert isinstance(await self.service.add(self.actor, self.place.public, SHOP, new), ProductChange)
        places = AlertPlaceService(storage.workspace(self.place.id), self.clock)
        await places.put(self.actor, self.place.public, "", self.place.general.id)
        self.counts = CountService(storage.workspace(self.place.id), self.clock, self.stock)
        await self.counts.start(self.actor, self.place.public, "", "")

    @property
    def actor(self) -> Actor:
        place = self.place
        channel = (place.general.id, "general", ChannelKind.PUBLIC)
        return Actor(place.id, place.ann, "Ann", Role.MANAGER, "UTC", "en", Platform.WEB, place.space.id, *channel)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        self.clock.forward(seconds=1)
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.place.storage.close())
        self.runner.close()

    def free(self, number: int) -> int:
        return self.on_hand[number] - self.reserved[number] - self.elsewhere[number]

    async def within(self, verb: str, wanted: list[Line], *more: Any) -> Moved:
        async with self.place.storage.workspace(self.place.id).write() as work:
            moved: Moved = await getattr(self.stock, verb)(work, self.actor, SHOP, wanted, *more)
            await work.commit()
        return moved

    def attempt(self, work: Coroutine[Any, Any, T], *, fits: bool) -> T | None:
        """Do something, which is refused exactly if it does not fit."""
        if fits:
            return self.run(work)
        with pytest.raises(RefusedError):
            self.run(work)
        return None

    async def entry(self, undo_id: str) -> UndoEntry:
        async with self.place.reading() as work:
            found = await work.undo.get(undo_id)
        assert found is not None
        return found

    def moved(self, moved: GoodsMoved | None, number: int, came: int) -> Any:
        if moved is None:
            return multiple()
        self.on_hand[number] += came
        return Kept(self.run(self.entry(moved.undo_id)), number, came)

    @rule(target=kept, number=products, quantity=quantities)
    def sell(self, number: int, quantity: int) -> Any:
        work = self.service.sell(self.actor, SHOP, number, quantity)
        sold = self.attempt(work, fits=quantity <= self.free(number))
        self.earned += quantity * Decimal("0.5") if sold else 0
        return self.moved(sold, number, -quantity)

    @rule(target=kept, number=products, quantity=quantities)
    def restock(self, number: int, quantity: int) -> Any:
        work = self.service.restock(self.actor, self.place.public, SHOP, number, quantity)
        return self.moved(self.run(work), number, quantity)

    @rule(target=kept, number=products, change=st.integers(-6, 6).filter(bool))
    def adjust(self, number: int, change: int) -> Any:
        work = self.service.adjust(self.actor, SHOP, number, change, "counted")
        return self.moved(self.attempt(work, fits=-change <= self.free(number)), number, change)

    @rule(number=products, quantity=quantities, brings_back=st.booleans(), undoes=st.booleans())
    def transfer(self, number: int, quantity: int, brings_back: bool, undoes: bool) -> None:
        places = ("cellar", "") if brings_back else ("", "cellar")
        fits = quantity <= (self.elsewhere if brings_back else {number: self.free(number)})[number]
        moved = self.attempt(self.service.transfer(self.actor, SHOP, number, quantity, *places), fits=fits)
        if moved and undoes:
            self.run(self.service.undo_goods(self.actor, SHOP, self.run(self.entry(moved.undo_id))))
        elif moved:
            self.elsewhere[number] += -quantity if brings_back else quantity

    @rule(number=products, quantity=quantities, exactly=st.booleans())
    def scan(self, number: int, quantity: int, exactly: bool) -> None:
        work = self.counts.scan(self.actor, self.place.public, number, quantity, "", exactly=exactly)
        self.run(work)
        before, _ = self.counted.get(number, (0, 0))
        self.counted[number] = (quantity if exactly else before + quantity, self.here(number))

    @rule(missing=st.booleans(), undoes=st.booleans())
    def post_what_was_counted(self, missing: bool, undoes: bool) -> None:
        found = {number: counted - expected for number, (counted, expected) in self.counted.items()}
        if missing:
            found = {number: -self.here(number) for number in self.on_hand} | found
        fits = all(self.free(number) + more >= 0 for number, more in found.items())
        work = self.counts.post(self.actor, self.place.public, SHOP, "", "", missing=missing)
        posted = self.attempt(work, fits=fits and bool(self.counted or missing))
        if not posted:
            return
        for number, more in found.items():
            self.on_hand[number] += more
        if undoes:
            self.people_are_told_once_that_something_became_low()
            entry = self.run(self.entry(posted.undo_id))
            if self.attempt(self.counts.undo_post(self.actor, self.place.public, SHOP, entry), fits=self.fits(found)):
                for number, more in found.items():
                    self.on_hand[number] -= more
                return
        self.counted.clear()
        self.run(self.counts.start(self.actor, self.place.public, "", ""))

    def here(self, number: int) -> int:
        return self.on_hand[number] - self.elsewhere[number]

    def fits(self, found: dict[int, int]) -> bool:
        return all(self.free(number) >= more for number, more in found.items())

    @rule(kept=consumes(kept))
    def undo(self, kept: Kept) -> None:
        fits = kept.came <= self.free(kept.number)
        if self.attempt(self.service.undo_goods(self.actor, SHOP, kept.entry), fits=fits):
            self.on_hand[kept.number] -= kept.came
            self.earned -= Decimal("0.5") * -kept.came if kept.entry.command == "stock sell" else 0

    @rule(wanted=lines)
    def reserve(self, wanted: list[Line]) -> None:
        fits = all(count <= self.free(number) for number, count in summed(wanted).items())
        if self.attempt(self.within("reserve", wanted, "order 1"), fits=fits):
            for number, count in summed(wanted).items():
                self.reserved[number] += count

    @rule(wanted=lines, takes=st.booleans())
    def take_or_release(self, wanted: list[Line], takes: bool) -> None:
        fits = all(count <= self.reserved[number] for number, count in summed(wanted).items())
        work = self.within("take_reserved", wanted, ORDER) if takes else self.within("release", wanted, "order 1")
        if self.attempt(work, fits=fits):
            for number, count in summed(wanted).items():
                self.reserved[number] -= count
                self.on_hand[number] -= count if takes else 0
                self.earned += count * Decimal("0.5") if takes else 0

    @rule(wanted=lines)
    def sell_and_give_back(self, wanted: list[Line]) -> None:
        fits = all(count <= self.free(number) for number, count in summed(wanted).items())
        if self.attempt(self.within("sell", wanted, ORDER), fits=fits):
            for number, count in summed(wanted).items():
                self.on_hand[number] -= count
            self.people_are_told_once_that_something_became_low()
            self.run(self.within("give_back", wanted, ORDER))
            for number, count in summed(wanted).items():
                self.on_hand[number] += count

    @rule(number=products, level=st.integers(0, 8))
    def level_at(self, number: int, level: int) -> None:
        self.run(self.service.edit(self.actor, self.place.public, SHOP, number, {"reorder_level": level}))
        self.level[number] = level

    @invariant()
    def there_is_what_the_model_says(self) -> None:
        assert {one.number: one.on_hand for one in self.run(self.all())} == self.on_hand
        assert {one.number: one.reserved for one in self.run(self.all())} == self.reserved
        assert {one.number: one.elsewhere for one in self.run(self.all())} == self.elsewhere
        assert {number: self.run(self.cellar(number)) for number in self.on_hand} == self.elsewhere
        assert min(*self.on_hand.values(), *self.reserved.values(), *map(self.free, self.on_hand)) >= 0

    @invariant()
    def the_ledger_adds_up_to_it(self) -> None:
        for number in self.on_hand:
            entries = self.run(self.entries(number))
            aside = [one.kind.sets_aside for one in entries]
            sums = [
                sum(one.quantity for one, is_aside in zip(entries, aside, strict=True) if is_aside is wanted)
                for wanted in (False, True)
            ]
            assert sums == [self.on_hand[number], self.reserved[number]]

    @invariant()
    def people_are_told_once_that_something_became_low(self) -> None:
        is_low = {number: self.on_hand[number] - self.reserved[number] <= self.level[number] for number in self.on_hand}
        self.told += [number for number in sorted(is_low) if is_low[number] and not self.is_low[number]]
        self.is_low = is_low
        assert sorted(self.run(self.posted())) == self.told
        self.told.clear()

    @invariant()
    def money_is_kept(self) -> None:
        assert self.run(self.lines()) == self.earned

    async def cellar(self, number: int) -> int:
        async with self.place.reading() as work:
            return (await work.of(LEDGER).levels(number)).get("cellar", 0)

    async def all(self) -> list[Product]:
        async with self.place.reading() as work:
            return list((await work.of(PRODUCTS).page(ProductFilter(), self.place.public)).items)

    async def entries(self, number: int) -> list[Movement]:
        async with self.place.reading() as work:
            return list((await work.of(LEDGER).page(number, limit=1000)).items)

    async def posted(self) -> list[int]:
        found, outbox = list[int](), self.place.storage.outbox
        while items := await outbox.claim(self.clock.now(), 50):
            for item in items:
                await outbox.sent(item.id, "m1", self.clock.now())
                found += map(int, item.post.reply.title.split())
        return found

    async def lines(self) -> Decimal:
        async with self.place.reading() as work:
            days = work.of(SALES).between(NOON.date(), NOON.date())
            return sum([line.amount async for some in days for line in some], Decimal(0))


def _named(low: Sequence[Product]) -> Reply:
    return Reply(title=" ".join(str(product.number) for product in low))


def summed(wanted: list[Line]) -> dict[int, int]:
    found: dict[int, int] = {}
    for line in wanted:
        found[line.number] = found.get(line.number, 0) + line.quantity
    return found


Goods.TestCase.settings = settings(
    max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestGoods = Goods.TestCase


@pytest.fixture
def goods() -> Any:
    """The machine with its products, for single steps of it."""
    made = Goods()
    yield made
    made.teardown()


def test_lines_of_one_product_count_together(goods: Goods) -> None:
    with pytest.raises(RefusedError) as refused:
        goods.run(goods.within("sell", [Line(1, 6), Line(2, 1), Line(1, 5)]))
    assert (refused.value.reason, refused.value.details["left"]) == ("too_few", 10)
    goods.there_is_what_the_model_says()


def test_an_amount_is_rounded_by_line_half_to_even(goods: Goods) -> None:
    prices = [Decimal("0.125"), Decimal("0.375"), Decimal("1.005")]
    moved = goods.run(goods.within("sell", [Line(1, 1, price) for price in prices]))
    assert [line.amount for line in moved.lines] == [Decimal("0.12"), Decimal("0.38"), Decimal("1.00")]


def test_what_was_set_aside_is_sold_with_its_discount_and_comes_back_as_it_went(goods: Goods) -> None:
    line = Line(1, 10, Decimal("10.00"), discount=Decimal("10.00"))
    goods.run(goods.within("reserve", [line], "order 1"))
    sold = goods.run(goods.within("take_reserved", [line], ORDER))
    back = goods.run(goods.within("give_back", [line], ORDER))
    amounts = [(one.amount, one.discount, one.source) for moved in (sold, back) for one in moved.lines]
    assert amounts == [(Decimal("90.00"), Decimal(10), "order"), (Decimal("-90.00"), Decimal(-10), "order")]


def test_what_is_undone_says_which_entry_it_takes_back(goods: Goods) -> None:
    kept = goods.sell(1, 3)
    goods.sell(1, 1)
    goods.undo(kept)
    newest, *_ = goods.run(goods.entries(1))
    sold = next(one for one in goods.run(goods.entries(1)) if one.quantity == -3)
    assert newest.reference == f"undo of {sold.id}"


def test_one_that_can_not_be_read_is_refused(goods: Goods) -> None:
    kept: Any = goods.sell(1, 3)
    entry = replace(kept.entry, payload={"of": "another version"})
    with pytest.raises(ConflictError):
        goods.run(goods.service.undo_goods(goods.actor, SHOP, entry))
