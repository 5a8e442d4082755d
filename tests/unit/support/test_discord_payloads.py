"""What the local Discord sends has the fields of the samples, which follow Discord's documentation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.discord import Channel, DiscordPlatform, Person
from tests.support.discord.sample_app import SampleApp

Json = dict[str, Any]
SAMPLES = Path(__file__).parents[2] / "payloads" / "discord"


def fields(node: object, at: str = "") -> set[str]:
    """The paths of all fields, list items taken together; ids used as keys are left out."""
    if isinstance(node, list):
        return {path for item in node for path in fields(item, f"{at}[]")}
    if not isinstance(node, dict):
        return set()
    found: set[str] = set()
    for key, value in node.items():
        name = "*" if key.isdigit() and len(key) > 10 else key
        found |= {f"{at}.{name}"} | fields(value, f"{at}.{name}")
    return found


def assert_like_sample(name: str, payload: Json) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    assert fields(payload) == fields(sample)
    assert payload.get("type") == sample.get("type")


async def test_commands(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    assert_like_sample("slash_command", (await ben.command("/task done 12 @ben", channel=lobby)).payload)
    direct = await ben.command("/task add Buy milk", channel=ben.direct_channel)
    assert_like_sample("slash_command_direct", direct.payload)
    assert_like_sample("autocomplete", (await ben.suggest("/task done", "task", "1", channel=lobby)).payload)
    await ben.say("Buy milk", lobby)
    said = bot.platform.messages(lobby)[0]
    assert_like_sample("message_command", (await ben.shortcut("Make a task", said)).payload)


async def test_controls_and_modals(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    listed = await (await ben.command("/task list", channel=lobby)).answer()
    assert_like_sample("user_select", (await ben.choose(listed, "Assign", ben.user)).payload)
    assert_like_sample("string_select", (await ben.choose(listed, "Snooze", "3 hours")).payload)
    assert_like_sample("button", (await ben.press(listed, "Done")).payload)
    form = await (await ben.command("/task form", channel=lobby)).view()
    values = {"Title": "tasks", "File": ben.upload("tasks.csv", b"title\n"), "People": ben.user}
    assert_like_sample("modal_submit", (await ben.submit(form, values)).payload)


async def test_events(bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel) -> None:
    await ben.mention("@bot hello", lobby)
    (session,) = discord.gateway.sessions.values()
    events = {event["t"]: event["d"] for event in session.log}
    for name in ("READY", "GUILD_CREATE", "CHANNEL_CREATE", "MESSAGE_CREATE"):
        assert_like_sample(name.lower(), events[name])


def test_every_sample_is_used() -> None:
    used = Path(__file__).read_text().lower()
    assert [path.stem for path in SAMPLES.glob("*.json") if f'"{path.stem}"' not in used] == []
