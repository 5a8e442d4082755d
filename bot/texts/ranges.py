"""Why days, or so many rows, can't be told of, in words."""

import re

from bot.texts.errors import Reasons, Words, ambiguous, shown
from core.dates.ranges import RangeReason

_BY = re.compile(r"\bby ([a-z]{1,20})\b")
_EXAMPLES = "Try `last week`, `this month`, `2010-12`, `q4 2010`, `ytd`, `from 3 dec to 5 dec` or `all`."


def _not_understood(words: Words) -> tuple[str, str]:
    value = shown(words["value"])
    by = _BY.search(value)
    return f"I can't read “{value}” as a range of days.", f"Write `by:{by[1]}`, with a colon." if by else _EXAMPLES


REASONS = Reasons(
    arguments={
        f"range_{RangeReason.NOT_UNDERSTOOD}": _not_understood,
        f"range_{RangeReason.BACKWARDS}": lambda w: (
            f"{w['value']} ends before it begins.",
            "Say the earlier day first.",
        ),
        f"range_{RangeReason.NO_SUCH_DATE}": lambda w: (f"There is no {shown(w['value'])} in the calendar.", _EXAMPLES),
        f"range_{RangeReason.AMBIGUOUS}": ambiguous,
        f"range_{RangeReason.TOO_FAR}": lambda w: (
            f"“{shown(w['value'])}” is too far away.",
            "Any day from 1900 to 2199 will do.",
        ),
        "range_twice": lambda _w: (
            "The days are given twice, as a range and by `from:` or `to:`.",
            "Leave one of them out.",
        ),
        "file_is_whole": lambda w: (
            f"A file is looked at whole, so “{shown(w['value'])}” can't be said of it.",
            "Leave that out; once `/report import` has brought the file in, reports take days.",
        ),
        "not_so_many_rows": lambda w: (
            f"`{w['argument']}` is a number from 1 to {w['limit']:,}, not {w['value']:,}.",
            f"Try `{w['argument']}:10`.",
        ),
    },
)
