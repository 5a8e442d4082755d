"""Rows of a sheet as lines of JSON: how they travel between the processes, with the kinds of their values."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from core.ports.workbooks import Flaw, FlawedCell, Money, Percentage, SheetValue

_DATE, _MOMENT, _CLOCK, _FLAW, _SHOWN = "date", "moment", "clock", "flaw", "shown"
_PERCENTAGE, _MONEY = "percentage", "money"


def to_line(values: Sequence[SheetValue], number: int | None = None) -> str:
    """Return a row as one line, with its number in front if it has one."""
    plain = [_plain(value) for value in values]
    return json.dumps(plain if number is None else [number, *plain]) + "\n"


def from_line(line: str | bytes) -> list[Any]:
    """Return what `to_line` wrote."""
    return [_kind_of(value) if isinstance(value, dict) else value for value in json.loads(line)]


def _plain(value: SheetValue) -> object:
    # Most values are texts, so they are looked for first; a date-time is a date too.
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    if isinstance(value, time):
        return {_CLOCK: value.isoformat()}
    if isinstance(value, Percentage | Money):
        return {_PERCENTAGE if isinstance(value, Percentage) else _MONEY: float(value)}
    if isinstance(value, FlawedCell):
        return {_FLAW: value.flaw.value, _SHOWN: value.shown}
    return value


def _kind_of(value: dict[str, Any]) -> SheetValue:
    if _PERCENTAGE in value:
        return Percentage(value[_PERCENTAGE])
    if _MONEY in value:
        return Money(value[_MONEY])
    if text := value.get(_DATE):
        return date.fromisoformat(text)
    if text := value.get(_MOMENT):
        return datetime.fromisoformat(text)
    if text := value.get(_CLOCK):
        return time.fromisoformat(text)
    return FlawedCell(Flaw(value[_FLAW]), value[_SHOWN])
