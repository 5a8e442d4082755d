"""Zone names, and wall clocks where the clocks change."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.shared.zones import LONGEST_NAME, UnknownZoneError, instant, zone, zone_names


def test_gives_the_zone_of_a_name() -> None:
    assert zone("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.parametrize("name", ["europe/berlin", "EUROPE/BERLIN", " Europe/Berlin "])
def test_takes_a_name_in_any_case_and_spells_it_properly(name: str) -> None:
    assert zone(name).key == "Europe/Berlin"


def test_names_are_sorted_and_each_has_a_zone() -> None:
    assert list(zone_names()) == sorted(set(zone_names()))
    assert all(zone(name).key == name for name in zone_names())
    assert "UTC" in zone_names()
    assert not {"localtime", "Factory", "posixrules"} & set(zone_names())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Berlin", "Europe/Berlin"),
        ("Europe/Berlinn", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Europe Berlin", "Europe/Berlin"),
        ("katmandu", "Asia/Katmandu"),
    ],
)
def test_an_unknown_name_comes_with_near_misses(typed: str, meant: str) -> None:
    with pytest.raises(UnknownZoneError) as caught:
        zone(typed)
    assert meant in caught.value.near
    assert len(caught.value.near) <= 3
    assert caught.value.name == typed


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "../../etc/passwd",
        "/etc/passwd",
        "Europe",
        "Europe/",
        "right/UTC",
        "posix/UTC",
        "Europe/Berlin\0",
        "\ud800",
    ],
)
def test_no_file_is_looked_for_by_a_name_that_is_no_zone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def touch(key: str) -> zoneinfo.ZoneInfo:
        raise AssertionError(key)

    zone_names()
    monkeypatch.setattr(zoneinfo, "ZoneInfo", touch)
    with pytest.raises(UnknownZoneError):
        zone(name)


def test_a_name_of_any_length_is_refused_at_once_and_cut() -> None:
    with pytest.raises(UnknownZoneError) as caught:
        zone("Europe/Berlin" * 100_000)
    assert len(caught.value.name) == LONGEST_NAME
    assert caught.value.near == ()


@given(st.text())
def test_any_text_is_a_zone_or_unknown(text: str) -> None:
    found: set[str]
    try:
        found = {zone(text).key}
    except UnknownZoneError as error:
        found = set(error.near)
    assert found <= set(zone_names())


@pytest.mark.parametrize(
    ("name", "wall", "fold", "expected"),
    [
        ("Europe/Berlin", "2026-03-29T01:59", 0, "2026-03-29T00:59"),
        ("Europe/Berlin", "2026-03-29T02:30", 0, "2026-03-29T01:30"),  # skipped: 03:30 summer time
        ("Europe/Berlin", "2026-10-25T02:30", 0, "2026-10-25T00:30"),  # twice: the first
        ("Europe/Berlin", "2026-10-25T02:30", 1, "2026-10-25T01:30"),
        ("America/New_York", "2026-03-08T02:30", 0, "2026-03-08T07:30"),
        ("America/New_York", "2026-11-01T01:30", 0, "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", 0, "2026-10-03T15:45"),  # half an hour is skipped: 02:45
        ("Australia/Lord_Howe", "2026-04-05T01:45", 0, "2026-04-04T14:45"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", 1, "2026-04-04T15:15"),
        ("Asia/Kathmandu", "2026-06-01T00:00", 0, "2026-05-31T18:15"),
        ("Pacific/Apia", "2011-12-30T12:00", 0, "2011-12-30T22:00"),  # a whole day is skipped: noon of the 31st
        ("Africa/Cairo", "2026-04-24T00:00", 0, "2026-04-23T22:00"),  # midnight itself is skipped
    ],
)
def test_skipped_times_move_forward_and_times_that_come_twice_are_the_first(
    name: str, wall: str, fold: int, expected: str
) -> None:
    local = dt.datetime.fromisoformat(wall)
    found = instant(local.date(), local.time().replace(fold=fold), zone(name))
    assert found == dt.datetime.fromisoformat(f"{expected}+00:00")
    assert found.utcoffset() == dt.timedelta(0)
