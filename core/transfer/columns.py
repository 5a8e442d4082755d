"""Columns that many areas have, declared by what they are about; each says the field of its name, unless it is told.

What `cells` reads and refuses is worded for all areas. One that sees more in a column replaces what differs.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from core.dates.due import Due
from core.transfer import cells
from core.transfer.sheet import Column, Surroundings


def number() -> Column[Any]:
    """Return the column of the number that a record has here."""
    return Column("number", cells.number_of, _as_kept("number"), repeats=False)


def words(name: str, read: cells.Words, aliases: str = "") -> Column[Any]:
    """Return a column of texts."""
    plain, write = read.are_plain, _as_kept(name)
    return Column(
        name, read, write, aliases, repeats=False, takes_amounts=True, as_they_are=plain, field=name, unsaid=""
    )


def choice(name: str, called: Mapping[Any, Iterable[str]], aliases: str = "", *, unsaid: object) -> Column[Any]:
    """Return a column of values by what they are called: the first word is ours, an empty cell says nothing."""
    labels = {value: next(iter(words)) for value, words in called.items()}
    return Column(
        name,
        cells.choice(name, {word: value for value, words in called.items() for word in words}, labels.values()),
        lambda record, _: labels[getattr(record, name)],
        aliases,
        is_value=lambda cell: cell.casefold() in labels.values(),
        field=name,
        unsaid=unsaid,
        put=_unless_empty,
    )


def flag(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of yes or no; an empty cell is a no."""

    def write(record: object, _around: Surroundings) -> str:
        return "yes" if getattr(record, name) else "no"

    return Column(name, cells.is_yes, write, aliases, field=name, unsaid=False)


def due(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of dues; one without a time stays in the zone that a record has it in."""
    return Column(
        name,
        cells.due_of,
        lambda record, around: cells.due_value(getattr(record, name), around),
        aliases,
        is_value=cells.is_date,
        field=name,
        put=same_day,
    )


def repeat(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of how something repeats, which is for the area's rule to put into a record."""

    def write(record: object, _around: Surroundings) -> str | None:
        found = getattr(record, name)
        return found.words() if found else None

    return Column(name, cells.repeat_of, write, aliases)


def reached(field: str, name: str, yes: Collection[str], no: Collection[str]) -> Column[Any]:
    """Return a column of when a state was reached, or whether, which is for the area's rule to put into a record."""
    aliases = f"{name}-at {name}-on date-{name}"
    return Column(name, cells.reached(yes, no), lambda record, _: cells.moment_value(getattr(record, field)), aliases)


def people(name: str, limit: int, aliases: str = "") -> Column[Any]:
    """Return a column of members, at most so many; the same ones stay in the order that a record has them in."""
    return Column(
        name,
        cells.people(limit),
        lambda record, around: around.people.names(getattr(record, name)),
        aliases,
        field=name,
        unsaid=(),
        put=lambda said, had: had if set(said) == set(had) else said,
    )


def channel() -> Column[Any]:
    """Return the column of the channel that a new record belongs to; one that is not here is where it is imported."""
    return Column(
        "channel",
        cells.channel_of,
        lambda record, around: around.channels.write(record.channel_id),
        field="channel_id",
        put=lambda said, had: said or had,
        stays=True,
    )


def link(name: str, aliases: str = "") -> Column[Any]:
    """Return a column of links."""
    return Column(name, cells.link_of, _as_kept(name), aliases, repeats=False, field=name, unsaid="")


def created() -> Column[Any]:
    """Return the column of when a record was made, by which another workspace's of the same number is told apart."""
    return Column(
        "created",
        cells.past_of,
        lambda record, _: cells.moment_value(record.created_at),
        "created-at created-on date-created",
        field="created_at",
        put=_unless_empty,
        stays=True,
    )


def same_day(said: Due | None, had: Due | None) -> Due | None:
    """Return a due as said, or as it was if that is the same day without a time."""
    same = said and had and said.time is None and had.time is None and said.date == had.date
    return had if same else said


def _as_kept(name: str) -> Callable[[Any, Surroundings], Any]:
    return lambda record, _: getattr(record, name)


def _unless_empty(said: object, had: object) -> object:
    return had if said is None else said
