"""Amounts and quantities as people and programs write them, read to exact ten-thousandths or not at all."""

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Decimal

from core.shared.money import LARGEST, PLACES, units_of
from core.transfer.sheet import CellError

MISSING = frozenset(["", "nan", "n/a", "na", "none", "null", "nil", "nat", "-", "–", "—"])
"""What stands where nobody knew the amount."""

_LONGEST = 60
_FLOAT_DIGITS = 15
"""Digits from which on the last ones are a program's and not a person's."""

_UNIT = Decimal(1).scaleb(-PLACES)
_SIGNS = {
    "£": {"GBP"},
    "€": {"EUR"},
    "$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"},
    "¥": {"JPY", "CNY"},
    "₹": {"INR"},
    "₽": {"RUB"},
    "₩": {"KRW"},
    "₺": {"TRY"},
    "₴": {"UAH"},
    "zł": {"PLN"},
    "kr": {"SEK", "NOK", "DKK", "ISK"},
}
_CODE = re.compile(r"[A-Za-z]{3}")
_AROUND = re.compile(r"([^0-9.,−–-]*)([−–-]? ?[0-9.,](?:.*[0-9.,])?)([^0-9.,]*)")
_SCIENTIFIC = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE]([+-]?[0-9]{1,4})")
_BLANK_BETWEEN = re.compile(r"(?<=[0-9])[ '’](?=[0-9]{3}(?![0-9]))")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}(?:\{mark}[0-9]{{3}})+") for mark in ",."}
_NEGATIVE = ("-", "−", "–")


def read_units(text: str, currency: str = "") -> int | None:
    """Return how many ten-thousandths a text says, None where it says that nobody knows.

    Signs of a currency have to be those of `currency`. Raises `CellError` for what is no amount, for one that could be
    read in two ways, for one with more decimal places than are kept, and for one beyond the largest.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text[: _LONGEST + 1]).split())
    if plain.casefold() in MISSING:
        return None
    if len(plain) > _LONGEST:
        raise CellError("amount_bad")
    unsigned, is_negative = _signed(plain)
    number, is_negative_too = _signed(_without_currency(unsigned, currency))
    if is_negative and is_negative_too:
        raise CellError("amount_bad")
    units = _units(_number(number))
    return -units if is_negative or is_negative_too else units


def _signed(text: str) -> tuple[str, bool]:
    """Take away what says that an amount is negative: a sign before or behind it, or brackets."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    for sign in _NEGATIVE:
        if text.startswith(sign):
            return text[1:].strip(), True
        if text.endswith(sign):
            return text[:-1].strip(), True
    return text.removeprefix("+").strip(), False


def _without_currency(text: str, currency: str) -> str:
    """Return the number, which a minus may still stand before, as in `£-3`."""
    match = _AROUND.fullmatch(text)
    if match is None:
        raise CellError("amount_bad")
    before, number, behind = (part.strip() for part in match.groups())
    for mark in filter(None, (before, behind)):
        if mark not in _SIGNS and not _CODE.fullmatch(mark):
            raise CellError("amount_bad")
        if currency not in _SIGNS.get(mark, {mark.upper()}):
            raise CellError("amount_currency", sign=mark, currency=currency)
    return number


def _number(text: str) -> Decimal:
    if match := _SCIENTIFIC.fullmatch(text):
        return Decimal(f"{match[1]}e{match[2]}")
    plain = _BLANK_BETWEEN.sub("", text)
    if "," in plain:
        plain = _with_point(plain)
    elif plain.count(".") > 1:
        plain = _ungrouped(plain, ".")
    if not _PLAIN.fullmatch(plain):
        raise CellError("amount_bad")
    return Decimal(plain)


def _with_point(text: str) -> str:
    """Return a number that has commas with a point, if anything, before its decimal places."""
    if "." in text:
        mark, point = (",", ".") if text.rindex(".") > text.rindex(",") else (".", ",")
        whole, _, places = text.rpartition(point)
        return f"{_ungrouped(whole, mark)}.{places}"
    if text.count(",") > 1:
        return _ungrouped(text, ",")
    whole, _, places = text.partition(",")
    if len(places) == 3 and 1 <= len(whole) <= 3 and whole != "0":
        raise CellError("amount_ambiguous")
    return f"{whole}.{places}"


def _ungrouped(text: str, mark: str) -> str:
    if mark in text and not _GROUPED[mark].fullmatch(text):
        raise CellError("amount_bad")
    return text.replace(mark, "")


def _units(number: Decimal) -> int:
    # Looked at first: a number of a thousand digits is never written out.
    if number and number.adjusted() >= Decimal(LARGEST).adjusted():
        raise CellError("amount_too_large", limit=LARGEST)
    rounded = number.quantize(_UNIT, ROUND_HALF_EVEN)
    if rounded != number and len(number.as_tuple().digits) < _FLOAT_DIGITS:
        raise CellError("amount_places", places=PLACES)
    return units_of(rounded)
