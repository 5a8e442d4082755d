"""Single values, for eyes and for scripts."""

import re
from datetime import datetime

from adapters.platforms.cells import PLACES, amount_words, cell_words, figure_words
from core.chat.reply import Cell, ColumnKind
from core.chat.text import Moment, plain

NOTHING = "–"
_NAME = "number"

# What moves a terminal's cursor, rings its bell, colours it or turns its text round.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_LONE_HALVES = re.compile(r"[\ud800-\udfff]")


def safe(text: str) -> str:
    """Return the text without anything that a terminal would obey instead of show; lines and tabs stay."""
    return _LONE_HALVES.sub("\ufffd", _UNSAFE.sub("", text.replace("\r\n", "\n"))).expandtabs(4)


def shown(value: Cell, kind: ColumnKind = "text", places: int | None = None, *, key: str = "") -> str:
    """Return a value as people read it, on one line; a figure of a column with as many places as the others have.

    A number has its thousands apart, unless its `key` says that it names something (a task's).
    """
    if places is not None:
        text = figure_words(value, kind, places)
    else:
        text = f"{value:.{PLACES}f}".rstrip("0").rstrip(".") if isinstance(value, float) else cell_words(value, kind)
    text = amount_words(text) if kind == "number" and key != _NAME else text
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
