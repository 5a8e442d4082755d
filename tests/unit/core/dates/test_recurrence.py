"""Which dues follow one another: through months too short, leap years and changes of the clocks."""

import datetime as dt

import pytest

from core.dates.due import Due
from core.dates.recurrence import LAST, Every, Recurrence
from core.dates.recurrence_grammar import parse_recurrence

BERLIN = "Europe/Berlin"
FRIDAY = dt.date(2026, 11, 20)


def rule(text: str) -> Recurrence:
    return parse_recurrence(text, today=FRIDAY)


def days(text: str, start: str, count: int = 4) -> list[str]:
    """The days that follow a day."""
    found: list[str] = []
    day = dt.date.fromisoformat(start)
    recurrence = rule(text).anchored(day)
    while len(found) < count and (next_day := recurrence.next_day(day)):
        day = next_day
        found.append(f"{day:%a %Y-%m-%d}")
    return found


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("daily", "2026-12-30", ["Thu 2026-12-31", "Fri 2027-01-01"]),
        ("every 3 days", "2026-11-20", ["Mon 2026-11-23", "Thu 2026-11-26"]),
        ("every weekday", "2026-11-20", ["Mon 2026-11-23", "Tue 2026-11-24"]),
        ("weekly", "2026-11-20", ["Fri 2026-11-27", "Fri 2026-12-04"]),
        ("every mon and thu", "2026-11-20", ["Mon 2026-11-23", "Thu 2026-11-26", "Mon 2026-11-30"]),
        ("every 2 weeks on fri", "2026-11-20", ["Fri 2026-12-04", "Fri 2026-12-18"]),
        ("every 2 weeks on fri", "2026-11-16", ["Fri 2026-11-20", "Fri 2026-12-04"]),
        ("every 2 weeks on mon and sun", "2026-11-16", ["Sun 2026-11-22", "Mon 2026-11-30", "Sun 2026-12-06"]),
        ("monthly", "2026-11-15", ["Tue 2026-12-15", "Fri 2027-01-15"]),
        ("monthly on the 15th", "2026-11-20", ["Tue 2026-12-15", "Fri 2027-01-15"]),
        ("monthly on the 25th", "2026-11-20", ["Wed 2026-11-25", "Fri 2026-12-25"]),
        ("every 3 months on the 1st", "2026-11-20", ["Mon 2027-02-01", "Sat 2027-05-01"]),
        ("first monday of the month", "2026-11-20", ["Mon 2026-12-07", "Mon 2027-01-04"]),
        ("every 3rd friday", "2026-11-20", ["Fri 2026-12-18", "Fri 2027-01-15"]),
        ("last friday of the month", "2026-11-20", ["Fri 2026-11-27", "Fri 2026-12-25"]),
        ("last weekday of the month", "2027-01-29", ["Fri 2027-02-26", "Wed 2027-03-31"]),
        ("first weekday of the month", "2027-04-30", ["Mon 2027-05-03", "Tue 2027-06-01"]),
    ],
)
def test_the_days_that_follow(text: str, start: str, expected: list[str]) -> None:
    assert days(text, start, len(expected)) == expected


@pytest.mark.parametrize("text", ["monthly", "monthly on the 31st", "monthly on the last day"])
def test_a_month_too_short_gives_its_last_day_and_the_next_one_the_day_itself(text: str) -> None:
    expected = ["Sun 2027-02-28", "Wed 2027-03-31", "Fri 2027-04-30", "Mon 2027-05-31"]
    assert days(text, "2027-01-31") == expected


def test_the_thirtieth_stays_the_thirtieth_after_february() -> None:
    assert days("monthly", "2027-01-30", 2) == ["Sun 2027-02-28", "Tue 2027-03-30"]


def test_a_leap_day_comes_back_in_the_next_leap_year() -> None:
    expected = ["Wed 2029-02-28", "Thu 2030-02-28", "Fri 2031-02-28", "Sun 2032-02-29"]
    assert days("yearly", "2028-02-29") == expected
    assert days("monthly on the last day", "2028-01-31", 1) == ["Tue 2028-02-29"]


def due_after(text: str, due: str, now: str | None = None) -> str | None:
    found = rule(text).next_after(Due.from_iso(due), dt.datetime.fromisoformat(now) if now else None)
    return found.iso() if found else None


def test_the_clock_on_the_wall_is_kept_when_summer_time_begins() -> None:
    assert due_after("daily", "2026-03-28T09:00+01:00[Europe/Berlin]") == "2026-03-29T09:00+02:00[Europe/Berlin]"


