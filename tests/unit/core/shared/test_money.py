"""Amounts as whole numbers of ten-thousandths, and what so many pieces cost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared.money import LARGEST, ONE, amount_of, product, units_of


@given(st.integers(-LARGEST * ONE, LARGEST * ONE))
def test_an_amount_comes_back_as_it_was(units: int) -> None:
    assert units_of(amount_of(units)) == units


def test_an_amount_of_five_places_is_refused() -> None:
    with pytest.raises(ValueError, match="four decimal places"):
        units_of(Decimal("0.00001"))


@pytest.mark.parametrize(
    ("quantity", "price", "cost"),
    [("3", "1.25", "3.75"), ("0.5", "0.0001", "0"), ("0.5", "0.0003", "0.0002"), ("-0.5", "0.0003", "-0.0002")],
)
def test_half_a_ten_thousandth_goes_to_the_even_one(quantity: str, price: str, cost: str) -> None:
    assert amount_of(product(units_of(Decimal(quantity)), units_of(Decimal(price)))) == Decimal(cost)
