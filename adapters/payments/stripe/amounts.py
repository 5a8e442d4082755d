"""Amounts as Stripe counts them.

Its smallest units are those of ISO 4217 but for a few currencies, it leaves out the last of three decimal places, and
it takes no less than a minimum. All of it stands on https://docs.stripe.com/currencies.
"""

from typing import Final

from core.payments.money import Money
from core.ports.payments import ChargeReason, ChargeRefusedError
from core.shared.currencies import places_of

_PLACES: Final[dict[str, int]] = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where it counts otherwise: two places that are always 00, and none of a coin that is a fifth."""

_STEP: Final[dict[str, int]] = {
    **dict.fromkeys("ISK UGX".split(), 100),
    **dict.fromkeys("BHD JOD KWD OMR TND".split(), 10),
}
"""What its units have to be a multiple of."""

_MINIMUM: Final[dict[str, int]] = {
    **dict.fromkeys("AUD BRL CAD CHF EUR INR JPY NZD SGD USD".split(), 50),
    **dict.fromkeys("AED MYR PLN RON".split(), 200),
    **dict.fromkeys("NOK SEK".split(), 300),
    **dict.fromkeys("MXN THB".split(), 1000),
    "CZK": 1500,
    "DKK": 250,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
}
"""The least that it charges, in its units. Of the others it takes what is as much as 0.50 USD that day."""


def stripe_units(money: Money) -> int:
    """Return the number that Stripe is told. Raises `ChargeRefusedError` where no card has the last digit."""
    units, rest = divmod(money.units * _one(_places(money.currency)), _one(places_of(money.currency)))
    if rest or units % _STEP.get(money.currency, 1):
        raise ChargeRefusedError(ChargeReason.LAST_DIGIT)
    return units


def money_of(units: int, currency: str) -> Money:
    """Return what a number and a currency that Stripe told are."""
    code = currency.upper()
    return Money(code, iso_units(units, code))


def iso_units(units: int, currency: str) -> int:
    """Return so many of Stripe's units as smallest units of the currency, also none."""
    return units * _one(places_of(currency)) // _one(_places(currency))


def chargeable(money: Money) -> Money:
    """Return the nearest amount that cards can be charged with, the even one of two. Raises `ChargeRefusedError`."""
    found = _nearest(money)
    least = least_of(money.currency)
    if found < (least.units if least else 1):
        raise ChargeRefusedError(ChargeReason.TOO_SMALL, least)
    return money if found == money.units else Money(money.currency, found)


def least_of(currency: str) -> Money | None:
    """Return the smallest amount that is charged, if it is a fixed one."""
    return money_of(_MINIMUM[currency], currency) if currency in _MINIMUM else None


def _nearest(money: Money) -> int:
    """Return the multiple of what can be charged that is nearest, in smallest units of the currency."""
    step = max(iso_units(_STEP.get(money.currency, 1), money.currency), 1)
    whole, rest = divmod(money.units, step)
    return (whole + (rest * 2 > step or (rest * 2 == step and whole % 2 == 1))) * step


def _one(places: int) -> int:
    """Return how many units one of a currency with so many decimal places is."""
    one: int = 10**places
    return one


def _places(currency: str) -> int:
    return _PLACES.get(currency, places_of(currency))
