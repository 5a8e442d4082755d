"""How many decimal places prices have."""

from decimal import Decimal

import pytest

from core.shared.currencies import fits, places_of, smallest


@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_a_currency_has_so_many_places(currency: str, places: int) -> None:
    assert places_of(currency) == places
    assert fits(smallest(currency), currency)
    assert not fits(smallest(currency) / 10, currency)


def test_a_zero_more_is_no_place() -> None:
    assert fits(Decimal("100.00"), "JPY")
