"""Goods that come, go and are set aside, in whatever unit of work an area has: all of it, or nothing.

Every change of a quantity is one conditional statement, and stands in the ledger with who, when and why. What is sold
is a line of a sale besides.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from operator import attrgetter
from typing import Any

from core.chat.actor import Actor
from core.ports.storage import UnitOfWork
from core.sales.model import SaleLine
from core.sales.repository import SALES
from core.shared.clock import Clock
from core.shared.currencies import smallest
from core.shared.errors import ConflictError, NotFoundError, RefusedError
from core.shared.ids import MemberId
from core.shared.money import LARGEST
from core.shared.value_objects import value_object
from core.stock.kind import PRODUCT_KIND, PRODUCT_NAMES
from core.stock.low import LowStock as LowStock
from core.stock.low import crossed
from core.stock.model import Change, Movement, MovementKind, Product, Shop
from core.stock.repository import LEDGER, PRODUCTS
from core.stock.rules import checked_price as checked_price
from core.stock.rules import checked_quantity as checked_quantity
from core.stock.undo import whatever_became
from core.workspaces.model import Audience

_NOTHING = Decimal(0)


@value_object
class Line:
    """So many pieces of the product of a number; price and cost of one are the product's unless its price is given."""

    number: int
    quantity: int
    price: Decimal | None = None
    discount: Decimal = _NOTHING
    tax: Decimal = _NOTHING
    cost: Decimal | None = None


@value_object
class Sale:
    """Where goods are sold: the word of the area, what they belong to there, to whom, and where the tax is.

    Without one each product is sold by the area that has a record of its own of it.
    """

    source: str = ""
    reference: str = ""
    customer: str = ""
    customer_name: str = ""
    country: str = ""
    tax_included: bool = False


@value_object
class Moved:
    """What was done: products as they are now, in the order of their numbers, the entries, and the lines of a sale."""

    products: Sequence[Product]
    changes: Sequence[Change]
    movements: Sequence[Movement]
    lines: Sequence[SaleLine] = ()

    @property
    def product(self) -> Product:
        """Return the first product, for what moves only one."""
        return self.products[0]

    @property
    def amount(self) -> Decimal:
        """Return what all lines come to."""
        return sum((line.amount for line in self.lines), _NOTHING)


@value_object
class Ware:
    """What an area sells that has records of its own, as its product says it: by which SKU, name and category.

    Without a price, a reorder level or a quantity it is no product, unless it `is_wanted` to be one. `removed_at` takes
    the product away, too. Its sales have the area's word as their `source`.
    """

    sku: str
    name: str
    author_id: MemberId
    created_at: datetime
    added_on: date
    category: str = ""
    price: Decimal | None = None
    reorder_level: int | None = None
    on_hand: int = 0
    removed_at: datetime | None = None
    is_wanted: bool = False
    source: str = ""

    @property
    def is_sold(self) -> bool:
        """Tell whether it is a product at all."""
        said = self.price is not None or self.reorder_level is not None or self.on_hand > 0
        return (said or self.is_wanted) and self.removed_at is None


@value_object
class _Why:
    """Who moves goods, when, and what for."""

    actor: Actor
    shop: Shop
    now: datetime
    reason: str = ""
    reference: str = ""
    prices: Mapping[int, Decimal | None] = field(default_factory=dict)

    def entry(self, number: int, kind: MovementKind, quantity: int) -> Movement:
        """Return an entry of the ledger."""
        return Movement(
            number=number,
            kind=kind,
            quantity=quantity,
            at=self.now,
            business_date=self.shop.day_of(self.now),
            member_id=self.actor.member_id,
            reason=self.reason,
            reference=self.reference,
            price=self.prices.get(number),
        )


