"""Columns that many areas have: numbers, texts, choices, people, channels, links, dues, moments.

Each is declared by the heading that we write, and says the field of that name unless it is told another. What can't be
read raises `CellError` with a reason whose sentence is among those that all areas have, but for an area's own rule for
its texts. An area that sees more in a column replaces what differs.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from core.dates.due import Due, DueError, parse_due
from core.dates.recurrence import Recurrence
from core.dates.recurrence_errors import RecurrenceError
from core.dates.recurrence_grammar import read_recurrence
from core.ports.numbered import HIGHEST_NUMBER
from core.shared.currencies import smallest
from core.shared.errors import InvalidArgumentError
from core.shared.money import amount_of
from core.shared.zones import zone as zone_named
from core.transfer.amounts import read_units
from core.transfer.plain import plain_up_to
from core.transfer.roster import UnknownPersonError
from core.transfer.rows import shown
from core.transfer.sheet import CellError, CellValue, Column, Surroundings

MOST_DUE_WORDS = 6
"""Words of a due in a file. What is longer is no date, and finding that out would take the grammar of dates long."""
YES, NO = frozenset("yes true 1 x ✓ ✔".split()), frozenset("no false 0".split())

_LINK_LIMIT = 500
_PEOPLE_TEXT_LIMIT = 4000
_NUMBER = re.compile(r"#?([0-9]{1,10})(?:\.0)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINE_BREAK = re.compile(r"[\r\n]")
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def number() -> Column[Any]:
    """Return the column of the number that a record has here; an empty cell is 0."""

    def read(text: str, _around: Surroundings) -> int:
        match = _NUMBER.fullmatch(text)
        if text and (match is None or not 0 < int(match[1]) <= HIGHEST_NUMBER):
            raise CellError("number_bad")
        return int(match[1]) if match else 0

    return Column("number", read, _as_kept("number"), repeats=False)


def words(
    name: str,
    clean: Callable[[str], str],
    limit: int,
    aliases: str = "",
    *,
    may_be_empty: bool = False,
    one_line: bool = False,
) -> Column[Any]:
    """Return a column of texts up to a length, by a rule that raises `InvalidArgumentError` and sees odd ones only."""
    are_plain = plain_up_to(limit, may_be_empty=may_be_empty)

    def read(text: str, _around: Surroundings) -> str:
        if are_plain([text]):
            return text
        if one_line and _LINE_BREAK.search(text):
            raise CellError("line_break", column=name)
        try:
            return clean(text)
        except InvalidArgumentError as error:
            details = {name: value for name, value in error.details.items() if name in ("length", "limit")}
            raise CellError(error.reason, **details) from error

    write = _as_kept(name)
    return Column(
        name, read, write, aliases, repeats=False, takes_amounts=True, as_they_are=are_plain, field=name, unsaid=""
    )


def ruled(
    name: str,
    clean: Callable[[str], object],
    write: Callable[[Any], CellValue] | None = None,
    aliases: str = "",
    *,
    unsaid: object = None,
) -> Column[Any]:
    """Return a column of what an area's rule makes of any text; it raises `InvalidArgumentError`, or `CellError`."""

    def read(text: str, _around: Surroundings) -> object:
        try:
            return clean(text)
        except InvalidArgumentError as error:
            raise refused(error) from error

    written = write or attrgetter(name)
    return Column(name, read, lambda record, _: written(record), aliases, repeats=False, field=name, unsaid=unsaid)


def refused(error: InvalidArgumentError) -> CellError:
    """Return what an area's rule refuses as what can't be used of a cell."""
    details = {name: value for name, value in error.details.items() if name not in ("argument", "reason")}
    return CellError(error.reason, **details)


