"""The sheet of products: what the columns of a file say, and what a product writes into them."""

from collections.abc import Callable, Iterable, Sequence

from core.chat.reply import Reply
from core.ports.storage import UnitOfWork
from core.shared.clock import Clock
from core.stock.kind import PRODUCT_KIND, PRODUCT_NAMES
from core.stock.low import LowStock
from core.stock.model import (
    CATEGORY_LIMIT,
    DESCRIPTION_LIMIT,
    DIMENSIONS_LIMIT,
    NAME_LIMIT,
    QUANTITY_LIMIT,
    Product,
    Shop,
)
from core.stock.repository import PRODUCTS
from core.stock.rules import (
    checked_price,
    clean_category,
    clean_description,
    clean_dimensions,
    clean_name,
    clean_sku,
    clean_tags,
    made_up_sku,
    weight_of,
)
from core.transfer import columns
from core.transfer.records import KeyedRecords
from core.transfer.sheet import Column, Fields, Importer, PlainDraft, Sheet, Surroundings
from core.workspaces.model import Audience

_NO_AUDIENCE = Audience(0, frozenset())
"""Products are the workspace's, whoever asks for them."""
_SKU, _NAME = 1, 2
"""Where a draft has them."""


def sheet_of(shop: Shop, clock: Clock, word: Callable[[Sequence[Product]], Reply]) -> Sheet[PlainDraft, Product]:
    """Return the files of products with prices in a shop's currency, and the words for those that become low by one.

    What there is of a product is said of new ones only: that of others a file may tell as it was long ago.
    """
    return Sheet(
        called=PRODUCT_NAMES,
        title="Products",
        columns=(
            columns.ruled("sku", lambda text: clean_sku(text) if text else "", aliases="article code item-number"),
            columns.words("name", clean_name, NAME_LIMIT, "title product item product-name item-name", one_line=True),
            columns.whole(
                "quantity",
                QUANTITY_LIMIT,
                "qty stock on-hand in-stock amount count",
                field="on_hand",
                unsaid=0,
                stays=True,
            ),
            columns.price("price", shop.currency, checked_price, "unit-price sales-price retail-price"),
            columns.words("category", clean_category, CATEGORY_LIMIT, "type group", may_be_empty=True, one_line=True),
            columns.ruled("tags", clean_tags, aliases="labels keywords", unsaid=()),
            columns.price("cost", shop.currency, checked_price, "unit-cost cost-price purchase-price"),
            columns.whole(
                "reorder",
                QUANTITY_LIMIT,
                "reorder-level reorder-point minimum min-stock",
                field="reorder_level",
                unsaid=None,
            ),
            columns.words("description", clean_description, DESCRIPTION_LIMIT, "details notes", may_be_empty=True),
            _flag("discontinued", "is_discontinued"),
            columns.whole("on order", QUANTITY_LIMIT, "on-order ordered", field="on_order", unsaid=0, stays=True),
            columns.ruled("weight", weight_of, lambda one: one.weight and f"{one.weight.normalize():f} kg", "mass"),
            columns.words("dimensions", clean_dimensions, DIMENSIONS_LIMIT, "size", may_be_empty=True),
            columns.created(),
        ),
        draft=_draft,
        key="sku",
        keeps_key=True,
        makes_key=True,
        required=("name",),
        rule=lambda fields, draft, before, importer: _settled(fields, draft, before, importer, shop),
        records=ProductRecords(LowStock(clock, word, later=True)),
        kind=PRODUCT_KIND,
        sample={"sku": "APL-1", "name": "Apples", "quantity": "50", "price": "0.50"},
        line=lambda product: f"{product.name}: {product.available}",
        bare=("name", "quantity", "price"),
    )


class ProductRecords(KeyedRecords[Product]):
    """Products by their SKUs; of those that become low people are told once, when all rows are in."""

    def __init__(self, low: LowStock) -> None:
        """Take what tells of them."""
        super().__init__(
            lambda work: work.of(PRODUCTS),
            lambda work, skus, audience: work.of(PRODUCTS).by_sku(skus, audience),
            lambda product: product.sku,
        )
        self._low = low

    async def added(self, work: UnitOfWork, records: Sequence[Product]) -> None:
        """Look which of the new products are low."""
        await self._low.look(work, [product for product in records if product.is_low])

    async def change(self, work: UnitOfWork, records: Sequence[Product]) -> None:
        """Store changed products, and look which of them are low."""
        await super().change(work, records)
        levelled = [product.number for product in records if product.reorder_level is not None]
        # What an undo puts back does not say how many there are.
        found = await work.of(PRODUCTS).get_many(levelled, _NO_AUDIENCE) if levelled else ()
        known = {product.number: product for product in found}
        await self._low.look(work, [known.get(product.number, product) for product in records])

    async def ended(self, work: UnitOfWork) -> None:
        """Tell of those that are low now."""
        await self._low.tell_due(work)


def _draft(values: Iterable[object]) -> PlainDraft:
    """Return a row as read; one without a SKU has that which is made up from its name."""
    read = list(values)
    if not read[_SKU] and isinstance(name := read[_NAME], str):
        read[_SKU] = made_up_sku(name)
    return PlainDraft(read)


def _settled(fields: Fields, draft: PlainDraft, before: Product | None, importer: Importer, shop: Shop) -> Product:
    if before is None:
        fields["sku"] = draft[_SKU]
        fields["added_on"] = shop.day_of(importer.now)
    return PRODUCT_KIND.made(fields)


def _flag(name: str, field: str) -> Column[Product]:
    plain = columns.flag(name)

    def write(product: Product, _around: Surroundings) -> str:
        return "yes" if getattr(product, field) else "no"

    return Column(name, plain.read, write, is_value=plain.is_value, field=field, unsaid=plain.unsaid, put=plain.put)
