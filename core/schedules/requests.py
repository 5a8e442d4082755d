"""What is asked of schedules, and what the service hands back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.jobs.model import JobValue
from core.schedules.model import Schedule
from core.schedules.rules import Rule
from core.shared.value_objects import value_object

SHOWN_RUNS = 3
"""Runs to come that are shown of a schedule."""


@value_object
class NewSchedule:
    """A schedule to be made: of an area, by a title; what its jobs are, when they run, and in which channel."""

    area: str
    title: str
    kind: str
    arguments: Mapping[str, JobValue]
    rule: Rule
    zone: str
    channel_id: int
    skip_empty: bool = False
    personal: bool = False


@value_object
class ScheduleEdit:
    """What is to be otherwise; None stays as it is. What it runs changes together with its title."""

    rule: Rule | None = None
    zone: str | None = None
    skip_empty: bool | None = None
    title: str | None = None
    arguments: Mapping[str, JobValue] | None = None
    channel_id: int | None = None


@value_object
class Scheduled:
    """A schedule as it is now, its next runs, and how to take back what was done to it, if anything was."""

    schedule: Schedule
    runs: Sequence[datetime]
    undo_id: str = ""
