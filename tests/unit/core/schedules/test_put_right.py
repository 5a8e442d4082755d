"""What a clock that was ahead made is put right: nothing waits until it is that late."""

import datetime as dt
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import assume, given

from core.schedules.missed import turn
from core.schedules.model import Schedule
from core.schedules.rules import Rule
from core.schedules.tick import put_right
from tests.unit.core.schedules.test_runs import rules, starts, zones

AHEAD = st.timedeltas(dt.timedelta(minutes=2), dt.timedelta(days=4000))


def made(rule: Rule, zone: ZoneInfo, now: dt.datetime) -> Schedule | None:
    """A schedule as it is made by a clock, unless its times are over by that."""
    since = now.replace(second=0, microsecond=0)
    next_at = rule.next(now, zone, since)
    plain = Schedule(1, "sales", "report", "report", "{}", rule.written(), zone.key, 1, 1, now, since, next_at)
    return plain if next_at else None


@given(rules, zones, starts, AHEAD)
def test_the_next_run_is_no_further_away_than_from_now_on(
    rule: Rule, zone: ZoneInfo, now: dt.datetime, ahead: dt.timedelta
) -> None:
    schedule = made(rule, zone, now + ahead)
    assume(schedule)
    assert schedule
    right = put_right(schedule, now)
    latest = rule.next(now, zone, now)
    assert right.next_at
    assert latest
    assert now < right.next_at <= latest
    assert put_right(right, now) == right


@given(rules, zones, starts, AHEAD)
def test_what_a_clock_made_that_was_behind_goes_on_from_now(
    rule: Rule, zone: ZoneInfo, now: dt.datetime, behind: dt.timedelta
) -> None:
    schedule = made(rule, zone, now - behind)
    assume(schedule and schedule.next_at and schedule.next_at <= now)
    assert schedule
    assert schedule.next_at
    found = turn(rule, zone, schedule.since, schedule.next_at, now, None)
    assert found.next_at == rule.next(now, zone, schedule.since)
