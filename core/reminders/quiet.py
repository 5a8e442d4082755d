"""Quiet hours: when nobody is told anything that they did not ask for just then."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from core.dates.times import read_time
from core.people.model import QUIET_LIMIT, Member
from core.shared.errors import RefusedError
from core.shared.value_objects import value_object
from core.shared.zones import instant
from core.workspaces.model import Workspace, Zones

NEVER = "none"
"""Written for somebody who has no quiet hours, whatever the workspace has."""

_OFF = "off"
"""As a digest is turned off."""
_WEEKENDS = "weekends"
_SATURDAY = 5
_MOST_IN_A_ROW = 8
"""Pieces of quiet hours that can follow on each other: evenings, nights and the days of a weekend."""

_AND_WEEKENDS = re.compile(r"(?:^|,? (?:and )?|[,+])weekends?$")
_BETWEEN = re.compile(r" ?(?:-|–|\bto\b|\buntil\b) ?")


class QuietError(ValueError):
    """A text that says no quiet hours."""


@value_object
class Quiet:
    """Hours of each day, perhaps over midnight, and perhaps the whole of weekends."""

    hours: tuple[dt.time, dt.time] | None
    weekends: bool = False

    def ends(self, at: dt.datetime, where: ZoneInfo) -> dt.datetime:
        """Return when what comes at an instant may be told: then, or when the quiet that it falls into is over."""
        for _ in range(_MOST_IN_A_ROW):
            end = self._end(at, where)
            if end is None or end <= at:
                break
            at = end
        return at

    def written(self) -> str:
        """Return it as it is stored, and as people may type it."""
        hours = [f"{self.hours[0]:%H:%M}-{self.hours[1]:%H:%M}"] if self.hours else []
        return " ".join([*hours, *([_WEEKENDS] if self.weekends else [])])

    def words(self) -> str:
        """Return it as people read it."""
        hours = [f"{self.hours[0]:%H:%M} to {self.hours[1]:%H:%M}"] if self.hours else []
        return " and ".join([*hours, *([_WEEKENDS] if self.weekends else [])])

    def _end(self, at: dt.datetime, where: ZoneInfo) -> dt.datetime | None:
        """Return when the hours or the day of a weekend end that an instant falls into, None if into none."""
        local = at.astimezone(where)
        day, clock = local.date(), local.time()
        if self.weekends and day.weekday() >= _SATURDAY:
            return instant(day + dt.timedelta(days=1), dt.time(), where)
        if self.hours is None:
            return None
        start, end = self.hours
        is_over_midnight = end < start
        if not (clock >= start or clock < end if is_over_midnight else start <= clock < end):
            return None
        last = day + dt.timedelta(days=is_over_midnight and clock >= start)
        # In the second pass of an hour that comes twice the first end of it is over.
        ends = (instant(last, end.replace(fold=fold), where) for fold in (0, 1))
        return next((one for one in ends if one > at), None)


def read_quiet(text: str) -> Quiet:
    """Read `20:00-8:00`, `8pm to 7:30am`, `weekends`, `20:00-8:00 weekends`; raises `QuietError`."""
    plain = " ".join(text.casefold().split())
    if not plain or len(plain) > QUIET_LIMIT:
        raise QuietError(text)
    hours = _AND_WEEKENDS.sub("", plain)
    weekends = hours != plain
    if not hours:
        return Quiet(None, weekends)
    parts = _BETWEEN.split(hours)
    if len(parts) != 2:
        raise QuietError(text)
    start, end = map(_clock, parts)
    if start == end:
        raise QuietError(text)
    return Quiet((start, end), weekends)


def quiet_of(member: Member, workspace: Workspace) -> Quiet | None:
    """Return the quiet hours of somebody: their own, else the workspace's."""
    written = member.quiet or workspace.quiet
    return None if written in ("", NEVER) else read_quiet(written)


def told_from(member: Member, workspace: Workspace, at: dt.datetime) -> dt.datetime:
    """Return when somebody may be told what comes at an instant: then, or at the end of their quiet hours."""
    quiet = quiet_of(member, workspace)
    return quiet.ends(at, ZoneInfo(Zones.among(workspace).of(member.zone))) if quiet else at


def _clock(text: str) -> dt.time:
    said = f"{text}:00" if text.isdecimal() else text
    try:
        found = read_time(said)
    except ValueError as error:
        raise QuietError(text) from error
    if found is None or found.readings:
        raise QuietError(text)
    return found.time.replace(second=0)


def written_quiet(typed: str, argument: str = "hours") -> str:
    """Return what was typed as it is stored; raises `RefusedError` (`not_quiet_hours`)."""
    said = typed.strip().casefold()
    if said in ("", NEVER, _OFF):
        return said and NEVER
    try:
        return read_quiet(typed).written()
    except QuietError as error:
        raise RefusedError("not_quiet_hours", field=argument, value=typed) from error
