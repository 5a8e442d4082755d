"""Values of tables and fields as plain words that people read; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from adapters.platforms.chat_texts import NO, YES
from core.chat.reply import Cell, ColumnKind, Reply, Row, Table
from core.chat.text import Text, plain
from core.dates.words import clock_words, day_words, zoned

DATES: tuple[ColumnKind, ...] = ("date", "moment")
DAY_LENGTH = len("2026-12-01")

_DECIMALS = re.compile(r"-?[0-9]+\.([0-9]+)")
_AMOUNT = re.compile(r"(-?)([0-9]{4,30})(?![0-9])")


PLACES = 4
"""Decimal places of a number that are shown at most, where people read it."""


def column_places(cells: Iterable[Cell], kind: ColumnKind) -> int:
    """Return with how many decimal places the figures of a column are told: all with as many as one of them needs."""
    if kind == "number":
        numbers = (cell for cell in cells if isinstance(cell, float))
        return max((len(f"{number:.{PLACES}f}".rstrip("0").partition(".")[2]) for number in numbers), default=0)
    amounts = (str(cell) for cell in cells if cell is not None) if kind == "money" else ()
    return max((len(found[1]) for amount in amounts if (found := _DECIMALS.fullmatch(amount))), default=0)


def figure_words(cell: Cell, kind: ColumnKind, places: int) -> str:
    """Return a figure as plain words with so many decimal places, anything else as it is."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    if kind == "number" and is_number and (places or isinstance(cell, float)):
        return f"{cell:.{places}f}"
    if kind == "money" and isinstance(cell, str) and (found := _DECIMALS.fullmatch(cell)):
        return cell_words(f"{cell}{'0' * (places - len(found[1]))}", kind)
    return cell_words(cell, kind)


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
    return amount_words(str(cell)) if kind == "money" else str(cell)


def amount_words(amount: str) -> str:
    """Return an amount with its thousands apart, such as `12,345.60 EUR`; anything else as it is."""
    found = _AMOUNT.match(amount)
    return f"{found[1]}{int(found[2]):,}{amount[found.end() :]}" if found else amount


def in_zone(reply: Reply) -> Reply:
    """Return a reply with the instants of its fields and tables in words, in its reader's zone, which they name."""
    if not reply.zone:
        return reply
    fields = tuple(replace(one, value=_in_zone(one.value, one.kind, reply.zone)) for one in reply.fields)
    tables = tuple(replace(table, rows=_rows_in_zone(table, reply.zone)) for table in reply.tables)
    return replace(reply, fields=fields, tables=tables)


def _rows_in_zone(table: Table, zone: str) -> tuple[Row, ...]:
    kinds = [column.kind for column in table.columns]
    if not any(kind in DATES for kind in kinds):
        return table.rows
    return tuple(_row_in_zone(row, kinds, zone) for row in table.rows)


def _row_in_zone(row: Row, kinds: Sequence[ColumnKind], zone: str) -> Row:
    cells = tuple(_in_zone(cell, kind, zone) for cell, kind in zip(row.cells, kinds, strict=False))
    return row if cells == row.cells else replace(row, cells=cells)


def _in_zone(cell: Cell, kind: ColumnKind, zone: str) -> Cell:
    at = instant(cell) if kind in DATES and isinstance(cell, str) and len(cell) > DAY_LENGTH else None
    return zoned(clock_words(at.astimezone(ZoneInfo(zone))), zone) if at else cell


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
    return zoned(clock_words(at), str(at.tzname())) if at else cell