class StockService:
    """The goods of one workspace; its methods take the unit of work in which they are to happen.

    Lines of one product count together, and products are changed in the order of their numbers, so that two who want
    the same goods don't wait for each other crosswise. Raises `RefusedError` with reason `too_few` (details `left`,
    `wanted`, `name`), `too_much`, `product_unpriced` or `product_discontinued`, `InvalidArgumentError` for a quantity
    that can't be, and `NotFoundError`; then the unit of work is to be left without a commit.
    """

    def __init__(self, clock: Clock, low: LowStock) -> None:
        """Tell the time by a clock, and people what has become low."""
        self._clock = clock
        self._low = low

    async def sell(
        self, work: UnitOfWork, actor: Actor, shop: Shop, lines: Sequence[Line], sale: Sale | None = None
    ) -> Moved:
        """Sell what is available."""
        return await self._sold(work, actor, shop, lines, sale or Sale(), reserved=False)

    async def take_reserved(
        self, work: UnitOfWork, actor: Actor, shop: Shop, lines: Sequence[Line], sale: Sale
    ) -> Moved:
        """Sell what was set aside before."""
        return await self._sold(work, actor, shop, lines, sale, reserved=True)

    async def reserve(self, work: UnitOfWork, actor: Actor, shop: Shop, lines: Sequence[Line], reference: str) -> Moved:
        """Set goods aside, which only `take_reserved` and `release` get at."""
        wanted = _summed(lines)
        why = _Why(actor, shop, self._clock.now(), reference=reference)
        changes = [Change(number, reserved=quantity) for number, quantity in wanted.items()]
        entries = [why.entry(number, MovementKind.RESERVATION, quantity) for number, quantity in wanted.items()]
        moved = await self._apply(work, actor, changes, entries)
        _refuse_unsellable(moved.products, ())
        return moved

    async def release(self, work: UnitOfWork, actor: Actor, shop: Shop, lines: Sequence[Line], reference: str) -> Moved:
        """Let go of what was set aside."""
        wanted = _summed(lines)
        why = _Why(actor, shop, self._clock.now(), reference=reference)
        changes = [Change(number, reserved=-quantity) for number, quantity in wanted.items()]
        entries = [why.entry(number, MovementKind.RELEASE, -quantity) for number, quantity in wanted.items()]
        return await self._apply(work, actor, changes, entries)

    async def give_back(self, work: UnitOfWork, actor: Actor, shop: Shop, lines: Sequence[Line], sale: Sale) -> Moved:
        """Take goods back that were sold: a negative line each, of the day on which they come back."""
        moved = await self.take_in(work, actor, shop, lines, sale.reference)
        why = _Why(actor, shop, self._clock.now(), reference=sale.reference, prices=_prices(lines))
        return _with_lines(work, moved, [_negative(line) for line in lines], sale, why)

    async def take_in(self, work: UnitOfWork, actor: Actor, shop: Shop, lines: Sequence[Line], reference: str) -> Moved:
        """Take goods back that were sold, whatever becomes of the money."""
        wanted, prices = _summed(lines), _prices(lines)
        why = _Why(actor, shop, self._clock.now(), reference=reference, prices=prices)
        changes = [Change(number, on_hand=quantity) for number, quantity in wanted.items()]
        entries = [why.entry(number, MovementKind.RETURN, quantity) for number, quantity in wanted.items()]
        return await self._apply(work, actor, changes, entries)

    async def offer(self, work: UnitOfWork, wares: Sequence[Ware], audience: Audience) -> Sequence[Product]:
        """Make products of wares, and return them in that order; a SKU that is taken gets a number behind it."""
        if not wares:
            return ()
        taken = {product.sku for product in await work.of(PRODUCTS).by_sku([ware.sku for ware in wares], audience)}
        first = await work.of(PRODUCTS).reserve_numbers(len(wares))
        products = list[Product]()
        for number, ware in enumerate(wares, first):
            sku = f"{ware.sku}-{number}" if ware.sku in taken else ware.sku
            taken.add(sku)
            products.append(_product_of(ware, number, sku))
        work.of(PRODUCTS).add_all(products)
        await self._low.look(work, [product for product in products if product.is_low])
        return products

    async def restate(self, work: UnitOfWork, wares: Mapping[int, Ware]) -> Sequence[Product]:
        """Let products, by number, say what wares are by now; one that is sold no longer is taken out of the catalogue.

        Quantities stay. Raises `RefusedError` (`goods_reserved`) for one that goes while some of it is reserved.
        """
        now, products, moved = self._clock.now(), list[Product](), list[Product]()
        for number, product in (await whatever_became(work, wares)).items():
            if (stated := _stated(product, wares[number], now)) != product:
                products.append(replace(stated, version=product.version + 1))
                moved += [products[-1]] if crossed(product, products[-1]) else []
        await work.of(PRODUCTS).change_many(products)
        await self._low.look(work, moved)
        return products

    async def look(self, work: UnitOfWork, before: Product | None, after: Product) -> None:
        """Look whether what is known of a product, perhaps a new one, makes it low now, or low no more."""
        if crossed(before, after):
            await self._low.look(work, [after])

    async def tell_due(self, work: UnitOfWork) -> None:
        """Tell of what has become low and was to be told later."""
        await self._low.tell_due(work)

    async def restock(
        self, work: UnitOfWork, actor: Actor, shop: Shop, product: Product, quantity: int, reference: str = ""
    ) -> Moved:
        """Take in new goods of a product that was read in this unit of work; what was on order is so much less."""
        checked_quantity(quantity)
        _refuse_discontinued(product)
        prices = {product.number: product.cost}
        why = _Why(actor, shop, self._clock.now(), reference=reference, prices=prices)
        change = Change(product.number, on_hand=quantity, on_order=-min(product.on_order, quantity))
        return await self._apply(work, actor, [change], [why.entry(product.number, MovementKind.RESTOCK, quantity)])

    async def adjust(
        self, work: UnitOfWork, actor: Actor, shop: Shop, number: int, quantity: int, reason: str
    ) -> Moved:
        """Have so much more of a product than was thought, or (below 0) less."""
        why = _Why(actor, shop, self._clock.now(), reason=reason)
        entry = why.entry(number, MovementKind.ADJUSTMENT, quantity)
        return await self._apply(work, actor, [Change(number, on_hand=quantity)], [entry])

    async def count(
        self, work: UnitOfWork, actor: Actor, shop: Shop, differences: Mapping[int, int], location: str, reference: str
    ) -> Moved:
        """Have so much more of products than was thought, or (below 0) less, as was counted at a location."""
        why = _Why(actor, shop, self._clock.now(), reference=reference)
        found = sorted(differences.items())
        changes = [Change(number, on_hand=more, elsewhere=more if location else 0) for number, more in found]
        entries = [replace(why.entry(number, MovementKind.COUNT, more), location=location) for number, more in found]
        await _place(work, entries)
        return await self._apply(work, actor, changes, entries)

    async def transfer(
        self, work: UnitOfWork, actor: Actor, shop: Shop, number: int, quantity: int, origin: str, target: str
    ) -> Moved:
        """Bring goods from one location to another; an empty name is the first, from where all is sold."""
        checked_quantity(quantity)
        change = Change(number, elsewhere=quantity * (bool(target) - bool(origin)))
        why = _Why(actor, shop, self._clock.now())
        entries = [
            replace(why.entry(number, MovementKind.TRANSFER, amount), location=location)
            for location, amount in ((origin, -quantity), (target, quantity))
        ]
        await _place(work, entries)
        return await self._apply(work, actor, [change], entries)

    async def take_back(self, work: UnitOfWork, actor: Actor, shop: Shop, done: Moved) -> Moved:
        """Take back what was done, by entries of the same kinds that come to the opposite."""
        now, entries = self._clock.now(), list[Movement]()
        for entry in done.movements:
            why = _Why(actor, shop, now, reference=f"undo of {await work.of(LEDGER).id_of(entry)}")
            opposite = why.entry(entry.number, entry.kind, -entry.quantity)
            entries.append(replace(opposite, location=entry.location))
        await _place(work, entries)
        moved = await self._apply(work, actor, [change.reversed() for change in done.changes], entries)
        back = [_opposite(line, now, shop, entries[0].reference) for line in done.lines]
        work.of(SALES).add(back)
        return Moved(moved.products, moved.changes, moved.movements, back)

    async def _sold(
        self, work: UnitOfWork, actor: Actor, shop: Shop, lines: Sequence[Line], sale: Sale, *, reserved: bool
    ) -> Moved:
        wanted = _summed(lines)
        changes = [
            Change(number, on_hand=-quantity, reserved=-quantity if reserved else 0)
            for number, quantity in wanted.items()
        ]
        products = await self._changed(work, actor, changes)
        if not reserved:
            _refuse_unsellable(products, lines)
        prices = {product.number: product.price for product in products} | _prices(lines)
        why = _Why(actor, shop, self._clock.now(), reference=sale.reference, prices=prices)
        entries = []
        for number, quantity in wanted.items():
            entries.append(why.entry(number, MovementKind.SALE, -quantity))
            entries += [why.entry(number, MovementKind.RELEASE, -quantity)] if reserved else []
        work.of(LEDGER).write(entries)
        return _with_lines(work, Moved(products, changes, entries), lines, sale, why)

    async def _apply(
        self, work: UnitOfWork, actor: Actor, changes: Sequence[Change], entries: Sequence[Movement]
    ) -> Moved:
        """Change quantities and write down why, or refuse."""
        products = await self._changed(work, actor, changes)
        work.of(LEDGER).write(entries)
        return Moved(products, changes, entries)

    async def _changed(self, work: UnitOfWork, actor: Actor, changes: Sequence[Change]) -> Sequence[Product]:
        found = await work.of(LEDGER).apply(changes)
        products = [product for product in found if product is not None]
        if len(products) < len(changes):
            raise await _refusal(work, actor, changes[len(products)])
        moved = zip(products, changes, strict=True)
        levelled = [(one, change) for one, change in moved if one.reorder_level is not None]
        await self._low.look(work, [one for one, change in levelled if _fell(one, change)])
        return products


