"""The day that weeks begin with, which is another from country to country."""

from functools import cache

MONDAY = 0


@cache
def week_start(locale: str) -> int:
    """Return the first day of the week where a locale such as `en-US` is spoken: 0 for Monday, also when unsure."""
    from babel import Locale, UnknownLocaleError  # only for who counts by weeks

    try:
        return Locale.parse(locale.replace("_", "-"), sep="-").first_week_day
    except (UnknownLocaleError, ValueError):
        return MONDAY
