"""Dues and instants in words, and as the values of fields and cells."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.chat.text import Moment, Text, text
from core.dates.due import Due


def day(date: date) -> str:
    """Return a day, such as `Fri 21 Nov 2026`."""
    return f"{date:%a} {date.day} {date:%b %Y}"


def due_date(due: Due) -> str:
    """Return a due with its zone, such as `Fri 21 Nov 2026 09:00 (Europe/Berlin)`."""
    clock = f" {due.time:%H:%M}" if due.time else ""
    return f"{day(due.date)}{clock} ({due.zone})"


def due_words(due: Due, now: datetime) -> Text:
    """Return a due with its zone, such as `tomorrow, Fri 21 Nov 2026 09:00 (Europe/Berlin)`.

    A due with a time is a `Moment`, so that a platform that can shows it in each reader's own zone.
    """
    said = f"{_near_day(due, now)}{due_date(due)}"
    return text(Moment(due.at, said) if due.time else said)


def _near_day(due: Due, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(due.zone)).date()
    near = {today - timedelta(days=1): "yesterday, ", today: "today, ", today + timedelta(days=1): "tomorrow, "}
    return near.get(due.date, "")


def due_clause(due: Due | None, now: datetime) -> Text:
    """Return `, due …`, or nothing without a due."""
    return text(", due ", due_words(due, now)) if due else ()


def due_cell(due: Due | None, zone: str) -> str | None:
    """Return a due as ISO 8601: a date, or with a time an instant with the offset of that zone."""
    if due is None:
        return None
    return due.at.astimezone(ZoneInfo(zone)).isoformat() if due.time else due.date.isoformat()


def moment_cell(at: datetime | None, zone: str) -> str | None:
    """Return an instant as ISO 8601 in whole seconds, with the offset of that zone."""
    return at.astimezone(ZoneInfo(zone)).replace(microsecond=0).isoformat() if at else None
