"""The currencies that there are, and how many decimal places their prices have."""

import re
from decimal import Decimal

_USUAL = 2
_OTHERS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
"""The minor units of ISO 4217 where they are no hundredths."""

_ALL = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR
    LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
    PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XOF XPF YER
    ZAR ZMW ZWG
    """.split()
)
"""The codes of ISO 4217 that something is paid in today: neither metals, nor tests, nor what was given up."""


_SIGNS = {"€": {"EUR"}, "£": {"GBP"}, "$": {"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"}, "¥": {"JPY", "CNY"}}
_BESIDE = re.compile(rf"([{''.join(_SIGNS)}]?)(\s?)([^\s{''.join(_SIGNS)}]*?)\s?([{''.join(_SIGNS)}]|[A-Za-z]{{3}})?")


def parted(text: str) -> tuple[str, str]:
    """Return an amount and the currency that is written beside it, as in `30 EUR`, `30€` and `$30`; empty without."""
    found = _BESIDE.fullmatch(text.strip())
    if found is None or not found[3][:1].strip("+-"):
        return text, ""
    before, amount, behind = found[1], found[3], found[4] or ""
    named = before or behind
    is_known = named in _SIGNS or is_currency(named.upper())
    return (amount, named.upper()) if is_known and not (before and behind) else (text, "")


def is_called(currency: str, named: str) -> bool:
    """Tell whether a currency is written so: by its code, or by a sign that it has."""
    return named == currency or currency in _SIGNS.get(named, ())


def is_currency(code: str) -> bool:
    """Tell whether that is the code of a currency in use, in capital letters."""
    return code in _ALL


def places_of(currency: str) -> int:
    """Return how many decimal places an amount of that currency has."""
    return _OTHERS.get(currency, _USUAL)


def fits(amount: Decimal, currency: str) -> bool:
    """Tell whether an amount has no more decimal places than its currency."""
    return amount == amount.quantize(smallest(currency))


def smallest(currency: str) -> Decimal:
    """Return the smallest amount of a currency, such as 0.01."""
    return Decimal(1).scaleb(-places_of(currency))
