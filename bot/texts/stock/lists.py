"""What people read when they look at stock."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.texts import history as history_texts
from bot.texts.common import counted_in_full
from bot.texts.dates import moment_cell
from bot.texts.history import Told
from bot.texts.low import LOW_COLUMNS
from bot.texts.prices import currency_of, exact, money, money_cell
from bot.texts.records import Listed, Listing, member_field, page_of, paging, record, renewing
from bot.texts.searching import found_of
from bot.texts.stock.words import (
    KEEPERS,
    SELLERS,
    TOLD,
    goods_actions,
    low_note,
    name_of,
    restock_action,
    table,
)
from bot.texts.view import View
from core.chat.reply import Action, Column, Field, Reply, Row, Table
from core.chat.text import Code, lines, plain, text
from core.history.service import RecordHistory
from core.shared.paging import Page
from core.shared.searching import Hits
from core.stock.kind import PRODUCT_NAMES
from core.stock.model import Movement, MovementKind, Product, StockValue
from core.stock.products import ProductCard, ProductLedger

_NOTHING = text("No products here. To add one: ", Code("/stock add Apples 50 0.50"))
_NONE_SUCH = text("No product fits that. All there are: ", Code("/stock list"))
_NOTHING_FOUND = text("No product has that, or anything near it. ", Code("/stock list"), " shows all.")
_NOTHING_LOW = text("Nothing is low.")

_WORDS = {
    MovementKind.SALE: "Sale",
    MovementKind.RESTOCK: "Restock",
    MovementKind.ADJUSTMENT: "Adjustment",
    MovementKind.COUNT: "Count",
    MovementKind.RETURN: "Return",
    MovementKind.RESERVATION: "Reserved",
    MovementKind.RELEASE: "Released",
    MovementKind.TRANSFER: "Transfer",
}


def product_list(page: Page[Product], listing: Listing, view: View) -> Reply:
    """Show a page of products, how many there are in all, and the way to the other pages."""
    nothing = _NOTHING if listing.first_page == "/stock list" else _NONE_SUCH
    return page_of(
        "Products", page, Listed(PRODUCT_NAMES, lambda some: table(some, view, listing.command), nothing), listing
    )


def found(hits: Hits[Product], listing: Listing, view: View) -> Reply:
    """Show a page of the products that a search found."""
    listed: Listed[Product] = Listed(PRODUCT_NAMES, lambda some: table(some, view, listing.command), _NOTHING_FOUND)
    return found_of("Products", hits, listed, listing)


def low(page: Page[Product], level: int | None, listing: Listing, view: View) -> Reply:
    """Show what is low, with how much to order of it beside what is on order."""

    def shown(products: Sequence[Product]) -> Table:
        return Table("Low stock", LOW_COLUMNS, tuple(_low_row(one, level, listing, view) for one in products))

    return page_of("Low stock", page, Listed(PRODUCT_NAMES, shown, _NOTHING_LOW), listing)


def _low_row(product: Product, level: int | None, listing: Listing, view: View) -> Row:
    wanted = product.reorder_level if level is None else level
    cells = (product.sku, product.name, product.available, wanted, product.on_order or None, product.to_order(level))
    is_out = "warning" if product.available <= 0 else ""
    restock = renewing((restock_action(product),), listing.command) if view.actor.role >= SELLERS else ()
    return Row(cells, restock, is_out)  # type: ignore[arg-type]


def card(shown: ProductCard, view: View) -> Reply:
    """Show everything about a product; what it costs and what is earned with it only to those who may know."""
    product, currency = shown.product, currency_of(view)
    places = ", ".join(f"{location}: {amount:,}" for location, amount in shown.levels.items())
    fields: list[Field | None] = [
        Field("number", "No.", product.number, "number"),
        Field("sku", "SKU", product.sku),
        Field("category", "Category", product.category) if product.category else None,
        Field("tags", "Tags", ", ".join(product.tags)) if product.tags else None,
        _money_field("price", "Price", product.price, currency),
        *(_costs(product, currency) if view.actor.role >= KEEPERS else ()),
        Field("on_hand", "On hand", product.on_hand, "number"),
        Field("reserved", "Reserved", product.reserved, "number") if product.reserved else None,
        Field("available", "Available", product.available, "number"),
        Field("elsewhere", "Elsewhere", places) if places else None,
        _level_field(product),
        *(_to_come(product) if product.on_order else ()),
        Field("discontinued", "Discontinued", value=True) if product.is_discontinued else None,
        Field("weight", "Weight", f"{product.weight.normalize():f} kg") if product.weight else None,
        Field("dimensions", "Dimensions", product.dimensions) if product.dimensions else None,
        Field("added", "Added", product.added_on.isoformat(), "date"),
        member_field("author", "By", product.author_id, view),
    ]
    said = lines(product.description or None, low_note(product))
    return record(plain(name_of(product)), said, fields, _actions(product, view))


def _actions(product: Product, view: View) -> tuple[Action, ...]:
    if view.actor.role < SELLERS:
        return ()
    edit = (Action("Edit", f"/stock edit #{product.number}"),) if view.actor.role >= KEEPERS else ()
    changing = renewing((*goods_actions(product), *edit), f"/stock show #{product.number}")
    return (*changing, Action("History", f"/stock history #{product.number}"))


def _to_come(product: Product) -> tuple[Field | None, ...]:
    day = product.expected_on
    return (
        Field("on_order", "On order", product.on_order, "number"),
        Field("expected", "Expected", day.isoformat(), "date") if day else None,
    )


def _costs(product: Product, currency: str) -> tuple[Field | None, Field | None]:
    return (
        _money_field("cost", "Cost", product.cost, currency),
        _money_field("margin", "Margin", product.margin, currency),
    )


def _money_field(key: str, label: str, amount: Decimal | None, currency: str) -> Field | None:
    cell = money_cell(amount, currency)
    return None if cell is None else Field(key, f"{label} ({currency})", cell, "money")


def _level_field(product: Product) -> Field | None:
    level = product.reorder_level
    return None if level is None else Field("reorder", "Reorder level", level, "number")


def value(found: StockValue, view: View) -> Reply:
    """Say what all goods are worth; what they cost only to those who may know."""
    currency = currency_of(view)
    pieces = counted_in_full(found.pieces, "piece")
    of_it = f" ({pieces} of {counted_in_full(found.products, 'product')})"
    said = [f"The stock is worth {money(found.value, currency)}{of_it}."]
    fields = [
        Field("value", f"Value ({currency})", exact(found.value, currency), "money"),
        Field("pieces", "Pieces", found.pieces, "number"),
        Field("products", "Products", found.products, "number"),
    ]
    if found.unpriced:
        said.append(f"Without a price, and so without a value here: {counted_in_full(found.unpriced, 'product')}.")
    if view.actor.role >= KEEPERS:
        fields.append(Field("cost", f"Cost ({currency})", exact(found.cost, currency), "money"))
        rest = f" (not known of {counted_in_full(found.uncosted, 'product')})" if found.uncosted else ""
        is_known = found.uncosted < found.products or not found.products
        said.append(f"It cost {money(found.cost, currency)}{rest}." if is_known else "What it cost is not known.")
    return Reply(title="Stock value", text=lines(*said), fields=tuple(fields))


_LEDGER_COLUMNS = (
    Column("at", "When", "moment"),
    Column("member", "Who", "people"),
    Column("kind", "What"),
    Column("quantity", "Quantity", "number"),
    Column("reason", "Why"),
    Column("id", "No.", "number"),
)


def ledger(found: ProductLedger, listing: Listing, view: View) -> Reply:
    """Show a page of what came and went of a product, the newest first."""
    product, page = found.product, found.page
    title = f"What came and went of {plain(name_of(product))}"
    now = text(
        f"{product.on_hand:,} on hand now", f", {product.reserved:,} of it reserved" if product.reserved else "", "."
    )
    details = Action("Changes", f"/stock history #{product.number} about:details")
    if not page.items:
        return Reply(title=title, text=text("Nothing has come or gone yet."), actions=(details,))
    rows = tuple(_entry(one, view) for one in page.items)
    shown = Table(title, _LEDGER_COLUMNS, rows)
    return Reply(title=title, text=now, tables=(shown,), actions=(*paging(page, listing), details))


def _entry(movement: Movement, view: View) -> Row:
    why = " – ".join(filter(None, (movement.location, movement.reason, movement.reference)))
    return Row(
        (
            moment_cell(movement.at, view.actor.zone),
            view.directory.name(movement.member_id),
            _WORDS[movement.kind],
            movement.quantity,
            why,
            movement.id,
        )
    )


def details(found: RecordHistory[Product], command: str, view: View) -> Reply:
    """Show a page of what was changed about a product; what it cost only to those who may know."""
    told = TOLD if view.actor.role >= KEEPERS else _WITHOUT_COST
    return history_texts.shown(told, plain(name_of(found.record)), command, found.history, view)


_WITHOUT_COST: Told = replace(TOLD, labels={name: label for name, label in TOLD.labels.items() if name != "cost"})
