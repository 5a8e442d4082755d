"""Column types that mean the same in every database: text compares exactly, instants are UTC to the microsecond."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import NVARCHAR, BigInteger, Date, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.shared.money import amount_of, units_of

EXACT = {"postgresql": "C", "mssql": "Latin1_General_100_BIN2"}
"""The collation under which text is equal only to itself; SQLite's own already is."""

_LONGEST_NVARCHAR = 4000
"""UTF-16 units that SQL Server keeps in a row; longer text is NVARCHAR(MAX)."""

_TEXT_LENGTH = len("2026-11-20 12:00:00.000000")

# SQLite numbers rows by itself only in a column of type INTEGER, which holds 64 bits there anyway.
Serial = BigInteger().with_variant(Integer(), "sqlite")


_SPACE, _MARK = " ", "\x1f"
"""SQL Server takes no notice of spaces at the end of a text, whatever the collation: there a mark goes behind them."""


class Words(TypeDecorator[str]):
    """Text of at most so many characters, equal only to itself."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        """Bound the text; every database counts the same characters."""
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Give the type its exact collation, and on SQL Server, which counts halves of some characters, room."""
        if dialect.name == "mssql":
            units = 2 * self.length
            long = None if units > _LONGEST_NVARCHAR else units
            return dialect.type_descriptor(NVARCHAR(long, collation=EXACT["mssql"]))
        return dialect.type_descriptor(String(self.length, collation=EXACT.get(dialect.name)))

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None] | None:
        """Return what gives the stored form, where it is another."""
        return _marked if dialect.name == "mssql" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None] | None:
        """Return what gives the text back."""
        return _unmarked if dialect.name == "mssql" else super().result_processor(dialect, coltype)


class Long(TypeDecorator[str]):
    """Text of any length, which nobody looks up."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use the type that is not on its way out."""
        return dialect.type_descriptor(NVARCHAR(None) if dialect.name == "mssql" else Text())


class Money(TypeDecorator[Decimal]):
    """An exact number of four decimal places, stored as so many ten-thousandths; a sum of them is one too."""

    impl = BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        """Return what it is in Python."""
        return Decimal

    def bind_processor(self, dialect: Dialect) -> Callable[[Decimal | None], int | None]:
        """Return what gives the stored form; it refuses more places than are kept."""
        return _scaled

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None]:
        """Return what gives the number back."""
        return _unscaled


class Instant(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without a zone in the database; on SQLite ISO text, which sorts by time."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Store text where the database has no type for it."""
        if dialect.name == "mssql":
            # Imported here: loading SQL Server's words takes as long as all tables do.
            from sqlalchemy.dialects import mssql

            return dialect.type_descriptor(mssql.DATETIME2(6))  # type: ignore[no-untyped-call]
        return dialect.type_descriptor(String(_TEXT_LENGTH) if dialect.name == "sqlite" else DateTime())

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Return what gives the stored form; it refuses a time without a zone."""
        return _text_of if dialect.name == "sqlite" else _bare_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what gives the aware instant."""
        return _instant_of_text if dialect.name == "sqlite" else _instant_of_bare


class StoredDay(TypeDecorator[str]):
    """A day that comes as text in ISO 8601, as it does from a file with many of them."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Leave the text as it is where days are texts."""
        return dialect.type_descriptor(String(10) if dialect.name == "sqlite" else Date())

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], Any] | None:
        """Return what gives the stored form."""
        if dialect.name == "sqlite":
            return None
        of_day = Date().dialect_impl(dialect).bind_processor(dialect)
        return _day_of_text if of_day is None else lambda value: of_day(_day_of_text(value)) if value else None


class StoredInstant(TypeDecorator[str]):
    """An instant that comes as text in the form in which SQLite keeps one."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Store it as every other instant."""
        return Instant().load_dialect_impl(dialect)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], Any] | None:
        """Return what gives the stored form."""
        return None if dialect.name == "sqlite" else _bare_of_text


def _marked(value: str | None) -> str | None:
    # There is room: the column has two units for each character, and each of these two takes only one.
    return value + _MARK if value is not None and value.endswith((_SPACE, _MARK)) else value


def _unmarked(value: str | None) -> str | None:
    return None if value is None else value.removesuffix(_MARK)


def _scaled(value: Decimal | None) -> int | None:
    return None if value is None else units_of(value)


def _unscaled(value: Any) -> Decimal | None:
    # Some databases give a sum as a number of their own type.
    return None if value is None else amount_of(value)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return value.astimezone(UTC)


def _text_of(value: datetime | None) -> str | None:
    return None if value is None else _text_of_utc(_utc(value))


# Rows that are stored together say the same few instants. Only those in UTC are equal just when they are the same.
@lru_cache(maxsize=2048)
def _text_of_utc(value: datetime) -> str:
    return value.isoformat(" ", "microseconds")[:_TEXT_LENGTH]


def _instant_of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


@lru_cache(maxsize=2048)
def _day_of_text(value: str) -> date:
    return date.fromisoformat(value)


@lru_cache(maxsize=2048)
def _bare_of_text(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _bare_of(value: datetime | None) -> datetime | None:
    return None if value is None else _utc(value).replace(tzinfo=None)


def _instant_of_bare(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)
