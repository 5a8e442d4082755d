"""At which instants rules run: on days when clocks change, and compared with looking at the clock every minute."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from itertools import takewhile
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from core.dates.recurrence import Every, Recurrence
from core.schedules.cron import Cron, read_cron
from core.schedules.errors import RuleError
from core.schedules.grammar import parse_rule
from core.schedules.rules import Calendar, Interval, Rule, next_runs, runs, stored_rule

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = "2027-03-28", "2026-10-25"
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu", "UTC")
DAYS = ("2027-03-27", "2026-10-24", "2027-03-13", "2026-10-31", "2026-10-03", "2027-04-03", "2027-03-14", "2028-02-28")


def on_the_clock(typed: str, day: str, count: int, zone: ZoneInfo = BERLIN) -> list[str]:
    """Return runs from the beginning of a day on, as its wall clock shows them with the offset."""
    start = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), tzinfo=zone).astimezone(dt.UTC)
    rule = parse_rule(typed, today=dt.date.fromisoformat(day))
    found = next_runs(rule, zone, start - dt.timedelta(seconds=1), start, count)
    return [f"{run.astimezone(zone):%d %H:%M %z}" for run in found]


def test_a_time_that_the_clocks_skip_runs_at_the_first_instant_after() -> None:
    assert on_the_clock("daily 2:30", SPRING, 2) == ["28 03:00 +0200", "29 02:30 +0200"]
    assert on_the_clock("30 2 * * *", SPRING, 2) == ["28 03:00 +0200", "29 02:30 +0200"]


def test_what_would_run_several_times_in_a_gap_runs_once_there() -> None:
    expected = ["28 01:45 +0100", "28 03:00 +0200", "28 03:15 +0200"]
    assert on_the_clock("*/15 * * * *", SPRING, 10)[7:] == expected
    assert on_the_clock("daily 2:10, 2:50 and 3:00", SPRING, 2) == ["28 03:00 +0200", "29 02:10 +0200"]


def test_a_time_that_comes_twice_runs_at_the_first() -> None:
    assert on_the_clock("daily 2:30", AUTUMN, 2) == ["25 02:30 +0200", "26 02:30 +0100"]
    assert on_the_clock("*/30 2 * * *", AUTUMN, 3) == ["25 02:00 +0200", "25 02:30 +0200", "26 02:00 +0100"]


def test_what_runs_in_every_hour_runs_in_both() -> None:
    expected = ["25 01:30 +0200", "25 02:00 +0200", "25 02:30 +0200", "25 02:00 +0100", "25 02:30 +0100"]
    assert on_the_clock("*/30 * * * *", AUTUMN, 8)[3:] == expected


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_intervals_are_real_time(day: str) -> None:
    start = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(1), tzinfo=BERLIN).astimezone(dt.UTC)
    found = next_runs(parse_rule("every 90 minutes", today=start.date()), BERLIN, start, start, 4)
    assert [run - start for run in found] == [dt.timedelta(minutes=90) * count for count in (1, 2, 3, 4)]


def test_a_day_that_a_place_left_out_is_made_up_for_at_its_end() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert on_the_clock("daily 9:00", "2011-12-29", 3, apia) == ["29 09:00 -1000", "31 00:00 +1400", "31 09:00 +1400"]


def test_every_other_week_is_counted_from_where_it_began() -> None:
    monday = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
    rule = parse_rule("every 2 weeks on mon and fri 9:00", today=monday.date())
    first = next_runs(rule, BERLIN, monday, monday, 4)
    assert [f"{run:%a %d}" for run in first] == ["Fri 27", "Mon 07", "Fri 11", "Mon 21"]
    assert next_runs(rule, BERLIN, first[0], first[0], 3) == first[1:]


def test_a_rule_with_an_end_comes_to_it() -> None:
    friday = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    rule = parse_rule("daily 9:00 and 17:00 until 21 nov", today=friday.date())
    assert len(next_runs(rule, BERLIN, friday, friday, 9)) == 3


def test_a_day_of_leap_years_is_found_over_a_year_that_is_none() -> None:
    start = dt.datetime(2096, 3, 1, tzinfo=dt.UTC)
    assert [run.year for run in next_runs(read_cron("0 0 29 2 *"), BERLIN, start, start, 2)] == [2104, 2108]


def test_cron_takes_either_kind_of_day_where_both_are_said() -> None:
    start = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)

    def days(text: str) -> list[int]:
        return [run.day for run in next_runs(read_cron(text), ZoneInfo("UTC"), start, start, 3)]

    assert days("0 9 15 * mon") == [30, 7, 14]
    assert days("0 9 15 * *") == days("0 9 15 * ?") == [15, 15, 15]
    assert days("0 9 * * sun") == days("0 9 * * 7") == days("0 9 * * 0") == [6, 13, 20]
    # `*/2` says no days of its own, so both have to be right.
    assert days("0 9 */2 * mon") == [7, 21, 11]


numbers = st.integers(0, 59)
clocks = st.sets(st.builds(dt.time, st.integers(0, 4), st.sampled_from((0, 15, 30, 59))), min_size=1, max_size=4)
calendars = st.builds(
    lambda found, every: Calendar(Recurrence(Every.DAY, every), tuple(sorted(found))), clocks, st.integers(1, 2)
)


def _field(low: int, high: int) -> st.SearchStrategy[str]:
    values = st.integers(low, high)
    ranges = st.tuples(values, values).map(lambda ends: f"{min(ends)}-{max(ends)}")
    steps = st.builds("{}/{}".format, st.just("*") | ranges, st.integers(1, high))
    return st.just("*") | st.lists(values.map(str) | ranges | steps, min_size=1, max_size=3).map(",".join)


crons = st.tuples(_field(0, 59), _field(0, 23), _field(1, 31), _field(1, 12), _field(0, 7)).map(" ".join)
zones = st.sampled_from(ZONES).map(ZoneInfo)
starts = st.sampled_from(DAYS).map(lambda day: dt.datetime.fromisoformat(f"{day}T12:00Z"))


@functools.cache
def shown(start: dt.datetime, zone: ZoneInfo) -> Mapping[dt.datetime, Sequence[dt.datetime]]:
    """Return for all that the wall clock shows in three days when it does, minute by minute, in its order."""
    found: dict[dt.datetime, list[dt.datetime]] = {}
    for instant in (start + dt.timedelta(minutes=count) for count in range(3 * 1440)):
        found.setdefault(instant.astimezone(zone).replace(tzinfo=None), []).append(instant)
    return dict(sorted(found.items()))


def seen(wanted: Sequence[dt.datetime], start: dt.datetime, zone: ZoneInfo, *, in_both: bool) -> list[dt.datetime]:
    """Return when the wall clock shows those times, or is past them for the first time."""
    found: set[dt.datetime] = set()
    for time in wanted:
        exact = shown(start, zone).get(time, ())
        found |= set(exact if in_both else exact[:1])
        if not exact:
            found.add(next(instants[0] for local, instants in shown(start, zone).items() if local > time))
    return sorted(found)


@given(calendars, zones, starts)
def test_runs_by_the_calendar_are_what_a_look_at_the_clock_gives(
    rule: Calendar, zone: ZoneInfo, start: dt.datetime
) -> None:
    first = start.astimezone(zone).date()
    days = [first + dt.timedelta(days=count) for count in range(1, 3) if count % rule.days.interval == 0]
    wanted = [dt.datetime.combine(day, clock) for day in days for clock in rule.clocks]
    begin = dt.datetime.combine(first + dt.timedelta(days=1), dt.time(), tzinfo=zone).astimezone(dt.UTC)
    expected = [run for run in seen(wanted, start, zone, in_both=False) if run < start + dt.timedelta(hours=70)]
    found = list(takewhile(lambda run: run <= expected[-1], runs(rule, zone, begin - dt.timedelta(seconds=1), start)))
    assert found == expected


@given(crons, zones, starts)
@example("*/20 * * * *", ZoneInfo("Australia/Lord_Howe"), dt.datetime(2027, 4, 3, 12, tzinfo=dt.UTC))
@example("45 23 * * *", ZoneInfo("America/Havana"), dt.datetime(2026, 10, 31, 12, tzinfo=dt.UTC))
def test_runs_by_cron_are_what_a_look_at_the_clock_gives(text: str, zone: ZoneInfo, start: dt.datetime) -> None:
    try:
        rule = read_cron(text)
    except RuleError:
        return
    said = text.split()
    first = start.astimezone(zone).date()
    days = [day for count in range(1, 3) if _is_day(rule, said, day := first + dt.timedelta(days=count))]
    wanted = [dt.datetime.combine(day, clock) for day in days for clock in rule.clocks]
    begin = dt.datetime.combine(first + dt.timedelta(days=1), dt.time(), tzinfo=zone).astimezone(dt.UTC)
    end = dt.datetime.combine(first + dt.timedelta(days=2), dt.time(23), tzinfo=zone).astimezone(dt.UTC)
    in_both = len({clock.hour for clock in rule.clocks}) == 24
    expected = [run for run in seen(wanted[:400], start, zone, in_both=in_both) if begin <= run < end][:100]
    found = next_runs(rule, zone, begin - dt.timedelta(seconds=1), start, max(len(expected), 1))
    assert [run for run in found if run < end] == expected


def _is_day(rule: Cron, said: Sequence[str], day: dt.date) -> bool:
    """Tell by the text whether a day is one of a cron expression."""
    in_month, in_week = day.day in rule.days, day.weekday() in rule.weekdays
    both_said = said[2][0] != "*" and said[4][0] != "*"
    return day.month in rule.months and (in_month or in_week if both_said else in_month and in_week)


rules: st.SearchStrategy[Rule] = (
    calendars | st.sampled_from(("*/7 * * * *", "0 2,3 * * *", "59 1 1-7 * sat")).map(read_cron)
) | st.integers(60, 400_000).map(lambda seconds: Interval(dt.timedelta(seconds=seconds)))


@given(rules, zones, starts, st.integers(0, 5000))
def test_runs_go_forward_and_the_next_is_the_same_from_wherever_it_is_asked(
    rule: Rule, zone: ZoneInfo, start: dt.datetime, later: int
) -> None:
    found = next_runs(rule, zone, start, start, 6)
    assert found == sorted(set(found))
    assert all(run > start for run in found)
    assert stored_rule(rule.written()) == rule
    now = start + dt.timedelta(minutes=later)
    assert rule.next(now, zone, found[0]) == rule.next(now, zone, start)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from("every 2 15 weeks mon at 9:00 and * */5 1-5 0 daily".split())).map(" ".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rule = parse_rule(text, today=dt.date(2026, 11, 20))
    except RuleError:
        return
    assert stored_rule(rule.written()) == rule
