"""What lines and orders come to."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.orders.model import Order, OrderLine
from core.orders.sums import Taxed, summed, with_sums

UNTAXED = Taxed(Decimal(0), is_included=False)
ORDER = Order(1, 1, datetime(2026, 11, 20, tzinfo=UTC), 1, "EUR")


def line(price: Decimal, quantity: int, percent: Decimal | None = None) -> OrderLine:
    return OrderLine(1, "A", "A", quantity, price, percent=percent)


@given(st.decimals("0.01", "10000", places=2), st.integers(1, 1000))
def test_a_line_comes_to_its_price_times_its_quantity_rounded(price: Decimal, quantity: int) -> None:
    found = summed(line(price, quantity), Decimal(0), UNTAXED, "EUR")
    assert found.amount == round(price * quantity, 2)
    assert found.discount == found.tax == 0


@pytest.mark.parametrize(
    ("price", "percent", "left"), [("100", 10, "90"), ("50", 20, "40"), ("100", 0, "100"), ("100", 100, "0")]
)
def test_a_discount_is_a_part_of_a_line(price: str, percent: int, left: str) -> None:
    for own, of_all in ((percent, 0), (0, percent), (percent, percent)):
        found = summed(line(Decimal(price), 1, Decimal(own)), Decimal(of_all), UNTAXED, "EUR")
        assert found.amount - found.discount == Decimal(left)


@given(
    st.lists(st.tuples(st.decimals("0.01", "10000", places=2), st.integers(1, 1000)), min_size=1, max_size=100),
    st.decimals("0", "100", places=2),
    st.booleans(),
)
def test_an_order_comes_to_what_its_lines_come_to(
    lines: list[tuple[Decimal, int]], percent: Decimal, is_included: bool
) -> None:
    terms = Taxed(Decimal("8"), is_included)
    order = with_sums(ORDER, [line(price, count, percent) for price, count in lines], Decimal("4.90"), terms)
    found = order.order
    assert found.subtotal == sum(round(price * count, 2) for price, count in lines)
    assert found.discount == sum(one.discount for one in order.lines)
    assert found.tax == sum(one.tax for one in order.lines)
    added = Decimal(0) if is_included else found.tax
    assert found.total == found.subtotal - found.discount + added + Decimal("4.90")
    assert all(amount == round(amount, 2) for amount in (found.subtotal, found.discount, found.tax, found.total))


def test_tax_is_added_after_discounts_and_without_shipping() -> None:
    lines = [line(Decimal("29.99"), 2), line(Decimal("19.99"), 1)]
    found = with_sums(ORDER, lines, Decimal("5"), Taxed(Decimal(8), is_included=False)).order
    assert (found.subtotal, found.tax, found.total) == (Decimal("79.97"), Decimal("6.40"), Decimal("91.37"))
