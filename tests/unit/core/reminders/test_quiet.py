"""Quiet hours: how they are said, and when they end."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.reminders.quiet import QuietError, read_quiet

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("20:00-8:00", "20:00-08:00"),
        ("20-8", "20:00-08:00"),
        ("8pm to 7:30am", "20:00-07:30"),
        ("Weekends", "weekends"),
        ("22:00 – 6:00 weekends", "22:00-06:00 weekends"),
        ("12:00-13:00 and weekends", "12:00-13:00 weekends"),
    ],
)
def test_they_are_read_as_people_say_them_and_again_as_they_are_written(typed: str, written: str) -> None:
    assert read_quiet(typed).written() == written
    assert read_quiet(written) == read_quiet(typed)


@pytest.mark.parametrize("typed", ["", "soon", "8:00", "8:00-8:00", "25:00-8:00", "8-9-10", "20:00-8:00 sundays"])
def test_anything_else_is_none(typed: str) -> None:
    with pytest.raises(QuietError):
        read_quiet(typed)


@pytest.mark.parametrize(
    ("quiet", "at", "end"),
    [
        ("20:00-8:00", "2026-11-20T18:59", "2026-11-20T18:59"),
        ("20:00-8:00", "2026-11-20T19:00", "2026-11-21T07:00"),
        ("20:00-8:00", "2026-11-21T06:59", "2026-11-21T07:00"),
        ("20:00-8:00", "2026-11-21T07:00", "2026-11-21T07:00"),
        ("12:00-13:00", "2026-11-20T11:30", "2026-11-20T12:00"),
        # From Friday's evening over the weekend to Monday's morning.
        ("20:00-8:00 weekends", "2026-11-20T19:30", "2026-11-23T07:00"),
        ("weekends", "2026-11-20T22:59", "2026-11-20T22:59"),
        ("weekends", "2026-11-20T23:00", "2026-11-22T23:00"),
        # The clocks skip 02:00 to 03:00, and the other day show 02:00 to 03:00 twice.
        ("1:00-2:30", "2027-03-28T00:30", "2027-03-28T01:30"),
        ("1:00-2:30", "2027-10-31T00:15", "2027-10-31T00:30"),
        ("1:00-2:30", "2027-10-31T01:15", "2027-10-31T01:30"),
        ("22:00-6:00", "2027-10-30T21:00", "2027-10-31T05:00"),
    ],
)
def test_what_falls_into_them_may_come_when_they_end(quiet: str, at: str, end: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert read_quiet(quiet).ends(moment, BERLIN) == datetime.fromisoformat(end).replace(tzinfo=UTC)
