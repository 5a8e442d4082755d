"""How schedules are named and told of, whichever area's they are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.texts.common import listed, on_the_clock
from bot.texts.dates import moment_cell
from bot.texts.view import View
from core.chat.reply import Cell, Column, Field
from core.chat.text import Bold, Code, Text, text
from core.schedules.cron import Cron
from core.schedules.model import Schedule, ScheduleState
from core.shared.names import Names

NAMES = Names("schedule", "schedule", "schedules")

COLUMNS = (
    Column("number", "#", "number"),
    Column("title", "What"),
    Column("when", "When"),
    Column("next", "Next", "moment"),
    Column("last", "Last", "moment"),
    Column("owner", "Of", "people"),
    Column("state", "State"),
    Column("runs", "Runs", "number"),
    Column("errors", "Errors", "number"),
)
"""The columns of every list; scripts go by their keys."""


def columns_of(schedules: Sequence[Schedule]) -> tuple[Column, ...]:
    """Return the columns of a list: that none of these ever failed needs no room, nor that all of them are active."""
    states = {state_of(one) for one in schedules}
    implied = {"errors": not any(one.errors for one in schedules), "state": states == {"active"}}
    return tuple(replace(column, implied=implied.get(column.key, False)) for column in COLUMNS)


def name_of(schedule: Schedule) -> Text:
    """Return what a schedule goes by, and its title: `#3 sales last week`."""
    return text(f"#{schedule.number} ", Bold(schedule.title))


def when(schedule: Schedule) -> Text | str:
    """Return when it runs: `every weekday at 09:00 (Europe/Berlin)`; what was said in cron stands beside it."""
    times = schedule.times
    if isinstance(times, Cron):
        return text(f"{times.words()} (", Code(times.text), f", {schedule.zone})")
    return f"{times.words()} ({schedule.zone})"


def coming(runs: Sequence[datetime], schedule: Schedule, reader: View | None = None) -> Text:
    """Return its next runs on its own clock, which is named if it is not the reader's; nothing where there are none."""
    if not runs:
        return ()
    where = f" ({schedule.zone})" if reader and reader.actor.zone != schedule.zone else ""
    return text(f"Next{where}: {listed([on_the_clock(run, schedule.zone) for run in runs])}.")


def state_of(schedule: Schedule) -> str:
    """Return `active`, `failing`, `paused`, `stopped` or `over`."""
    if schedule.state is not ScheduleState.ACTIVE:
        return schedule.state.value
    if schedule.next_at is None:
        return "over"
    return "failing" if schedule.streak else "active"


def cells(schedule: Schedule, view: View) -> tuple[Cell, ...]:
    """Return the cells of a schedule, by the columns of every list."""
    zone = view.actor.zone
    return (
        schedule.number,
        schedule.title,
        when(schedule),
        moment_cell(schedule.next_at, zone),
        moment_cell(schedule.last_at, zone),
        view.directory.name(schedule.author_id),
        state_of(schedule),
        schedule.runs,
        schedule.errors,
    )


def next_fields(schedule: Schedule, zone: str) -> tuple[Field, ...]:
    """Return what scripts want to know of a schedule: its number, and when it runs next, on the clock of a zone."""
    number = Field("number", "Number", schedule.number, "number")
    if schedule.next_at is None:
        return (number,)
    return number, Field("next", "Next", moment_cell(schedule.next_at, zone), "moment")
