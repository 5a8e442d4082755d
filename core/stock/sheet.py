"""The sheet of products: what the columns of a file say, and what a product writes into them."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from core.shared.currencies import smallest
from core.shared.errors import InvalidArgumentError
from core.shared.money import amount_of
from core.stock.kind import PRODUCT_KIND, PRODUCT_NAMES
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
from core.transfer.amounts import read_units
from core.transfer.records import KeyedRecords
from core.transfer.sheet import CellError, Column, Fields, Importer, PlainDraft, Sheet, Surroundings

_SKU, _NAME = 1, 2
"""Where a draft has them."""


@lru_cache(maxsize=64)
def sheet_of(shop: Shop) -> Sheet[PlainDraft, Product]:
    """Return the files of products with prices in a shop's currency.

    What there is of a product is said of new ones only: that of others a file may tell as it was long ago.
    """
    return Sheet(
        called=PRODUCT_NAMES,
        title="Products",
        columns=(
            columns.ruled("sku", lambda text: clean_sku(text) if text else "", aliases="article code item-number"),
            columns.words("name", clean_name, NAME_LIMIT, "title product item product-name item-name", one_line=True),
            _whole("quantity", "on_hand", "qty stock on-hand in-stock amount count", unsaid=0, stays=True),
            _price("price", shop, "unit-price sales-price retail-price"),
            columns.words("category", clean_category, CATEGORY_LIMIT, "type group", may_be_empty=True, one_line=True),
            columns.ruled("tags", clean_tags, aliases="labels keywords", unsaid=()),
            _price("cost", shop, "unit-cost cost-price purchase-price"),
            _whole("reorder", "reorder_level", "reorder-level reorder-point minimum min-stock", unsaid=None),
            columns.words("description", clean_description, DESCRIPTION_LIMIT, "details notes", may_be_empty=True),
            _flag("discontinued", "is_discontinued"),
            _whole("on order", "on_order", "on-order ordered", unsaid=0, stays=True),
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
        records=KeyedRecords(
            lambda work: work.of(PRODUCTS),
            lambda work, skus, audience: work.of(PRODUCTS).by_sku(skus, audience),
            lambda product: product.sku,
        ),
        kind=PRODUCT_KIND,
        sample={"sku": "APL-1", "name": "Apples", "quantity": "50", "price": "0.50"},
        line=lambda product: f"{product.name}: {product.available}",
        bare=("name", "quantity", "price"),
    )


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


def _price(name: str, shop: Shop, aliases: str) -> Column[Product]:
    def read(text: str, _around: Surroundings) -> Decimal | None:
        units = read_units(text, shop.currency)
        try:
            return checked_price(None if units is None else amount_of(units), shop.currency, name)
        except InvalidArgumentError as error:
            raise columns.refused(error) from error

    def write(product: Product, _around: Surroundings) -> Decimal | None:
        amount: Decimal | None = getattr(product, name)
        return None if amount is None else amount.quantize(smallest(shop.currency))

    return Column(name, read, write, aliases, takes_amounts=True, field=name)


def _whole(name: str, field: str, aliases: str, *, unsaid: object, stays: bool = False) -> Column[Product]:
    """Return a column of whole numbers, none of them below 0."""

    def read(text: str, _around: Surroundings) -> int | None:
        units = read_units(text)
        if units is None:
            return None
        amount = amount_of(units)
        if amount != int(amount) or not 0 <= amount <= QUANTITY_LIMIT:
            raise CellError("quantity_bad", limit=QUANTITY_LIMIT)
        return int(amount)

    def put(said: int | None, had: int | None) -> int | None:
        return unsaid if said is None else said  # type: ignore[return-value]

    return Column(
        name,
        read,
        lambda product, _: getattr(product, field),
        aliases,
        field=field,
        unsaid=unsaid,
        put=put,
        stays=stays,
    )


def _flag(name: str, field: str) -> Column[Product]:
    plain = columns.flag(name)

    def write(product: Product, _around: Surroundings) -> str:
        return "yes" if getattr(product, field) else "no"

    return Column(name, plain.read, write, is_value=plain.is_value, field=field, unsaid=plain.unsaid, put=plain.put)
