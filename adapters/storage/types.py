"""Column types that mean the same in every database, and the form in which text is sorted."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

SORT_LENGTH = 200
"""Characters of a sort key; names that differ only beyond them sort as equals."""

FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where things without a due sort: behind all others."""

# SQLite numbers rows by itself only in a column of type INTEGER, which holds 64 bits there anyway.
Serial = BigInteger().with_variant(Integer(), "sqlite")
Long = Text()


class Instant(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without a zone in the database; on SQLite ISO text, which sorts by time."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Store text where the database has no type for it."""
        return dialect.type_descriptor(String(26) if dialect.name == "sqlite" else DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Give what is stored; a time without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        bare = value.astimezone(UTC).replace(tzinfo=None)
        return bare.isoformat(" ", "microseconds") if dialect.name == "sqlite" else bare

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the aware instant."""
        if value is None:
            return None
        bare = datetime.fromisoformat(value) if isinstance(value, str) else value
        return bare.replace(tzinfo=UTC)


def sort_key(text: str, length: int = SORT_LENGTH) -> str:
    """Return the form by which text is sorted and found, alike in every database: NFKC, case-folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())[:length]
