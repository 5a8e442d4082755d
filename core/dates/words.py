"""Days and instants as people read them everywhere: one format, and a clock of 24 hours."""

import datetime as dt


def day_words(day: dt.date) -> str:
    """Return a day, such as `Fri 21 Nov 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def clock_words(at: dt.datetime) -> str:
    """Return a day with its time as the clock of that instant shows it, such as `Fri 21 Nov 2026 09:00`."""
    return f"{day_words(at)} {at:%H:%M}"


def zoned(words: str, zone: str) -> str:
    """Return the words of an instant with the zone of their clock, such as `Fri 21 Nov 2026 09:00 (Europe/Berlin)`."""
    return f"{words} ({zone})"
