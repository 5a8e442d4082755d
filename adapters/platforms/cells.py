"""Values of tables and fields as plain words that people read; pure."""

from datetime import date, datetime

from adapters.platforms.chat_texts import NO, YES
from core.chat.reply import Cell, ColumnKind
from core.chat.text import Text, plain
from core.dates.words import clock_words, day_words

DATES: tuple[ColumnKind, ...] = ("date", "moment")
DAY_LENGTH = len("2026-12-01")


def cell_words(cell: Cell, kind: ColumnKind) -> str:
    """Return a value as plain words; nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, tuple):
        return plain(cell)
    if kind in DATES and isinstance(cell, str):
        return date_words(cell)
    return str(cell)


def cell_text(cell: Cell, kind: ColumnKind) -> Text:
    """Return a value as a text: people as mentions where they are such."""
    return cell if isinstance(cell, tuple) else (cell_words(cell, kind),)


def instant(cell: str) -> datetime | None:
    """Return the instant of an ISO 8601 value with an offset; None for anything else."""
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return at if at.tzinfo else None


def date_words(cell: str) -> str:
    """Return an ISO 8601 date or instant as people say it, an instant with the offset of its clock."""
    if len(cell) == DAY_LENGTH:
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            return cell
        return day_words(day)
    at = instant(cell)
    return f"{clock_words(at)} ({at.tzname()})" if at else cell
