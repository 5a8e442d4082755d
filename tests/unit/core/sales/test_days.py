"""Days and moments of sales, by the clock of the workspace."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.sales.days import Days, are_day_first, has_numbers
from core.transfer.sheet import CellError

BERLIN = Days(ZoneInfo("Europe/Berlin"))
DAY, MOMENT = date(2010, 12, 1), datetime(2010, 12, 1, 7, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2010-12-01", "2010-12-1", "12/1/2010", "2010/12/1", "1.12.2010", "20101201", "40513"]
)
def test_a_day_is_read(text: str) -> None:
    assert BERLIN.read(text) == (DAY, None)


@pytest.mark.parametrize(
    "text",
    [
        "2010-12-01 08:26:00",
        "2010-12-01T08:26",
        "2010-12-01T07:26:00Z",
        "12/1/2010 8:26",
        "12/1/2010 8:26 AM",
        "1.12.2010 08:26:00",
        " 12/1/2010   8:26 ",
        "40513.3513888889",
    ],
)
def test_a_moment_is_read_by_the_clock_of_the_workspace(text: str) -> None:
    assert BERLIN.read(text) == (DAY, MOMENT)


def test_a_moment_of_elsewhere_is_of_the_day_that_it_was_here() -> None:
    assert BERLIN.read("2010-12-31T23:30:00+00:00")[0] == date(2011, 1, 1)


def test_a_moment_that_the_clocks_skip_or_repeat_is_one_all_the_same() -> None:
    assert BERLIN.read("2011-03-27 02:30:00")[0] == date(2011, 3, 27)
    assert BERLIN.read("2011-10-30 02:30:00") == (date(2011, 10, 30), datetime(2011, 10, 30, 0, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "day_missing"),
        ("soon", "day_bad"),
        ("2010-02-30", "day_bad"),
        ("13/13/2010", "day_bad"),
        ("12/1/2010 25:00", "day_bad"),
        ("12/1/2010 13:00 PM", "day_bad"),
        ("12/1/10", "day_short_year"),
        ("0001-01-01", "day_too_far"),
        ("9999-12-31", "day_too_far"),
        ("99999", "day_bad"),
        ("2010-12-01" * 9, "day_bad"),
    ],
)
def test_what_is_no_day_says_why(text: str, reason: str) -> None:
    with pytest.raises(CellError) as caught:
        BERLIN.read(text)
    assert caught.value.reason == reason


def test_one_date_tells_for_all_which_number_is_the_day() -> None:
    assert are_day_first(["1/2/2010", "25/12/2010"])
    assert are_day_first(["1/2/2010", "12/25/2010", "25/12/2010"]) is False
    assert are_day_first(["1/2/2010", "", "soon", "25.12.2010"]) is None
    assert Days(ZoneInfo("UTC"), day_first=True).read("1/12/2010") == (DAY, None)


def test_only_some_dates_could_be_read_in_two_ways() -> None:
    assert has_numbers("12/1/2010 8:26")
    assert not any(map(has_numbers, ["2010-12-01", "1.12.2010", "2010/12/1", "40513", ""]))