def test_a_time_that_the_clocks_skip_is_later_that_day_and_itself_the_day_after() -> None:
    skipped = rule("daily").next_after(Due(dt.date(2026, 3, 28), dt.time(2, 30), BERLIN))
    assert skipped == Due(dt.date(2026, 3, 29), dt.time(2, 30), BERLIN)
    assert skipped.at == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC), "03:30 in Berlin"
    after = rule("daily").next_after(skipped)
    assert after == Due(dt.date(2026, 3, 30), dt.time(2, 30), BERLIN)
    assert after.at == dt.datetime(2026, 3, 30, 0, 30, tzinfo=dt.UTC)


def test_an_hour_that_comes_twice_is_met_once_in_its_first_pass() -> None:
    met = rule("daily").next_after(Due(dt.date(2026, 10, 24), dt.time(2, 30), BERLIN))
    assert met
    assert met.at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_the_second_pass_of_an_hour_is_not_kept_for_other_days() -> None:
    second = Due(dt.date(2025, 10, 26), dt.time(2, 30, fold=1), BERLIN)
    following = rule("yearly").next_after(second)
    assert following
    assert following.time
    assert following.time.fold == 0


def test_what_was_missed_is_not_made_up_for() -> None:
    assert due_after("weekly", "2026-10-30[UTC]", now="2026-11-20T12:00+00:00") == "2026-11-27[UTC]"
    assert due_after("weekly", "2026-10-30[UTC]", now="2026-11-19T12:00+00:00") == "2026-11-20[UTC]"
    assert due_after("every 2 weeks", "2026-10-30[UTC]", now="2026-11-20T12:00+00:00") == "2026-11-27[UTC]"
    assert due_after("daily", "2026-11-19[UTC]", now="2026-11-20T12:00+00:00") == "2026-11-21[UTC]"


def test_what_is_done_early_is_followed_by_the_one_after_it() -> None:
    assert due_after("weekly", "2026-11-27[UTC]", now="2026-11-20T12:00+00:00") == "2026-12-04[UTC]"


def test_the_day_is_that_of_the_dues_own_zone() -> None:
    now = "2026-11-20T12:00+00:00"
    assert due_after("daily", "2026-11-19[Pacific/Auckland]", now=now) == "2026-11-22[Pacific/Auckland]"
    assert due_after("daily", "2026-11-19[America/New_York]", now=now) == "2026-11-21[America/New_York]"


def test_it_ends_with_the_last_day_that_was_said() -> None:
    assert due_after("daily until 2026-11-21", "2026-11-20[UTC]") == "2026-11-21[UTC]"
    assert due_after("daily until 2026-11-21", "2026-11-21[UTC]") is None
    assert due_after("daily until 2026-11-21", "2026-11-01[UTC]", now="2026-11-21T12:00+00:00") is None


def test_it_ends_after_as_many_times_as_were_said() -> None:
    left, due, seen = rule("weekly, 3 times"), Due(FRIDAY, None, "UTC"), []
    while following := left.next_after(due):
        due, left = following, left.rest()
        seen.append(due.date.isoformat())
    assert seen == ["2026-11-27", "2026-12-04"]
    assert left.words() == "weekly, 1 time"


def test_a_day_of_the_year_comes_back_whatever_month_it_is_counted_from() -> None:
    assert days("yearly on 1 march", "2026-11-30", 2) == ["Mon 2027-03-01", "Wed 2028-03-01"]
    assert days("every 2 years on 1 march", "2027-03-01", 2) == ["Thu 2029-03-01", "Sat 2031-03-01"]
    assert days("yearly on 29 february", "2028-02-29", 2) == ["Wed 2029-02-28", "Thu 2030-02-28"]


def test_several_days_of_a_month_each_come() -> None:
    assert days("1st and 15th", "2026-11-15", 3) == ["Tue 2026-12-01", "Tue 2026-12-15", "Fri 2027-01-01"]
    assert days("15th and 31st", "2027-02-15", 3) == ["Sun 2027-02-28", "Mon 2027-03-15", "Wed 2027-03-31"]
    assert days("every 1st and 3rd monday", "2026-12-07", 2) == ["Mon 2026-12-21", "Mon 2027-01-04"]


