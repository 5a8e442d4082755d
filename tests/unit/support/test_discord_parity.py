"""What scenario tests use of the local Slack and of the local Discord alike, so that one suite can drive both."""

from __future__ import annotations

import inspect

import pytest

from tests.support import discord, slack

PERSON = "command press choose fill submit close upload say mention direct_message shortcut direct_channel".split()
PLATFORM = "person messages ephemerals direct_messages open_views calls_of until changed".split()
EXCHANGE = "answer answers view messages status latency payload delivery error_shown errors options".split()
MESSAGE = "ts thread_ts text shown labels files is_ephemeral by_bot control revisions deleted chosen".split()
VIEW = "title shown labels control is_open errors chosen user".split()


def names_of(kind: type) -> set[str]:
    """Everything an instance has by its class: methods, properties, fields."""
    return set(getattr(kind, "__dataclass_fields__", {})) | set(dir(kind))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Person", PERSON), ("DiscordPlatform", PLATFORM), ("Exchange", EXCHANGE), ("Message", MESSAGE), ("View", VIEW)],
)
def test_both_have_what_scenarios_use(name: str, wanted: list[str]) -> None:
    there = getattr(slack, name.replace("Discord", "Slack"))
    here = getattr(discord, name)
    assert [one for one in wanted if one not in names_of(there)] == []
    assert [one for one in wanted if one not in names_of(here)] == []


@pytest.mark.parametrize("name", [one for one in PERSON if one != "direct_channel"])
def test_people_act_alike(name: str) -> None:
    there = list(inspect.signature(getattr(slack.Person, name)).parameters)
    here = list(inspect.signature(getattr(discord.Person, name)).parameters)
    assert len(there) == len(here) or name == "command"
    if name != "shortcut":
        assert here[: len(there)] == there


def test_worlds_are_made_alike() -> None:
    for name in ("channel", "file"):
        there = list(inspect.signature(getattr(slack.World, name)).parameters)
        assert list(inspect.signature(getattr(discord.World, name)).parameters)[: len(there)] == there
    assert "user" in names_of(slack.World) & names_of(discord.World)
