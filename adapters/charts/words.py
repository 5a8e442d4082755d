"""Values of charts and their axes in words; pure."""

import re
from math import isfinite

from core.chat.reply import Chart

NOTHING = "–"
_SO_LONG = 1e15
"""From here on a number is told by its power: nobody reads sixteen digits."""

_SO_SHORT = 1e-4
_CODE = 3
_NOT_IN_NAMES = re.compile(r"[^\w.-]+", re.ASCII)


def is_currency(unit: str) -> bool:
    """Tell the code of a currency from a word."""
    return len(unit) == _CODE and unit.isascii() and unit.isalpha() and unit.isupper()


def value_words(value: float, unit: str = "") -> str:
    """Return a value with its thousands apart; money with its cents."""
    if not isfinite(value):
        return NOTHING
    if abs(value) >= _SO_LONG or 0 < abs(value) < _SO_SHORT:
        return f"{value:.4g}"
    if is_currency(unit):
        from core.shared.currencies import places_of  # only for charts of money

        return f"{value:,.{places_of(unit)}f}"
    words = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if words == "-0" else words


def axis_words(name: str, unit: str) -> str:
    """Return what stands at an axis: what its values are, and what they are in."""
    if unit and name and unit.casefold() not in name.casefold().split():
        return f"{name} ({unit})"
    return name or unit


def below_words(chart: Chart, said: str = "") -> str:
    """Return a chart's sentence, unless that has been said already, and what has to be known with it."""
    return " · ".join(filter(None, ("" if chart.summary in said else chart.summary, chart.caption)))


def picture_name(chart: Chart) -> str:
    """Return what the picture of a chart is called as a file: letters that every platform keeps."""
    stem = _NOT_IN_NAMES.sub("-", chart.title).strip("-.")[:60]
    return f"{stem or 'chart'}.png"
