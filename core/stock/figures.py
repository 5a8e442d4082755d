"""What reports tell of goods: what is low, what lies there unsold, what it is all worth, and what is earned with it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from core.dates.ranges import Range
from core.shared.value_objects import value_object
from core.stock.model import Product, StockValue

NOTHING = Decimal(0)


@value_object
class Attention:
    """A product that is low, or dead: it lay there all those days, and nothing of it was sold in them.

    `sold_on` is the last day on which something of it was, if anything ever was.
    """

    product: Product
    is_low: bool
    is_dead: bool
    sold_on: dt.date | None = None


@value_object
class AttentionSums:
    """How many products are low, and how many pieces to order; how many are dead, with how many pieces of which worth.

    `products` is how many are the one or the other.
    """

    dead_value: Decimal
    products: int = 0
    low: int = 0
    to_order: int = 0
    dead: int = 0
    dead_pieces: int = 0


@value_object
class StockReport:
    """How the stock is: what it is worth, in all and by category, and what is to be looked at, the worst first."""

    range: Range
    value: StockValue
    categories: Sequence[tuple[str, Decimal]]
    sums: AttentionSums
    attention: Sequence[Attention]


@value_object
class SoldGoods:
    """What was sold of one product in one currency, without tax, by what is known of what it had cost.

    `amount` and `cost` are of lines that keep what their goods had cost. Of the others it is `rest`, so many pieces;
    `cost_now` is what one piece of the product costs now, if that is known.
    """

    product: str
    name: str
    currency: str
    amount: Decimal
    cost: Decimal
    rest: Decimal
    pieces: Decimal
    lines: int
    cost_now: Decimal | None


@value_object
class Margin:
    """What was earned with one product, or (without one) with all, in one currency.

    `amount` is what was sold with a known `cost`; `by_now` is the part of it whose cost is that of now, since it was
    not kept; what was sold of goods whose cost is not known is `unknown`, and counts for nothing.
    """

    currency: str
    amount: Decimal = NOTHING
    cost: Decimal = NOTHING
    by_now: Decimal = NOTHING
    unknown: Decimal = NOTHING
    lines: int = 0
    product: str = ""
    name: str = ""

    @property
    def earned(self) -> Decimal:
        """Return what is left of the amount."""
        return self.amount - self.cost

    def __add__(self, other: "Margin") -> "Margin":
        """Return both together, as one of no product."""
        return Margin(
            self.currency,
            self.amount + other.amount,
            self.cost + other.cost,
            self.by_now + other.by_now,
            self.unknown + other.unknown,
            self.lines + other.lines,
        )


@value_object
class Margins:
    """What was earned in a range of days: sums by currency, and the products with which most was, in each."""

    range: Range
    totals: Sequence[Margin]
    products: Sequence[Margin]
    groups: int

    def of(self, currency: str) -> Sequence[Margin]:
        """Return the products in one currency."""
        return [one for one in self.products if one.currency == currency]


def margin_of(sold: SoldGoods, currency: str) -> Margin:
    """Return what was earned with a product whose cost of now is in a currency."""
    kept = Margin(sold.currency, sold.amount, sold.cost, lines=sold.lines, product=sold.product, name=sold.name)
    if sold.cost_now is None or sold.currency != currency:
        return replace(kept, unknown=sold.rest)
    cost = sold.cost + sold.pieces * sold.cost_now
    return replace(kept, amount=sold.amount + sold.rest, cost=cost, by_now=sold.rest)


def margins_of(within: Range, sold: Iterable[SoldGoods], currency: str, top: int) -> Margins:
    """Add up what was earned; in each currency the products with which most was come back, at most `top`."""
    totals: dict[str, Margin] = {}
    found: dict[str, list[Margin]] = {}
    for one in (margin_of(each, currency) for each in sold):
        totals[one.currency] = totals.get(one.currency, Margin(one.currency)) + one
        found.setdefault(one.currency, []).append(one)
    in_order = sorted(totals.values(), key=lambda one: (-one.lines, one.currency))
    shown = [one for total in in_order for one in sorted(found[total.currency], key=_largest_first)[:top]]
    return Margins(within, in_order, shown, max(map(len, found.values()), default=0))


def _largest_first(one: Margin) -> tuple[Decimal, str]:
    return -one.earned, one.product
