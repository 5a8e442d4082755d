"""Single values, for eyes and for scripts."""

import re
from datetime import datetime

from core.chat.reply import Cell, ColumnKind
from core.chat.text import Moment, plain

NOTHING = "–"
_ISO_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")

# What moves a terminal's cursor, rings its bell, colours it or turns its text round.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_LONE_HALVES = re.compile(r"[\ud800-\udfff]")


def safe(text: str) -> str:
    """Return the text without anything that a terminal would obey instead of show; lines and tabs stay."""
    return _LONE_HALVES.sub("\ufffd", _UNSAFE.sub("", text.replace("\r\n", "\n"))).expandtabs(4)


def shown(value: Cell, kind: ColumnKind = "text") -> str:
    """Return a value as people read it, on one line."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        # A number that names something (a task's) has no grouping; amounts are worded elsewhere.
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    text = plain(value)
    if kind == "moment" and (iso := _ISO_MOMENT.match(text)):
        text = f"{iso[1]} {iso[2]}"
    return " ".join(safe(text).split()) or NOTHING


def typed(value: Cell) -> str | int | float | bool | None:
    """Return a value as scripts read it: numbers as numbers, moments as ISO 8601, the rest as text."""
    if not isinstance(value, tuple):
        return value
    if len(value) == 1 and isinstance(value[0], Moment):
        return iso(value[0].at)
    return plain(value)


def iso(at: datetime) -> str:
    """Return an instant as ISO 8601 in whole seconds."""
    return at.replace(microsecond=0).isoformat()
