"""How amounts, differences and ranges of days are told in reports."""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from core.dates.ranges import Range, Spans
from core.dates.words import day_words

_TENTH = Decimal("0.1")


def exact(amount: Decimal, currency: str = "") -> str:
    """Return an amount as scripts read it: all its digits, and as many decimals as its currency has at least.

    Two where that is not known.
    """
    from core.shared.currencies import smallest  # figures of tasks, which most lines load, are no money

    shown = amount.quantize(smallest(currency))
    return f"{shown if shown == amount else amount.normalize():f}"


def grouped(amount: Decimal, currency: str = "") -> str:
    """Return an amount as people read it, such as `181,088.89`."""
    whole, point, decimals = exact(amount, currency).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.removeprefix('-')):,}{point}{decimals}"


def money(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency, such as `181,088.89 GBP`."""
    return f"{grouped(amount, currency)} {currency}"


def percent(now: Decimal, before: Decimal | None) -> float | None:
    """Return by how much percent an amount is more than before, if that can be said."""
    if before is None or before <= 0:
        return None
    return float((100 * (now - before) / before).quantize(_TENTH, ROUND_HALF_UP))


def share(amount: Decimal, whole: Decimal) -> float | None:
    """Return how much of a whole an amount is, in percent, if that can be said."""
    return float((100 * amount / whole).quantize(_TENTH, ROUND_HALF_UP)) if whole > 0 else None


def number(quantity: Decimal) -> int | float:
    """Return a quantity as a number."""
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


def plain_number(amount: Decimal) -> str:
    """Return a number without a currency as people read it, such as `3,225`."""
    return f"{int(amount):,}" if amount == amount.to_integral_value() else grouped(amount)


def part_of(some: int, whole: int) -> float | None:
    """Return how much of a whole some are, in percent, if that can be said."""
    return share(Decimal(some), Decimal(whole))


def more_or_less(now: int, before: int, then: str) -> str:
    """Return `, 3 more than 26–30 Nov 2010 (12)`."""
    if now == before:
        return f", as many as {then}"
    return f", {abs(now - before):,} {'more' if now > before else 'fewer'} than {then} ({before:,})"


def days_words(days: Range) -> str:
    """Return a range as people say it: `Dec 2010`, `1–5 Dec 2010`, `Fri 3 Dec 2010`, `all days`."""
    if days.is_all:
        return "all days"
    if days.is_open:
        return f"until {day_words(days.last)}"
    return _months(days) or _days(days)


def _months(days: Range) -> str:
    """Return whole months, a quarter or years; nothing for other ranges."""
    first, last = days.first, days.last
    if not days.months:
        return ""
    if days.months == 1:
        return f"{first:%b %Y}"
    if days.months == 3 and first.month % 3 == 1:
        return f"Q{first.month // 3 + 1} {first.year}"
    if first.month == 1 and last.month == 12:
        return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    return f"{first:%b} {'' if first.year == last.year else f'{first.year} '}– {last:%b %Y}".replace("  ", " ")


def _days(days: Range) -> str:
    first, last = days.first, days.last
    if first == last:
        return day_words(first)
    if first.year != last.year:
        return f"{short_day(first)} – {short_day(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%b} – {short_day(last)}"
    return f"{first.day}–{short_day(last)}"


def span_words(by: str, first: dt.date) -> str:
    """Return one of `Spans` by its first day, such as `3 Dec 2010`, `week of 29 Nov 2010` or `Dec 2010`."""
    if by == Spans.MONTH:
        return f"{first:%b %Y}"
    return f"{'week of ' if by == Spans.WEEK else ''}{short_day(first)}"


def span_labels(by: str, firsts: Iterable[dt.date], about: Range) -> tuple[str, ...]:
    """Return spans as the labels of an axis that says what they are, in a chart that says which range it is about."""
    each = Spans.DAY if by == Spans.WEEK else by
    return tuple(without_year(span_words(each, first), about) for first in firsts)


def without_year(words: str, about: Range) -> str:
    """Return the words of a day without the year that all days of a range have."""
    return words.removesuffix(f" {about.last.year}") if about.first.year == about.last.year else words


def short_day(day: dt.date) -> str:
    """Return a day without its weekday, such as `3 Dec 2010`."""
    return f"{day.day} {day:%b %Y}"
