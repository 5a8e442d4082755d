"""How many decimal places prices have, by currency."""

from decimal import Decimal

_USUAL = 2
_OTHERS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
"""The minor units of ISO 4217 where they are no hundredths."""


def places_of(currency: str) -> int:
    """Return how many decimal places an amount of that currency has."""
    return _OTHERS.get(currency, _USUAL)


def fits(amount: Decimal, currency: str) -> bool:
    """Tell whether an amount has no more decimal places than its currency."""
    return amount == amount.quantize(smallest(currency))


def smallest(currency: str) -> Decimal:
    """Return the smallest amount of a currency, such as 0.01."""
    return Decimal(1).scaleb(-places_of(currency))