def _product_of(ware: Ware, number: int, sku: str) -> Product:
    return Product(
        number=number,
        sku=sku,
        name=ware.name,
        author_id=ware.author_id,
        created_at=ware.created_at,
        added_on=ware.added_on,
        category=ware.category,
        price=ware.price,
        reorder_level=ware.reorder_level,
        on_hand=ware.on_hand,
        source=ware.source,
    )


def _stated(product: Product, ware: Ware, now: datetime) -> Product:
    """Return a product that says what a ware is."""
    here = product.removed_at is None
    stays = ware.removed_at is None and (ware.is_sold or (here and (product.on_hand > 0 or product.on_order > 0)))
    if here and not stays and product.reserved:
        raise RefusedError("goods_reserved", name=product.name, number=product.number, reserved=product.reserved)
    return replace(
        product,
        name=ware.name,
        category=ware.category,
        price=ware.price,
        reorder_level=ware.reorder_level,
        removed_at=None if stays else product.removed_at or ware.removed_at or now,
    )


def _summed(lines: Sequence[Line]) -> dict[int, int]:
    """Return how many pieces of each product lines are of, in the order in which products are changed."""
    found: dict[int, int] = {}
    for line in sorted(lines, key=lambda line: line.number):
        found[line.number] = checked_quantity(found.get(line.number, 0) + checked_quantity(line.quantity))
    return found