def choice(
    name: str,
    called: Mapping[Any, Iterable[str]],
    aliases: str = "",
    *,
    unsaid: object,
    reason: str = "choice_unknown",
) -> Column[Any]:
    """Return a column of values by what they are called, in any case; the first word of each is the one that we write.

    An empty cell says nothing, unless it is among those words.
    """
    values = {word: value for value, words in called.items() for word in words}
    labels = {value: next(iter(words)) for value, words in called.items()}

    def read(text: str, _around: Surroundings) -> object:
        word = text.casefold()
        if word and word not in values:
            raise CellError(reason, name=name, choices=", ".join(labels.values()))
        return values.get(word)

    def write(record: object, _around: Surroundings) -> str:
        return labels[getattr(record, name)]

    def is_value(cell: str) -> bool:
        return cell.casefold() in labels.values()

    return Column(name, read, write, aliases, is_value=is_value, field=name, unsaid=unsaid, put=_unless_empty)


def flag(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of yes or no; an empty cell is a no."""
    called = {True: ["yes", *YES], False: ["no", *NO, ""]}
    return choice(name, called, aliases, unsaid=False, reason="flag_unknown")


def people(name: str, limit: int, aliases: str = "") -> Column[Any]:
    """Return a column of members, at most so many; the same ones stay in the order that a record has them in."""

    def read(text: str, around: Surroundings) -> tuple[int, ...]:
        if len(text) > _PEOPLE_TEXT_LIMIT:
            raise CellError("too_many_people", limit=limit)
        try:
            found = around.people.read(text)
        except UnknownPersonError as error:
            reason = "several_people" if error.choices else "nobody_by_that_name"
            raise CellError(reason, name=shown(error.name), choices=", ".join(error.choices)) from error
        if len(found) > limit:
            raise CellError("too_many_people", limit=limit)
        return found

    def write(record: object, around: Surroundings) -> Sequence[str]:
        return around.people.names(getattr(record, name))

    def put(said: Sequence[int], had: Sequence[int]) -> Sequence[int]:
        return had if set(said) == set(had) else said

    return Column(name, read, write, aliases, field=name, unsaid=(), put=put)


def channel() -> Column[Any]:
    """Return the column of the channel that a new record belongs to; one that is not here is where it is imported."""
    return Column(
        "channel",
        # 0 stands for one that is not here.
        lambda text, around: (around.channels.read(text) or 0) if text else None,
        lambda record, around: around.channels.write(record.channel_id),
        field="channel_id",
        put=lambda said, had: said or had,
        stays=True,
    )


def link(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of links."""

    def read(text: str, _around: Surroundings) -> str:
        if text and not (len(text) <= _LINK_LIMIT and _LINK.fullmatch(text)):
            raise CellError("link_bad")
        return text

    return Column(name, read, _as_kept(name), aliases, repeats=False, field=name, unsaid="")


def due(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of dues. A day without a time is written as one, if it is meant where the reader is."""

    def write(record: object, around: Surroundings) -> date | str | None:
        kept: Due | None = getattr(record, name)
        if kept is None:
            return None
        return kept.date if kept.time is None and kept.zone == around.zone else kept.iso()

    return Column(name, due_of, write, aliases, is_value=_is_date, field=name, put=same_day)


def due_of(text: str, around: Surroundings) -> Due | None:
    """Read a due in any of the words that people have for one."""
    if not text:
        return None
    if text.count(" ") >= MOST_DUE_WORDS:
        raise CellError("due_not_understood")
    try:
        return parse_due(text, now=around.now, zone=around.zone)
    except DueError as error:
        raise CellError(f"due_{error.reason.value}", part=error.part) from error


def same_day(said: Due | None, had: Due | None) -> Due | None:
    """Return a due as said, or as it was, with its zone, if that is the same day without a time."""
    same = said and had and said.time is None and had.time is None and said.date == had.date
    return had if same else said


def repeat(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of how something repeats, which is for the area's rule to put into a record."""

    def write(record: object, _around: Surroundings) -> str | None:
        kept: Recurrence | None = getattr(record, name)
        return kept.words() if kept else None

    return Column(name, repeat_of, write, aliases)


def repeat_of(text: str, around: Surroundings) -> Recurrence | None:
    """Read how something repeats."""
    if not text:
        return None
    try:
        found = read_recurrence(text, today=around.now.astimezone(zone_named(around.zone)).date())
    except RecurrenceError as error:
        raise CellError(f"repeat_{error.reason.value}") from error
    if found is None:
        raise CellError("repeat_not_understood")
    return found


def price(
    name: str, currency: str, check: Callable[[Decimal | None, str, str], Decimal | None], aliases: str = ""
) -> Column[Any]:
    """Return a column of amounts in a currency, by a rule that raises `InvalidArgumentError`."""

    def read(text: str, _around: Surroundings) -> Decimal | None:
        units = read_units(text, currency)
        try:
            return check(None if units is None else amount_of(units), currency, name)
        except InvalidArgumentError as error:
            raise refused(error) from error

    def write(record: object, _around: Surroundings) -> Decimal | None:
        amount: Decimal | None = getattr(record, name)
        return None if amount is None else amount.quantize(smallest(currency))

    return Column(name, read, write, aliases, takes_amounts=True, field=name)


def whole(
    name: str, limit: int, aliases: str = "", *, field: str, unsaid: int | None, stays: bool = False
) -> Column[Any]:
    """Return a column of whole numbers from 0 to a limit; an empty cell is what is `unsaid`."""

    def read(text: str, _around: Surroundings) -> int | None:
        units = read_units(text)
        if units is None:
            return None
        amount = amount_of(units)
        if amount != int(amount) or not 0 <= amount <= limit:
            raise CellError("quantity_bad", limit=limit)
        return int(amount)

    def put(said: int | None, _had: int | None) -> int | None:
        return unsaid if said is None else said

    return Column(name, read, _as_kept(field), aliases, field=field, unsaid=unsaid, put=put, stays=stays)


def created() -> Column[Any]:
    """Return the column of when a record was made, by which another workspace's of the same number is told apart.

    What is no such moment is left out, for it is no reason to refuse a row.
    """

    def read(text: str, around: Surroundings) -> datetime | None:
        moment = _moment(text, around)
        return moment if moment and moment <= around.now + timedelta(days=1) else None

    write, aliases = _to_the_second("created_at"), "created-at created-on date-created"
    return Column("created", read, write, aliases, field="created_at", put=_unless_empty, stays=True)


class Reached(NamedTuple):
    """What a cell says of a state that is reached; `at` is None when only that it is."""

    at: datetime | None


def reached(name: str, yes: Collection[str], no: Collection[str], *, at: str) -> Column[Any]:
    """Return a column of when a state was reached, or of whether in words besides yes and no.

    It is written as the field `at` has it, and for the area's rule to put into a record.
    """

    def read(text: str, around: Surroundings) -> Reached | None:
        word = text.casefold()
        if not word or word in NO or word in no:
            return None
        moment = _moment(text, around)
        if moment is None and word not in YES and word not in yes:
            raise CellError("reached_unknown")
        return Reached(moment)

    return Column(name, read, _to_the_second(at), f"{name}-at {name}-on date-{name}")


def _is_date(cell: str) -> bool:
    return _DATE.match(cell) is not None


def _moment(text: str, around: Surroundings) -> datetime | None:
    """Read an instant in ISO 8601, in the reader's zone if it names none; None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone_named(around.zone))
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _to_the_second(name: str) -> Callable[[Any, Surroundings], str | None]:
    def write(record: object, _around: Surroundings) -> str | None:
        at: datetime | None = getattr(record, name)
        return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z" if at else None

    return write


def _as_kept(name: str) -> Callable[[Any, Surroundings], Any]:
    return lambda record, _: getattr(record, name)


def _unless_empty(said: object, had: object) -> object:
    return had if said is None else said
