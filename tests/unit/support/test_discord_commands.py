"""Registering commands with the local Discord: its limits, and that one bad command spoils all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.discord import Channel, DiscordPlatform, Person
from tests.support.discord.by_hand import Api, problems

Json = dict[str, Any]


def command(name: str = "task", **more: Any) -> Json:
    return {"name": name, "description": "Tasks", **more}


def option(name: str = "title", kind: int = 3, **more: Any) -> Json:
    return {"name": name, "description": "What", "type": kind, **more}


SUB = {"name": "add", "description": "Add", "type": 1}
COMMANDS: dict[str, tuple[Json, dict[str, str]]] = {
    "upper case": (command("Task"), {"0.name": "APPLICATION_COMMAND_INVALID_NAME"}),
    "space": (command("a task"), {"0.name": "STRING_TYPE_REGEX"}),
    "no description": ({"name": "task"}, {"0.description": "BASE_TYPE_REQUIRED"}),
    "long description": (command(description="x" * 101), {"0.description": "BASE_TYPE_BAD_LENGTH"}),
    "26 options": (command(options=[option(f"o{n}") for n in range(26)]), {"0.options": "BASE_TYPE_MAX_LENGTH"}),
    "26 choices": (
        command(options=[option(choices=[{"name": str(n), "value": str(n)} for n in range(26)])]),
        {"0.options.0.choices": "BASE_TYPE_MAX_LENGTH"},
    ),
    "long choice": (
        command(options=[option(choices=[{"name": "a", "value": "x" * 101}])]),
        {"0.options.0.choices.0.value": "BASE_TYPE_BAD_LENGTH"},
    ),
    "required last": (
        command(options=[option("a"), option("b", required=True)]),
        {"0.options.1": "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
    ),
    "same option": (
        command(options=[option("a"), option("a")]),
        {"0.options.1": "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"},
    ),
    "mixed": (command(options=[SUB, option()]), {"0.options": "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"}),
    "choices and completion": (
        command(options=[option(autocomplete=True, choices=[{"name": "a", "value": "a"}])]),
        {"0.options.0.autocomplete": "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID_AUTOCOMPLETE"},
    ),
    "too large": (
        command(
            options=[
                {**SUB, "name": f"s{n}", "options": [option(f"o{m}", description="x" * 90) for m in range(8)]}
                for n in range(12)
            ]
        ),
        {"0": "APPLICATION_COMMAND_TOO_LARGE"},
    ),
    "description in a menu": (
        {"name": "Make a task", "type": 3, "description": "x"},
        {"0.description": "APPLICATION_COMMAND_DESCRIPTION_INVALID"},
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
async def test_one_bad_command_and_none_is_registered(discord: DiscordPlatform, api: Api, name: str) -> None:
    body, expected = COMMANDS[name]
    path = f"/applications/{discord.app.id}/commands"
    assert (await api("PUT", path, [command("known")]))[0] == 200
    status, answer = await api("PUT", path, [body, command("new")])
    assert (status, problems(answer)) == (400, expected)
    assert [one["name"] for one in discord.commands.of("global")] == ["known"]


async def test_one_command_too_many_and_none_is_registered(discord: DiscordPlatform, api: Api) -> None:
    path = f"/applications/{discord.app.id}/commands"
    assert (await api("PUT", path, [command(f"c{n}") for n in range(100)]))[0] == 200
    status, answer = await api("PUT", path, [command(f"d{n}") for n in range(101)])
    assert (status, answer["code"]) == (400, 30032)
    status, answer = await api("PUT", path, [command(f"d{n}") for n in range(131)])
    assert (status, problems(answer)) == (400, {"": "BASE_TYPE_MAX_LENGTH"})
    assert (await api("POST", path, command("one-more")))[1]["code"] == 30032
    assert len((await api("GET", path))[1]) == 100
    assert discord.commands.overwrites == 1


async def test_a_command_registered_again_keeps_its_id_and_a_guilds_own_comes_first(
    discord: DiscordPlatform, api: Api, ben: Person, lobby: Channel
) -> None:
    path = f"/applications/{discord.app.id}"
    first = (await api("PUT", f"{path}/commands", [command()]))[1][0]["id"]
    assert (await api("PUT", f"{path}/commands", [command(description="Other")]))[1][0]["id"] == first
    assert (await api("POST", f"{path}/commands", command()))[0] == 200
    await api("PUT", f"{path}/guilds/{lobby.guild.id}/commands", [command(options=[SUB])])
    assert ben.commands(lobby) == ["task add"]
    assert ben.commands(ben.direct_channel) == ["task"]
    assert (await api("DELETE", f"{path}/commands/{first}"))[0] == 204
    assert (await api("GET", f"{path}/commands/{first}"))[1]["code"] == 10063