def _fell(product: Product, change: Change) -> bool:
    """Tell whether a product has become low by a change, or is low no more."""
    before = replace(product, on_hand=product.on_hand - change.on_hand, reserved=product.reserved - change.reserved)
    return crossed(before, product)


def _prices(lines: Sequence[Line]) -> dict[int, Decimal | None]:
    return {line.number: line.price for line in lines if line.price is not None}


async def _place(work: UnitOfWork, entries: Sequence[Movement]) -> None:
    """Have goods lie where entries say that they went; raises `RefusedError` (`too_few_there`)."""
    for entry in entries:
        if not entry.location:
            continue
        there = (await work.of(LEDGER).levels(entry.number)).get(entry.location, 0)
        if there + entry.quantity < 0:
            about = {"location": entry.location, "left": there, "wanted": -entry.quantity}
            raise RefusedError("too_few_there", field="quantity", **about)
        work.of(LEDGER).place(entry.number, {entry.location: entry.quantity})


async def _refusal(work: UnitOfWork, actor: Actor, change: Change) -> RefusedError | NotFoundError:
    """Return why quantities can't change so."""
    audience = Audience(actor.member_id, frozenset({actor.channel_id}))
    product = await work.of(PRODUCTS).get(change.number, audience)
    if product is None:
        return NotFoundError(PRODUCT_KIND.name, change.number)
    wanted = change.reserved + change.elsewhere - change.on_hand
    about = {"number": product.number, "name": product.name, "left": product.here, "wanted": abs(wanted)}
    if wanted > 0:
        return too_few(product, wanted)
    if change.on_hand > 0:
        return RefusedError("too_much", field="quantity", **about, on_hand=product.on_hand)
    return RefusedError("not_reserved", field="quantity", **about, reserved=product.reserved)


def too_few(product: Product, wanted: int, taken: int = 0) -> RefusedError:
    """Return why so many pieces of a product can't be had, beside those that are taken already."""
    about = {"number": product.number, "name": product.name, "left": product.here, "wanted": wanted, "taken": taken}
    return RefusedError("too_few", field="quantity", **about, reserved=product.reserved, elsewhere=product.elsewhere)


def check_for_sale(product: Product) -> None:
    """Refuse what is not sold; raises `RefusedError` (`product_discontinued`, `product_unpriced`)."""
    _refuse_discontinued(product)
    if not product.price:
        raise RefusedError("product_unpriced", field="product", number=product.number, name=product.name)


def _refuse_unsellable(products: Collection[Product], lines: Sequence[Line]) -> None:
    priced = _prices(lines)
    for product in products:
        if product.number in priced:
            _refuse_discontinued(product)
        else:
            check_for_sale(product)


def _refuse_discontinued(product: Product) -> None:
    if product.is_discontinued:
        raise RefusedError("product_discontinued", field="product", number=product.number, name=product.name)


