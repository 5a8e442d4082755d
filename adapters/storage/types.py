"""Column types that mean the same in every database, and the form in which text is sorted."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

SORT_LENGTH = 200
"""Characters of a sort key; names that differ only beyond them sort as equals."""

FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where things without a due sort: behind all others."""

_TEXT_LENGTH = len("2026-11-20 12:00:00.000000")

# SQLite numbers rows by itself only in a column of type INTEGER, which holds 64 bits there anyway.
Serial = BigInteger().with_variant(Integer(), "sqlite")
Long = Text()


class Instant(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without a zone in the database; on SQLite ISO text, which sorts by time."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Store text where the database has no type for it."""
        return dialect.type_descriptor(String(_TEXT_LENGTH) if dialect.name == "sqlite" else DateTime())

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Return what gives the stored form; it refuses a time without a zone."""
        return _text_of if dialect.name == "sqlite" else _bare_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what gives the aware instant."""
        return _instant_of_text if dialect.name == "sqlite" else _instant_of_bare


def _utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return value.astimezone(UTC)


def _text_of(value: datetime | None) -> str | None:
    return None if value is None else _utc(value).isoformat(" ", "microseconds")[:_TEXT_LENGTH]


def _instant_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def _bare_of(value: datetime | None) -> datetime | None:
    return None if value is None else _utc(value).replace(tzinfo=None)


def _instant_of_bare(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


def sort_key(text: str, length: int = SORT_LENGTH) -> str:
    """Return the form by which text is sorted and found, alike in every database: NFKC, case-folded, single spaces."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split())[:length]


def storable(text: str, length: int | None = None) -> str:
    """Return text as far as it can be stored: of that length at most, with a question mark for half a character.

    Some senders cut a character in two, and no database takes what is left of it.
    """
    cut = text[:length]
    return cut if cut.isascii() else cut.encode(errors="replace").decode()
