"""What people are told where they did not ask: that goods have fallen to their reorder level."""

from collections.abc import Sequence
from typing import Protocol

from bot.texts.common import counted_in_full
from core.chat.reply import Action, Column, Reply, Row, Style, Table, Visibility
from core.chat.text import Bold, Code, Text, lines, text


class Goods(Protocol):
    """What there is to know of a product that is low."""

    @property
    def number(self) -> int:
        """Return its number."""
        ...

    @property
    def sku(self) -> str:
        """Return what it goes by."""
        ...

    @property
    def name(self) -> str:
        """Return what it is called."""
        ...

    @property
    def available(self) -> int:
        """Return how much of it is left."""
        ...

    @property
    def reorder_level(self) -> int | None:
        """Return at how many it is low."""
        ...

    @property
    def on_order(self) -> int:
        """Return how much of it is to come."""
        ...

    def to_order(self) -> int:
        """Return how much is missing to its level beside that."""
        ...


SHOWN = 10
"""Products that one post shows."""

LOW_COLUMNS = (
    Column("sku", "SKU"),
    Column("name", "Name"),
    Column("available", "Available", "number"),
    Column("level", "Reorder level", "number"),
    Column("on_order", "On order", "number"),
    Column("to_order", "To order", "number"),
)
"""The columns of every table of what is low; scripts go by their keys."""


def became_low(products: Sequence[Goods]) -> Reply:
    """Tell that products have become low: one by itself, of several those of which most is missing."""
    if len(products) == 1:
        (product,) = products
        return Reply(text=_said(product), visibility=Visibility.CHANNEL, actions=_actions(product))
    shown = sorted(products, key=lambda one: (-(one.reorder_level or 0) + one.available, one.number))[:SHOWN]
    rows = tuple(Row(_cells(one), _actions(one), "warning" if one.available <= 0 else "") for one in shown)
    said = text(f"{counted_in_full(len(products), 'product')} fell to the reorder level.")
    rest = text(f"Here are {SHOWN} of them, of which most is missing. All of them: ", Code("/stock low"))
    return Reply(
        title="Low stock",
        text=lines(said, rest if len(products) > SHOWN else None),
        visibility=Visibility.CHANNEL,
        tables=(Table("Low stock", LOW_COLUMNS, rows),),
        actions=(Action("All that is low", "/stock low"),),
    )


def _said(product: Goods) -> Text:
    level, left = product.reorder_level or 0, product.available
    there = f"{left:,} left" if left > 0 else "none left"
    coming = f", and {product.on_order:,} on order" if product.on_order else ""
    state = "at" if left == level else "below"
    return text(f"{product.sku} ", Bold(product.name), f" is {state} its reorder level of {level:,}: {there}{coming}.")


def _cells(product: Goods) -> tuple[str | int | None, ...]:
    counts = (product.available, product.reorder_level, product.on_order or None, product.to_order())
    return (product.sku, product.name, *counts)


def _actions(product: Goods) -> tuple[Action, ...]:
    number, missing = product.number, product.to_order()
    mark = (
        Action(f"Mark {missing:,} as ordered", f"/stock ordered #{number} {missing}", once=True)
        if missing
        else Action("Mark as ordered", f"/stock ordered #{number}")
    )
    restock = Action("Restock", f"/stock restock #{number}", style=Style.PRIMARY)
    return (restock, mark, Action("Mute", f"/stock mute #{number}"))
