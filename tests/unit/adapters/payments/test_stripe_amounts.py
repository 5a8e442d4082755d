"""Amounts as Stripe counts them: its units, its last digits, its minimum."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.payments.stripe.amounts import chargeable, least_of, money_of, stripe_units
from core.payments.money import Money
from core.ports.payments import ChargeReason, ChargeRefusedError
from tests.support.stripe.sums import CURRENCIES, LEAST, STEPS

# Those that Stripe still names and nobody pays in any more are left out: nothing of ours is in them.
CODES = sorted(CURRENCIES - {"ang", "std"})
MONEY = st.builds(lambda code, units: Money(code.upper(), units), st.sampled_from(CODES), st.integers(1, 10**9))


def refused(money: Money) -> ChargeRefusedError:
    with pytest.raises(ChargeRefusedError) as caught:
        chargeable(money)
    return caught.value


@given(MONEY)
def test_what_can_be_charged_goes_there_and_back_without_losing_a_unit(money: Money) -> None:
    try:
        charged = chargeable(money)
    except ChargeRefusedError as error:
        assume(error.reason is not ChargeReason.TOO_SMALL)
        raise
    assert money_of(stripe_units(charged), money.currency.lower()) == charged
    assert chargeable(charged) == charged
    assert stripe_units(charged) % STEPS.get(money.currency.lower(), 1) == 0


@given(MONEY)
def test_the_last_digit_is_changed_only_where_no_card_has_it(money: Money) -> None:
    assume(money.units > 10**6)
    charged = chargeable(money)
    if money.currency in ("BHD", "JOD", "KWD", "OMR", "TND"):
        assert abs(charged.units - money.units) <= 5
    elif money.currency == "MGA":
        assert abs(charged.units - money.units) <= 50
    else:
        assert charged == money


@pytest.mark.parametrize(
    ("money", "units"),
    [
        (Money("EUR", 2000), 2000),
        (Money("JPY", 500), 500),
        (Money("KWD", 5120), 5120),
        (Money("ISK", 500), 50000),
        (Money("UGX", 500), 50000),
        (Money("HUF", 17500), 17500),
        (Money("MGA", 50000), 500),
    ],
)
def test_it_is_told_in_its_own_units(money: Money, units: int) -> None:
    assert chargeable(money) == money
    assert stripe_units(money) == units


@pytest.mark.parametrize(("units", "charged"), [(1234, 1230), (1235, 1240), (1245, 1240), (1246, 1250)])
def test_the_last_of_three_places_is_rounded_half_to_even(units: int, charged: int) -> None:
    assert chargeable(Money("KWD", units)) == Money("KWD", charged)


def test_what_was_not_rounded_before_is_not_sent() -> None:
    with pytest.raises(ChargeRefusedError) as caught:
        stripe_units(Money("KWD", 1234))
    assert caught.value.reason is ChargeReason.LAST_DIGIT


@pytest.mark.parametrize("code", sorted(LEAST))
def test_less_than_the_least_is_refused_with_the_least(code: str) -> None:
    least = least_of(code.upper())
    assert least is not None
    assert stripe_units(least) == LEAST[code]
    assert chargeable(least) == least
    error = refused(Money(least.currency, least.units - 1))
    assert (error.reason, error.least) == (ChargeReason.TOO_SMALL, least)


def test_what_rounds_to_nothing_is_too_small() -> None:
    assert refused(Money("KWD", 4)).reason is ChargeReason.TOO_SMALL
    assert least_of("KWD") is None
