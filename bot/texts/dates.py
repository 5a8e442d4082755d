"""Dues and instants in words, and as the values of fields and cells."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.chat.text import Moment, Text, text
from core.dates.due import Due
from core.dates.words import day_words, zoned


def due_date(due: Due) -> str:
    """Return a due, such as `Fri 21 Nov 2026 09:00 (Europe/Berlin)`; a day alone is that day everywhere."""
    return zoned(clock_words(due), due.zone) if due.time else clock_words(due)


def clock_words(due: Due) -> str:
    """Return a due as its own clock shows it, such as `Fri 21 Nov 2026 09:00`, for where the zone is said once."""
    return day_words(due.date) + (f" {due.time:%H:%M}" if due.time else "")


def due_words(due: Due, now: datetime, zone: str = "") -> Text:
    """Return a due in a zone, its own unless said: `tomorrow, Fri 21 Nov 2026 09:00 (Europe/Berlin)`.

    A due with a time is a `Moment`.
    """
    due = due.in_zone(zone or due.zone)
    said = f"{near_day(due.date, now, due.zone)}{due_date(due)}"
    return text(Moment(due.at, said) if due.time else said)


def near_day(day: date, now: datetime, zone: str) -> str:
    """Return `today, `, `tomorrow, ` or `yesterday, ` of such a day in a zone, and nothing of others."""
    today = now.astimezone(ZoneInfo(zone)).date()
    near = {today - timedelta(days=1): "yesterday, ", today: "today, ", today + timedelta(days=1): "tomorrow, "}
    return near.get(day, "")


def due_clause(due: Due | None, now: datetime, zone: str = "") -> Text:
    """Return `, due …`, or nothing without a due."""
    return text(", due ", due_words(due, now, zone)) if due else ()


def due_cell(due: Due | None, zone: str) -> str | None:
    """Return a due as ISO 8601: a date, or with a time an instant with the offset of that zone."""
    if due is None:
        return None
    return due.at.astimezone(ZoneInfo(zone)).isoformat() if due.time else due.date.isoformat()


def moment_cell(at: datetime | None, zone: str) -> str | None:
    """Return an instant as ISO 8601 in whole seconds, with the offset of that zone."""
    return at.astimezone(ZoneInfo(zone)).replace(microsecond=0).isoformat() if at else None
