"""What becomes of runs that were missed: the latest within its grace, once, and nothing twice."""

import datetime as dt
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import given

from core.schedules.grammar import parse_rule
from core.schedules.missed import LONGEST_GRACE, MOST_COUNTED, Turn, grace, turn
from core.schedules.rules import Rule

UTC = ZoneInfo("UTC")
DUE = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def rule_of(typed: str) -> Rule:
    return parse_rule(typed, today=DUE.date())


def after(typed: str, **late: float) -> Turn:
    return turn(rule_of(typed), UTC, DUE, DUE, DUE + dt.timedelta(**late), None)


def test_a_run_on_time_is_made() -> None:
    assert after("daily 9:00") == Turn(DUE, 0, DUE + dt.timedelta(days=1))
    assert after("every minute") == Turn(DUE, 0, DUE + dt.timedelta(minutes=1))


def test_a_report_of_the_morning_is_made_up_for_until_the_evening_and_no_longer() -> None:
    assert after("daily 9:00", hours=12) == Turn(DUE, 0, DUE + dt.timedelta(days=1))
    assert after("daily 9:00", hours=12, seconds=1) == Turn(None, 1, DUE + dt.timedelta(days=1))


def test_the_latest_of_several_is_made_up_for_and_the_others_are_skipped() -> None:
    assert after("daily 9:00", days=3, hours=1) == Turn(DUE + dt.timedelta(days=3), 3, DUE + dt.timedelta(days=4))
    assert after("daily 9:00", days=3, hours=13) == Turn(None, 4, DUE + dt.timedelta(days=4))
    assert after("every 10 minutes", minutes=34) == Turn(
        DUE + dt.timedelta(minutes=30), 3, DUE + dt.timedelta(minutes=40)
    )
    assert after("every 10 minutes", minutes=36).run is None or after("every 10 minutes", minutes=36).skipped == 3


def test_the_grace_is_half_the_way_to_the_next_within_bounds() -> None:
    minutes = {"every minute": 5, "every hour": 30, "daily 9:00": 720, "weekly 9:00": 720, "daily 9:00 and 9:20": 10}
    for typed, expected in minutes.items():
        assert grace(rule_of(typed), UTC, DUE, DUE) == dt.timedelta(minutes=expected), typed


def test_what_was_dealt_with_is_not_made_again_wherever_the_clock_stands() -> None:
    now = DUE + dt.timedelta(minutes=3)
    assert turn(rule_of("daily 9:00"), UTC, DUE, DUE, now, now) == Turn(None, 1, DUE + dt.timedelta(days=1))
    assert turn(rule_of("daily 9:00"), UTC, DUE, DUE, now, DUE - dt.timedelta(seconds=1)).run == DUE


def test_what_has_ended_is_due_no_more() -> None:
    assert after("daily 9:00 until 2026-11-20") == Turn(DUE, 0, None)
    assert after("daily 9:00 until 2026-11-21", days=40) == Turn(None, 2, None)


def test_very_many_skipped_runs_are_not_counted_one_by_one() -> None:
    assert after("* * * * *", days=300).skipped == MOST_COUNTED
    assert after("every minute", days=300).skipped == 300 * 1440


@given(
    st.sampled_from(
        ("daily 9:00", "weekdays 9:00 and 17:00", "every 7 minutes", "*/13 8-10 * * *", "every 3 days 9:00")
    ),
    st.integers(0, 30 * 86400),
)
def test_whenever_it_is_looked_every_run_is_made_or_skipped_once(typed: str, seconds: int) -> None:
    rule, now = rule_of(typed), DUE + dt.timedelta(seconds=seconds)
    due = rule.next(DUE - dt.timedelta(seconds=1), UTC, DUE)
    assert due
    if due > now:
        return
    found = turn(rule, UTC, DUE, due, now, None)
    assert found.next_at
    assert found.next_at > now
    assert found.next_at == rule.next(now, UTC, DUE)
    if found.run:
        assert due <= found.run <= now <= found.run + LONGEST_GRACE
        assert rule.next(found.run, UTC, DUE) == found.next_at
    assert bool(found.run) or found.skipped > 0
