"""Schedules: what runs by itself, when, for whom, and how that went."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

from core.jobs.model import SCHEDULED, JobValue, NewJob
from core.schedules.rules import Rule, stored_rule
from core.shared.ids import ChannelId, MemberId
from core.shared.value_objects import value_object
from core.shared.zones import zone

TITLE_LIMIT = 200
ERROR_LIMIT = 300

PERIODIC = "job"
"""The area of schedules that are periodic jobs: of each of them one job goes on at a time."""

DIGEST = "digest"
"""The title of what tells once a day what there is to look at, and the command of an area that deals with it."""


class ScheduleState(StrEnum):
    """Whether a schedule runs. One that is paused keeps its rhythm, a stopped one begins a new one when it starts."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@value_object
class Schedule:
    """A schedule as stored: at its times it makes a job of a kind, with arguments (an object in JSON).

    `area` is the one whose commands deal with it. `rule` is as `Rule.written` gives it, in `zone`, counted from
    `since`; `next_at` is when it runs next, None while it doesn't. Times until `looked_at` were dealt with: run, or
    counted as `skipped`. `last_at` is the time that it ran for last. It ran so often (`runs`), of which `errors` failed
    and the latest `streak` in a row, with `last_error` in words. With `skip_empty` an empty report is not posted.
    A `personal` one is for its author alone, and keeps to their zone.
    """

    number: int
    title: str
    area: str
    kind: str
    arguments: str
    rule: str
    zone: str
    channel_id: ChannelId
    author_id: MemberId
    created_at: datetime
    since: datetime
    next_at: datetime | None = None
    state: ScheduleState = ScheduleState.ACTIVE
    skip_empty: bool = False
    looked_at: datetime | None = None
    last_at: datetime | None = None
    runs: int = 0
    errors: int = 0
    streak: int = 0
    skipped: int = 0
    last_error: str = ""
    personal: bool = False
    version: int = 1
    removed_at: datetime | None = None

    @property
    def times(self) -> Rule:
        """Return when it runs."""
        return stored_rule(self.rule)

    @property
    def where(self) -> ZoneInfo:
        """Return the zone of its clock."""
        return zone(self.zone)

    @property
    def given(self) -> Mapping[str, JobValue]:
        """Return the arguments of its jobs."""
        return cast("Mapping[str, JobValue]", json.loads(self.arguments or "{}"))

    def next_after(self, now: datetime) -> datetime | None:
        """Return when it would run first after an instant."""
        return self.times.next(now, self.where, self.since)

    def job(self, run: datetime) -> NewJob:
        """Return the job of a run; there is one of its key, whoever makes it."""
        return NewJob(self.kind, self.given, self.author_id, self.channel_id, self._key(run))

    @property
    def waits_for(self) -> str:
        """Return the key of the job that has to be over before the next one is made, if any has to."""
        return self._key(self.last_at) if self.area == PERIODIC and self.last_at else ""

    def _key(self, run: datetime) -> str:
        return f"{SCHEDULED}{self.number}:{run.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def written(arguments: Mapping[str, JobValue]) -> str:
    """Return arguments as a schedule keeps them."""
    return json.dumps(dict(arguments), ensure_ascii=False, separators=(",", ":"))


@value_object
class ScheduleCounts:
    """How many schedules run and how many rest, how many of the first are late, and when the next one runs."""

    active: int = 0
    resting: int = 0
    late: int = 0
    next_at: datetime | None = None


@value_object
class Ran:
    """The key of a job that a schedule made, read: which one, for which time."""

    number: int
    run: datetime

    @classmethod
    def of(cls, key: str) -> "Ran | None":
        """Return what a job's key says of the schedule that made it, None if none did."""
        number, _, run = key.removeprefix(SCHEDULED).partition(":")
        try:
            return cls(int(number), datetime.fromisoformat(run)) if key.startswith(SCHEDULED) else None
        except ValueError:
            return None


@value_object
class ScheduleFilter:
    """Which schedules are meant: of an area, of a channel or all, of a state or all."""

    area: str
    channel_id: int | None = None
    state: ScheduleState | None = None
