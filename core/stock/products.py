"""What people do with products. One unit of work a method."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.chat.actor import Actor
from core.history.service import PAGE_SIZE, NumberedService
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import ConflictError, InvalidArgumentError, RefusedError
from core.shared.events import Event, EventValue
from core.shared.paging import Page
from core.shared.searching import Hits, Sought
from core.shared.value_objects import value_object
from core.stock.categories import check_active
from core.stock.kind import MOVEMENT, PRODUCT_KIND, PRODUCT_NAMES, PRODUCT_UNDO
from core.stock.model import Movement, NewProduct, Product, ProductFilter, Shop, StockValue
from core.stock.repository import LEDGER, PRODUCTS
from core.stock.rules import (
    checked_level,
    checked_price,
    checked_quantity,
    clean_category,
    clean_description,
    clean_dimensions,
    clean_location,
    clean_name,
    clean_reason,
    clean_reference,
    clean_sku,
    clean_tags,
    made_up_sku,
    weight_of,
)
from core.stock.service import Line, Moved, StockService, moved_of, plain_moved
from core.undo.keeping import add_entry, check_reach, keep_change
from core.workspaces.model import Audience


@value_object
class ProductChange:
    """A product as it is now and as it was (None: it is new), and how to take that back; empty if nothing changed."""

    product: Product
    before: Product | None = None
    undo_id: str = ""


@value_object
class AlreadyThere:
    """What has the SKU or the name of a product that was to be added, and how many of it were."""

    product: Product
    quantity: int


@value_object
class GoodsMoved:
    """What was done with the goods of one product, and how to take that back."""

    done: Moved
    undo_id: str = ""


@value_object
class ProductCard:
    """A product, and how much of it lies at other locations than the first."""

    product: Product
    levels: Mapping[str, int]


@value_object
class ProductLedger:
    """A product as it is now, and a page of its ledger."""

    product: Product
    page: Page[Movement]


_CLEAN: Mapping[str, Callable[[Any, Shop], object]] = {
    "name": lambda value, _shop: clean_name(value),
    "sku": lambda value, _shop: clean_sku(value),
    "description": lambda value, _shop: clean_description(value),
    "category": lambda value, _shop: clean_category(value),
    "tags": lambda value, _shop: clean_tags(value),
    "price": lambda value, shop: checked_price(value, shop.currency),
    "cost": lambda value, shop: checked_price(value, shop.currency, "cost"),
    "reorder_level": lambda value, _shop: checked_level(value),
    "is_discontinued": lambda value, _shop: value,
    "weight": lambda value, _shop: weight_of(value),
    "dimensions": lambda value, _shop: clean_dimensions(value),
}
"""What can be said of a product, by field, and what makes of it what is kept."""


class ProductService(NumberedService[Product]):
    """The products of one workspace, for the length of one request."""

    called, kept, undoing = PRODUCT_NAMES, PRODUCTS, PRODUCT_UNDO

    def __init__(self, transactions: Transactions, clock: Clock, stock: StockService) -> None:
        """Bind to the workspace's units of work, the time, and what moves goods."""
        super().__init__(transactions, clock)
        self._stock = stock

    # --- what is known of products --------------------------------------------

    async def add(self, actor: Actor, audience: Audience, shop: Shop, new: NewProduct) -> ProductChange | AlreadyThere:
        """Add a product with what there is of it, unless there is one of that SKU or name.

        Raises `InvalidArgumentError` for what can't be (see `rules`).
        """
        now, quantity = self._clock.now(), checked_quantity(new.quantity, least=0)
        fields = {
            name: _CLEAN[name](getattr(new, name), shop) for name in _CLEAN if hasattr(new, name) and name != "sku"
        }
        sku = clean_sku(new.sku) if new.sku else ""
        added_on = shop.day_of(now)
        async with self._transactions.write() as work:
            if found := await _same(work, sku, str(fields["name"]), audience):
                return AlreadyThere(found, quantity)
            await check_active(work, str(fields["category"]), audience)
            sku = sku or await work.of(PRODUCTS).free_sku(made_up_sku(str(fields["name"])))
            number = await work.of(PRODUCTS).reserve_numbers()
            about: dict[str, Any] = {**fields, "sku": sku, "on_hand": quantity, "added_on": added_on}
            product = Product(number=number, author_id=actor.member_id, created_at=now, **about)
            work.of(PRODUCTS).add(product)
            await self._stock.look(work, None, product)
            undo_id = self._kept(work, actor, "add", None, product, {"quantity": quantity})
            await work.commit()
        return ProductChange(product, None, undo_id)

    async def edit(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, values: Mapping[str, object]
    ) -> ProductChange:
        """Change fields of a product, given as typed; raises `InvalidArgumentError` as `add` does."""
        cleaned: dict[str, Any] = {name: _CLEAN[name](value, shop) for name, value in values.items()}
        if not cleaned:
            raise InvalidArgumentError("product", "nothing_to_edit_of_product", number=number)
        return await self._change(actor, audience, number, "edit", lambda before: replace(before, **cleaned))

    async def price(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, price: Decimal | None
    ) -> ProductChange:
        """Set what one piece is sold for, or that it is not sold for now."""
        checked = checked_price(price, shop.currency)
        return await self._change(actor, audience, number, "price", lambda before: replace(before, price=checked))

    async def ordered(
        self, actor: Actor, audience: Audience, number: int, quantity: int, by: date | None
    ) -> ProductChange:
        """Note how much is to come and by when; 0 for nothing any more."""
        checked = checked_quantity(quantity, least=0)

        def order(before: Product) -> Product:
            if checked and before.is_discontinued:
                raise RefusedError("product_discontinued", field="product", number=number, name=before.name)
            return replace(before, on_order=checked, expected_on=by if checked else None)

        return await self._change(actor, audience, number, "ordered", order)

    async def remove(self, actor: Actor, audience: Audience, number: int) -> ProductChange:
        """Take a product out of the catalogue; raises `RefusedError` (`goods_reserved`) while some is set aside."""
        now = self._clock.now()

        def remove(before: Product) -> Product:
            if before.reserved:
                raise RefusedError("goods_reserved", name=before.name, number=number, reserved=before.reserved)
            return replace(before, removed_at=now)

        return await self._change(actor, audience, number, "remove", remove)

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience) -> ProductChange:
        """Take a change of what is known of a product back; a new one goes again if nothing happened to its goods."""
        async with self._transactions.write() as work:
            undone = await PRODUCT_UNDO.take_back(work, work.of(PRODUCTS), actor, entry, self._clock.now(), audience)
            (before,), (product,) = undone.before, undone.records
            if undone.withdrawn and before.version > 1:
                raise ConflictError(
                    "changed_since",
                    noun=PRODUCT_KIND.name,
                    number=before.number,
                    title=before.name,
                    changed=("on_hand",),
                )
            await self._stock.look(work, before, product)
            self._record(work, actor, "changed", product, {"undo": True})
            await work.commit()
        return ProductChange(product, before)

    # --- goods ------------------------------------------------------------------

    async def sell(self, actor: Actor, shop: Shop, number: int, quantity: int) -> GoodsMoved:
        """Sell some of a product; raises as `StockService` does."""
        async with self._transactions.write() as work:
            done = await self._stock.sell(work, actor, shop, [Line(number, quantity)])
            return await self._moved(work, actor, "sell", "sold", done)

    async def restock(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, quantity: int, reference: str = ""
    ) -> GoodsMoved:
        """Take in new goods of a product, which came with something such as a delivery note.

        Raises as `StockService` does.
        """
        came_with = clean_reference(reference)
        async with self._transactions.write() as work:
            product = await self._load(work, number, audience)
            done = await self._stock.restock(work, actor, shop, product, quantity, came_with)
            return await self._moved(work, actor, "restock", "restocked", done)

    async def adjust(self, actor: Actor, shop: Shop, number: int, change: int, reason: str) -> GoodsMoved:
        """Have so much more of a product than was thought, or (below 0) less.

        Raises as `StockService` does, `adjusted_too_few` in place of `too_few`.
        """
        why = clean_reason(reason)
        if not change:
            raise InvalidArgumentError("change", "adjusted_by_nothing", value=change)
        checked_quantity(abs(change), "change")
        async with self._transactions.write() as work:
            try:
                done = await self._stock.adjust(work, actor, shop, number, change, why)
            except RefusedError as error:
                if error.reason != "too_few":
                    raise
                told = {name: value for name, value in error.details.items() if name != "reason"}
                raise RefusedError("adjusted_too_few", field="change", **told, value=change) from error
            return await self._moved(work, actor, "adjust", "adjusted", done)

    async def transfer(
        self, actor: Actor, shop: Shop, number: int, quantity: int, origin: str, target: str
    ) -> GoodsMoved:
        """Bring goods of a product from one location to another; an empty name is the first."""
        checked_quantity(quantity)
        async with self._transactions.write() as work:
            known = {location.casefold(): location for location in await work.of(LEDGER).locations()}
            named = [known.get(name.casefold(), name) for name in map(clean_location, (origin, target))]
            if named[0] == named[1]:
                raise InvalidArgumentError("to", "transferred_nowhere", value=target)
            done = await self._stock.transfer(work, actor, shop, number, quantity, *named)
            return await self._moved(work, actor, "transfer", "moved", done)

    async def undo_goods(self, actor: Actor, shop: Shop, entry: UndoEntry) -> Moved:
        """Take back what was done with goods, by entries that come to the opposite; raises as `StockService` does."""
        check_reach(actor, entry)
        async with self._transactions.write() as work:
            done = await self._stock.take_back(work, actor, shop, moved_of(entry.payload))
            for product, change in zip(done.products, done.changes, strict=True):
                self._record(work, actor, "moved", product, {"quantity": change.on_hand, "undo": True})
            await work.commit()
        return done

    # --- looking -----------------------------------------------------------------

    async def show(self, number: int, audience: Audience) -> ProductCard:
        """Return a product and where it lies; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            product = await self._load(work, number, audience)
            return ProductCard(product, await work.of(LEDGER).levels(number) if product.elsewhere else {})

    async def list(self, wanted: ProductFilter, audience: Audience, *, cursor: str = "") -> Page[Product]:
        """Return a page of products by name."""
        async with self._transactions.read() as work:
            return await work.of(PRODUCTS).page(wanted, audience, cursor=cursor)

    async def search(self, asked: Sought, audience: Audience, *, cursor: str = "") -> Hits[Product]:
        """Return a page of products that are found by their SKU, name, category, tags or description."""
        async with self._transactions.read() as work:
            return await work.of(PRODUCTS).search(asked, audience, cursor=cursor)

    async def low(self, level: int | None, audience: Audience, *, cursor: str = "") -> Page[Product]:
        """Return a page of what is at or below its reorder level, or that one."""
        checked = None if level is None else checked_quantity(level, "level", least=0)
        async with self._transactions.read() as work:
            return await work.of(PRODUCTS).low(checked, audience, cursor=cursor)

    async def value(self) -> StockValue:
        """Return what all goods are worth."""
        async with self._transactions.read() as work:
            return await work.of(PRODUCTS).value()

    async def ledger(self, number: int, audience: Audience, *, cursor: str = "") -> ProductLedger:
        """Return a page of what moved of a product, the newest first; that of a removed one can be read too."""
        async with self._transactions.read() as work:
            product = await PRODUCT_UNDO.find_for(work, work.of(PRODUCTS), number, audience)
            return ProductLedger(product, await work.of(LEDGER).page(number, cursor=cursor, limit=PAGE_SIZE))

    # ------------------------------------------------------------------------------

    async def _change(
        self, actor: Actor, audience: Audience, number: int, verb: str, step: Callable[[Product], Product]
    ) -> ProductChange:
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            after = step(before)
            if after == before:
                return ProductChange(before, before)
            if after.category.casefold() != before.category.casefold():
                await check_active(work, after.category, audience)
            changed = replace(after, version=before.version + 1)
            await work.of(PRODUCTS).change_many([changed])
            await self._stock.look(work, before, changed)
            undo_id = self._kept(work, actor, verb, before, changed, {})
            await work.commit()
        return ProductChange(changed, before, undo_id)

    def _kept(
        self,
        work: UnitOfWork,
        actor: Actor,
        verb: str,
        before: Product | None,
        after: Product,
        facts: Mapping[str, EventValue],
    ) -> str:
        self._record(work, actor, "added" if before is None else "changed", after, facts)
        command = f"{PRODUCT_NAMES.area} {verb}"
        return keep_change(work, PRODUCT_KIND, actor, command, [before], [after], self._clock.now())

    async def _moved(self, work: UnitOfWork, actor: Actor, verb: str, event: str, done: Moved) -> GoodsMoved:
        (product,), (change,) = done.products, done.changes
        self._record(work, actor, event, product, {"quantity": change.on_hand})
        command, now = f"{PRODUCT_NAMES.area} {verb}", self._clock.now()
        undo_id = add_entry(work, actor, command, MOVEMENT, plain_moved(done), now)
        await work.commit()
        return GoodsMoved(done, undo_id)

    def _record(
        self, work: UnitOfWork, actor: Actor, verb: str, product: Product, facts: Mapping[str, EventValue]
    ) -> None:
        told = {"number": product.number, "on_hand": product.on_hand, "available": product.available, **facts}
        work.events.record(Event(f"{PRODUCT_NAMES.area}.{verb}", self._clock.now(), None, actor.member_id, told))


async def _same(work: UnitOfWork, sku: str, name: str, audience: Audience) -> Product | None:
    """Return the product that has a SKU, or else a name."""
    for word in filter(None, (sku, name)):
        found = await work.of(PRODUCTS).called(word, audience)
        if same := next((one for one in found if word in (one.sku, one.name)), next(iter(found), None)):
            return same
    return None
