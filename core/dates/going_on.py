"""Words that may go on with a date or a recurrence although it was read without them."""

import datetime as dt
from collections.abc import Sequence

from core.dates.days import WEEKDAYS
from core.dates.due import match_prefix
from core.dates.recurrence_grammar import match_recurrence

_SHORTEST = 5
"""Letters of a weekday's name that is no other word, such as `sun`."""

_JOINING = frozenset(
    "of after before except excluding without but until till from starting beginning ending to through thru at on "
    "in by and or every each unless within during between week weeks day days month months year years hour hours "
    "minute minutes morning afternoon evening night".split()
) | {name for name in WEEKDAYS if len(name) > _SHORTEST}


def may_go_on(read: str, behind: str, now: dt.datetime) -> bool:
    """Tell whether the word behind what was read can be meant as more of it: a word of dates, or a bare hour."""
    if behind.casefold().rstrip(",.") in _JOINING:
        return True
    if not behind.isdecimal():
        return False
    later = [*read.split(), "at", behind]
    return len(later) in (match_prefix(later, now=now, zone="UTC"), _recurring(later, now))


def _recurring(words: Sequence[str], now: dt.datetime) -> int:
    return match_recurrence(words, today=now.date())