def test_what_counts_from_being_done_does_so_from_that_day() -> None:
    text = "every 2 weeks after completion"
    assert due_after(text, "2026-11-20[UTC]", now="2026-12-01T12:00+00:00") == "2026-12-15[UTC]", "late"
    assert due_after(text, "2026-11-20[UTC]", now="2026-11-10T12:00+00:00") == "2026-11-24[UTC]", "early"
    assert due_after("monthly after completion", "2026-01-31T09:00+00:00[UTC]") == "2026-02-28T09:00+00:00[UTC]"
    assert due_after("weekly after completion until 31 dec 2026", "2026-12-28[UTC]") is None
    assert due_after("every 400 months after completion", "2199-01-01[UTC]") is None


def test_the_time_of_day_it_says_is_that_of_what_follows() -> None:
    assert due_after("daily at 9am", "2026-11-20[UTC]") == "2026-11-21T09:00+00:00[UTC]"
    assert due_after("daily at 9am", "2026-11-20T11:00+00:00[UTC]") == "2026-11-21T09:00+00:00[UTC]"


def test_it_ends_with_the_years_that_we_keep() -> None:
    assert due_after("daily", "2199-12-31[UTC]") is None
    assert due_after("every 400 months", "2199-01-01[UTC]") is None


@pytest.mark.parametrize(
    ("text", "today", "first"),
    [
        ("daily", "2026-11-20", "2026-11-20"),
        ("weekly", "2026-11-20", "2026-11-20"),
        ("every mon and thu", "2026-11-20", "2026-11-23"),
        ("every weekday", "2026-11-21", "2026-11-23"),
        ("every 2 weeks on mon", "2026-11-20", "2026-11-23"),
        ("monthly on the 15th", "2026-11-20", "2026-12-15"),
        ("every 3 months on the 31st", "2026-11-20", "2026-11-30"),
        ("last day of the month", "2026-11-30", "2026-11-30"),
        ("first monday of the month", "2026-11-20", "2026-12-07"),
        ("1st and 15th", "2026-11-20", "2026-12-01"),
        ("every 1st and 3rd friday", "2026-11-20", "2026-11-20"),
        ("yearly on 1 march", "2026-11-20", "2027-03-01"),
        ("every 3 years on 20 november", "2026-11-20", "2026-11-20"),
        ("every 2 weeks after completion", "2026-11-20", "2026-11-20"),
    ],
)
def test_without_a_due_it_begins_on_the_first_day_that_fits(text: str, today: str, first: str) -> None:
    assert rule(text).first(dt.date.fromisoformat(today)).isoformat() == first


@pytest.mark.parametrize(
    "values",
    [
        {"every": Every.DAY, "interval": 0},
        {"every": Every.DAY, "interval": 401},
        {"every": Every.DAY, "weekdays": (0,)},
        {"every": Every.WEEK, "weekdays": (1, 0)},
        {"every": Every.WEEK, "weekdays": (7,)},
        {"every": Every.WEEK, "days": (3,)},
        {"every": Every.WEEK, "weekdays": (0,), "positions": (1,)},
        {"every": Every.MONTH, "days": (32,)},
        {"every": Every.MONTH, "weekdays": (0,)},
        {"every": Every.MONTH, "positions": (1,)},
        {"every": Every.MONTH, "weekdays": (0, 1), "positions": (1,)},
        {"every": Every.MONTH, "weekdays": (0,), "positions": (5,)},
        {"every": Every.MONTH, "weekdays": (0,), "positions": (1,), "days": (3,)},
        {"every": Every.MONTH, "days": (15, 1)},
        {"every": Every.MONTH, "days": (29, 31)},
        {"every": Every.MONTH, "days": (31, LAST)},
        {"every": Every.MONTH, "days": tuple(range(1, 12))},
        {"every": Every.MONTH, "weekdays": (0,), "positions": (LAST, 1)},
        {"every": Every.MONTH, "days": (1,), "month": 3},
        {"every": Every.MONTH, "interval": 12, "month": 3},
        {"every": Every.MONTH, "interval": 12, "days": (30,), "month": 2},
        {"every": Every.MONTH, "interval": 12, "days": (1, 2), "month": 2},
        {"every": Every.DAY, "time": dt.time(9, 0, 1)},
        {"every": Every.WEEK, "weekdays": (0,), "after_done": True},
        {"every": Every.MONTH, "days": (1,), "after_done": True},
        {"every": Every.DAY, "count": 0},
        {"every": Every.DAY, "count": 2, "until": FRIDAY},
        {"every": Every.DAY, "until": dt.date(2200, 1, 1)},
    ],
)
def test_what_no_text_says_can_not_be_made(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no such repetition"):
        Recurrence(**values)  # type: ignore[arg-type]
