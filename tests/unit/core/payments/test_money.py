"""Amounts in a currency's smallest units: never one lost, and nothing that can't be paid."""

from decimal import Decimal

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from core.payments.money import MOST_UNITS, AmountError, AmountFault, Money, money
from core.shared.currencies import is_currency, places_of

CURRENCIES = sorted(code for code in get_global("all_currencies") if is_currency(code))


def fault(amount: str, currency: str) -> AmountFault:
    with pytest.raises(AmountError) as caught:
        money(Decimal(amount), currency)
    return caught.value.fault


@given(st.sampled_from(CURRENCIES), st.integers(1, MOST_UNITS - 1))
def test_an_amount_is_what_it_was_made_of(currency: str, units: int) -> None:
    paid = Money(currency, units)
    assert money(paid.amount, currency) == paid
    assert paid.amount * 10 ** places_of(currency) == units


@given(st.sampled_from(CURRENCIES), st.decimals(allow_nan=True, allow_infinity=True))
def test_a_number_is_taken_to_the_last_digit_or_not_at_all(currency: str, number: Decimal) -> None:
    try:
        paid = money(number, currency)
    except AmountError:
        return
    assert paid.amount == number > 0


def test_two_thousand_units_are_twenty_euros_or_two_thousand_yen_or_two_dinars() -> None:
    assert [str(Money(code, 2000)) for code in ("EUR", "JPY", "KWD")] == ["20.00 EUR", "2000 JPY", "2.000 KWD"]
    assert money(Decimal("20"), "EUR") == Money("EUR", 2000)


@pytest.mark.parametrize("amount", ["0", "-0.01", "-1E+3"])
def test_only_more_than_nothing_is_paid(amount: str) -> None:
    assert fault(amount, "EUR") is AmountFault.NOT_POSITIVE


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.001", "EUR"), ("0.5", "JPY"), ("1.2345", "KWD"), ("1E-40", "EUR")]
)
def test_more_digits_than_the_currency_has_are_refused(amount: str, currency: str) -> None:
    assert fault(amount, currency) is AmountFault.TOO_PRECISE


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+999999", "10000000000000"])
def test_what_is_beyond_all_sums_is_refused(amount: str) -> None:
    assert fault(amount, "EUR") is AmountFault.TOO_LARGE


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XYZ", "XAU", "XTS", "XXX", "DEM", "BTC"])
def test_only_real_currencies_are_paid_in(code: str) -> None:
    assert fault("1", code) is AmountFault.UNKNOWN_CURRENCY


def test_all_currencies_are_known_elsewhere_too() -> None:
    assert {"EUR", "USD", "JPY", "KWD", "ISK", "UGX", "CLF", "ZWG", "XCG"} <= set(CURRENCIES)
    used = {
        code
        for spans in get_global("territory_currencies").values()
        for code, _, until, is_tender in spans
        if until is None and is_tender
    }
    # Bulgaria has had the euro since 2026.
    assert used - set(CURRENCIES) - {"BGN"} == set()
