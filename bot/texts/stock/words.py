"""Products in words, as rows of tables, and with their buttons."""

from collections.abc import Sequence
from typing import Literal

from bot.texts import prices
from bot.texts.history import Told
from bot.texts.prices import currency_of, money, money_cell
from bot.texts.records import renewing
from bot.texts.view import View
from core.chat.reply import Action, Cell, Column, Field, Row, Style, Table
from core.chat.text import Bold, Text, text
from core.people.model import Role
from core.stock.kind import PRODUCT_KIND
from core.stock.model import Product

SELLERS, KEEPERS = Role.CLERK, Role.MANAGER
"""From which role on people sell and take in goods, and from which they set prices and know what goods cost."""


TOLD = Told(
    PRODUCT_KIND,
    "product",
    {
        "sku": "SKU",
        "name": "Name",
        "description": "Description",
        "category": "Category",
        "tags": "Tags",
        "price": "Price",
        "cost": "Cost",
        "reorder_level": "Reorder level",
        "is_discontinued": "Discontinued",
        "on_order": "On order",
        "expected_on": "Expected",
        "weight": "Weight in kg",
        "dimensions": "Dimensions",
        "removed_at": "Removed",
    },
    dict.fromkeys(("price", "cost"), lambda amount, view: money(amount, currency_of(view))),
)
"""How the history of a product is told."""


def name_of(product: Product) -> Text:
    """Return `APL-1 Apples`, the name standing out."""
    return text(f"{product.sku} ", Bold(product.name)) if product.sku != product.name else text(Bold(product.name))


def columns(currency: str) -> tuple[Column, ...]:
    """Return the columns of every table of products; scripts go by their keys."""
    return (
        Column("sku", "SKU"),
        Column("name", "Name"),
        Column("category", "Category"),
        Column("price", f"Price ({currency})", "money"),
        Column("available", "Available", "number"),
    )


def cells(product: Product, currency: str) -> tuple[Cell, ...]:
    """Return a product as a row of those."""
    return (
        product.sku,
        product.name,
        product.category,
        money_cell(product.price, currency),
        product.available,
    )


def table(products: Sequence[Product], view: View, then: str = "") -> Table:
    """Return products as a table, with the buttons that whoever reads it may press, and what is shown after that."""
    currency = currency_of(view)
    has_categories = any(product.category for product in products)
    kept = [place for place, column in enumerate(columns(currency)) if has_categories or column.key != "category"]
    rows = []
    for product in products:
        found = cells(product, currency)
        is_out = product.available <= 0 and not product.is_discontinued
        mark: Literal["", "warning"] = "warning" if is_out else ""
        rows.append(Row(tuple(found[place] for place in kept), renewing(row_actions(product, view), then), mark))
    return Table("Products", tuple(columns(currency)[place] for place in kept), tuple(rows))


def row_actions(product: Product, view: View) -> tuple[Action, ...]:
    """Return what may be done with a product that is one among others."""
    if view.actor.role < SELLERS or product.is_discontinued:
        return ()
    return (sell_action(product) if product.here > 0 and product.price else restock_action(product),)


def sell_action(product: Product) -> Action:
    """Return the button that asks how many to sell."""
    return Action("Sell", f"/stock sell #{product.number}", style=Style.PRIMARY)


def restock_action(product: Product, quantity: int | None = None) -> Action:
    """Return the button that takes in so many, or asks how many."""
    if quantity is None:
        return Action("Restock", f"/stock restock #{product.number}")
    return Action(f"Restock by {quantity:,}", f"/stock restock #{product.number} {quantity}", Style.PRIMARY, once=True)


def goods_actions(product: Product) -> tuple[Action, ...]:
    """Return what may be done next with the goods of a product."""
    if product.is_discontinued:
        return ()
    return (*((sell_action(product),) if product.here > 0 and product.price else ()), restock_action(product))


def left(product: Product) -> str:
    """Return `47 left`, and what of it is set aside."""
    return prices.left(product.available, product.reserved)


def low_note(product: Product) -> str:
    """Return that a product is at or below its reorder level, if it is."""
    level = product.reorder_level
    if level is None or product.is_discontinued or product.available > level:
        return ""
    coming = f", and {product.on_order:,} are on order" if product.on_order else ""
    return f"That is {'at' if product.available == level else 'below'} its reorder level of {level:,}{coming}."


def goods_fields(product: Product) -> tuple[Field, ...]:
    """Return what there is of a product, for scripts."""
    return (
        Field("number", "No.", product.number, "number"),
        Field("sku", "SKU", product.sku),
        Field("available", "Available", product.available, "number"),
    )
