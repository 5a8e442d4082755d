"""An amount of money to be paid: so many of a currency's smallest units, above nothing."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from core.shared.currencies import is_currency, places_of
from core.shared.errors import QuartermasterError

MOST_UNITS = 10**15
"""What an amount is below, in smallest units: more is somebody's slip, and any sum fits every database."""


class AmountFault(StrEnum):
    """Why an amount can't be paid."""

    UNKNOWN_CURRENCY = "unknown_currency"
    NOT_POSITIVE = "not_positive"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"


class AmountError(QuartermasterError):
    """An amount can't be paid; `fault` says why."""

    code: ClassVar[str] = "amount"

    def __init__(self, fault: AmountFault) -> None:
        """Keep why."""
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """So many `units` of a currency's smallest coin: 2000 of EUR are 20.00, 2000 of JPY are 2000, of KWD 2.000."""

    currency: str
    units: int

    def __post_init__(self) -> None:
        """Refuse what can't be paid. Raises `AmountError`."""
        if not is_currency(self.currency):
            raise AmountError(AmountFault.UNKNOWN_CURRENCY)
        if self.units <= 0:
            raise AmountError(AmountFault.NOT_POSITIVE)
        if self.units >= MOST_UNITS:
            raise AmountError(AmountFault.TOO_LARGE)

    @property
    def amount(self) -> Decimal:
        """Return it as a number with all decimal places of its currency."""
        return Decimal(self.units).scaleb(-places_of(self.currency))

    def __str__(self) -> str:
        """Return it as it stands in a log: `20.00 EUR`."""
        return f"{self.amount} {self.currency}"


def money(amount: Decimal, currency: str) -> Money:
    """Return a number as money, to the last unit. Raises `AmountError`, also where the currency has no such coin."""
    if not is_currency(currency):
        raise AmountError(AmountFault.UNKNOWN_CURRENCY)
    if not amount.is_finite() or amount.adjusted() > len(str(MOST_UNITS)):
        raise AmountError(AmountFault.TOO_LARGE)
    numerator, denominator = amount.as_integer_ratio()
    units, rest = divmod(numerator * 10 ** places_of(currency), denominator)
    if rest:
        raise AmountError(AmountFault.TOO_PRECISE)
    return Money(currency, units)
