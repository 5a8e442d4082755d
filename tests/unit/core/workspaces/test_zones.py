"""In which zone dates are read and told."""

from core.chat.request import ChannelKind, Platform
from core.workspaces.model import Channel, Workspace, Zones

HOME = Workspace(1, "default", "Europe/Berlin", "EUR", "en")
SHOP = Channel(7, 1, Platform.SLACK, "C7", "shop", ChannelKind.PUBLIC, "Asia/Tokyo")
PLAIN = Channel(8, 1, Platform.SLACK, "C8", "plain", ChannelKind.PUBLIC)
ZONES = Zones.among(HOME, (SHOP, PLAIN))


def test_what_is_ones_own_comes_before_the_channels_and_that_before_the_workspaces() -> None:
    assert ZONES.of("America/New_York", "UTC", channel_id=7) == "America/New_York"
    assert ZONES.of("", "UTC", channel_id=7) == "UTC"
    assert ZONES.of("", channel_id=7) == "Asia/Tokyo"
    assert [ZONES.of("", channel_id=channel) for channel in (8, 9, None)] == ["Europe/Berlin"] * 3


def test_a_channel_without_a_zone_is_where_its_people_are_if_that_is_asked() -> None:
    assert ZONES.of(channel_id=7, home="UTC") == "Asia/Tokyo"
    assert ZONES.of(channel_id=8, home="UTC") == "UTC"


def test_what_is_no_zone_counts_as_none() -> None:
    assert ZONES.of("Mars/Base", "asia/seoul") == "Asia/Seoul"
    assert Zones("UTC", {7: "Mars/Base"}).of("Moon", channel_id=7) == "UTC"