def _with_lines(work: UnitOfWork, moved: Moved, lines: Sequence[Line], sale: Sale, why: _Why) -> Moved:
    """Write the lines of a sale, each with its amount rounded to the currency, half to even."""
    products = {product.number: product for product in moved.products}
    written = [_line(line, products[line.number], sale, why) for line in lines]
    work.of(SALES).add(written)
    return Moved(moved.products, moved.changes, moved.movements, written)


def _line(line: Line, product: Product, sale: Sale, why: _Why) -> SaleLine:
    price = line.price if line.price is not None else product.price or _NOTHING
    amount = (price * line.quantity - line.discount).quantize(smallest(why.shop.currency), ROUND_HALF_EVEN)
    if abs(amount) >= LARGEST:
        raise RefusedError("amount_too_large", field="quantity", name=product.name, limit=LARGEST)
    cost = product.cost if line.price is None else line.cost
    return SaleLine(
        business_date=why.shop.day_of(why.now),
        amount=amount,
        quantity=Decimal(line.quantity),
        price=price,
        currency=why.shop.currency,
        source=sale.source or product.source or PRODUCT_NAMES.area,
        product=product.sku,
        product_name=product.name,
        customer=sale.customer,
        customer_name=sale.customer_name,
        country=sale.country,
        sold_at=why.now,
        discount=line.discount,
        tax=line.tax,
        reference=sale.reference,
        cost=cost_of(line.quantity, cost),
        tax_included=sale.tax_included,
    )


def cost_of(quantity: int, cost: Decimal | None) -> Decimal | None:
    """Return what so many pieces had cost, where that is known and no more than can be kept."""
    whole = None if cost is None else cost * quantity
    return whole if whole is not None and abs(whole) < LARGEST else None


def _negative(line: Line) -> Line:
    return Line(line.number, -line.quantity, line.price, -line.discount, -line.tax, line.cost)


def _opposite(line: SaleLine, now: datetime, shop: Shop, reference: str) -> SaleLine:
    """Return the line that takes another back, on its own day."""
    return replace(
        line,
        business_date=shop.day_of(now),
        sold_at=now,
        amount=-line.amount,
        quantity=-line.quantity,
        discount=-line.discount,
        tax=-line.tax,
        reference=reference,
        cost=None if line.cost is None else -line.cost,
    )


def plain_moved(done: Moved) -> Mapping[str, Any]:
    """Return what is kept of what was done, so that it can be taken back."""
    return {
        "at": done.movements[0].at.isoformat(),
        "member": done.movements[0].member_id,
        "changes": [[one.number, one.on_hand, one.reserved, one.on_order, one.elsewhere] for one in done.changes],
        "movements": [[one.number, one.kind.value, one.quantity, one.location] for one in done.movements],
        "lines": [_plain_line(line) for line in done.lines],
    }


def moved_of(plain: Mapping[str, Any]) -> Moved:
    """Return what was kept so; raises `ConflictError` (`undo_unreadable`) for what another version wrote otherwise."""
    try:
        at = datetime.fromisoformat(plain["at"])
        member = int(plain["member"])
        entries = [
            Movement(number, MovementKind(kind), quantity, at, at.date(), member, location="".join(more))
            for number, kind, quantity, *more in plain["movements"]
        ]
        changes = [Change(*one) for one in plain["changes"]]
        return Moved((), changes, entries, [_line_of(line, at) for line in plain["lines"]])
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ConflictError("undo_unreadable") from error


_AMOUNTS = ("amount", "quantity", "price", "discount", "tax")
_WORDS = ("currency", "source", "product", "product_name", "customer", "customer_name", "country", "reference")
_PLAIN = (*_AMOUNTS, *_WORDS)
_VALUES = attrgetter(*_PLAIN)


def _plain_line(line: SaleLine) -> Mapping[str, str]:
    plain = dict(zip(_PLAIN, map(str, _VALUES(line)), strict=True))
    known = {} if line.cost is None else {"cost": str(line.cost)}
    return plain | known | ({"tax_included": "yes"} if line.tax_included else {})


def _line_of(plain: Mapping[str, str], at: datetime) -> SaleLine:
    amounts = {name: Decimal(plain[name]) for name in (*_AMOUNTS, "cost") if name in plain or name != "cost"}
    words = {name: plain[name] for name in _WORDS}
    return SaleLine(at.date(), sold_at=at, **amounts, **words, tax_included="tax_included" in plain)  # type: ignore[arg-type]
