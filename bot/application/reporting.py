"""What reports are asked with: the days they are about, and how much they show."""

import re
from typing import Annotated

from bot.application.context import Context
from bot.grammar.arguments import Also, Marker, Positional, Suggests, Upload
from core.chat.request import Attachment
from core.chat.spec import ArgumentKind
from core.dates.ranges import ALL, Calendar, Range, RangeError, between, read_range
from core.dates.weeks import week_start
from core.shared.errors import InvalidArgumentError
from core.shared.zones import zone

_RANGES = ("last week", "this month", "last month", "last 30 days", "ytd", "today", "all")

RangeWords = Annotated[str, Marker(ArgumentKind.REST), Positional(), Suggests(_RANGES)]
"""Days in words, which need no quotes."""

Top = Annotated[int | None, Also("n"), Also("rows")]
"""How many of the largest are shown."""

MOST_ROWS = 10_000
"""Rows that somebody may ask for; more than are shown come as a file."""

MOST_NAMED = 20
"""Of the largest that a sentence names."""

NO_FILE = Upload()
"""None was handed in."""

_COUNT = re.compile(r"(?!(?:19|20|21)[0-9]{2}(?:[0-9]{4})?(?: |$))([-+\u2212]?[0-9][0-9,]{0,20})(?: (.+))?")
"""A number, perhaps before other words, unless it is a year or a date."""


def calendar_of(ctx: Context, zone_name: str = "") -> Calendar:
    """Return the calendar: days are those of a zone, or else of the workspace, weeks begin as where the reader is."""
    where = zone(zone_name or ctx.directory.workspace.zone)
    return Calendar(ctx.now.astimezone(where).date(), week_start(ctx.actor.locale))


def asked_range(ctx: Context, words: str, from_: str, to: str, *, zone_name: str = "", default: Range = ALL) -> Range:
    """Return the days that are asked for, in words or by their first and last; raises `InvalidArgumentError`.

    They are read in a zone, or else in the workspace's.
    """
    if words and (from_ or to):
        raise InvalidArgumentError("range", "range_twice")
    argument = "range" if words else "from" if from_ else "to"
    calendar = calendar_of(ctx, zone_name)
    try:
        if from_ or to:
            return between(from_, to, calendar)
        return read_range(words, calendar) if words else default
    except RangeError as error:
        reason = f"range_{error.reason.value}"
        raise InvalidArgumentError(argument, reason, value=error.part, readings=error.readings) from error


def asked_top(count: int | None, unless_given: int) -> int:
    """Return how many rows are asked for; raises `InvalidArgumentError` for none and for too many."""
    if count is not None and not 0 < count <= MOST_ROWS:
        raise InvalidArgumentError("top", "not_so_many_rows", value=count, limit=MOST_ROWS)
    return unless_given if count is None else count


def handed_in(file: Upload, **days: object) -> Attachment | str | None:
    """Return the file that the figures are in, if one was handed in.

    Raises `InvalidArgumentError` where days are asked for as well: a file is looked at whole.
    """
    given = file.attachment or file.file_id or None
    asked = next((name.rstrip("_") for name, value in days.items() if value), "") if given else ""
    if asked:
        raise InvalidArgumentError(asked, "file_is_whole", value=str(days.get(asked) or days[f"{asked}_"]))
    return given


def count_before(words: str) -> tuple[int | None, str]:
    """Return the number that stands before the days (`5 last month`), if there is one, and the words of the days."""
    before = _COUNT.fullmatch(words.strip())
    if before is None:
        return None, words
    return int(before[1].replace(",", "").replace("\u2212", "-")), before[2] or ""


def asked_count(words: str, count: int | None, unless_given: int) -> tuple[int, str]:
    """Return how many rows are asked for, which may stand before the days, and the words of the days.

    Raises `InvalidArgumentError` for none and for too many.
    """
    if count is None:
        count, words = count_before(words)
    return asked_top(count, unless_given), words
