"""`quartermaster doctor`, `manifest discord`, and settings that stop the start."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.command_line_here import CommandLineHere
from tests.support.discord import DiscordPlatform, Permission


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path, {"QM_PORT": "0"})


@pytest.fixture
def here(tmp_path: Path) -> CommandLineHere:
    return CommandLineHere(tmp_path, {"QM_PORT": "0"})


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        yield platform


async def test_the_manifest_has_the_invitation_of_the_token_s_application(here: CommandLineHere) -> None:
    here.settings["DISCORD_BOT_TOKEN"] = "OTAwMDAwMDAw.local.bot-token"
    ended = await here.run("manifest", "discord")
    assert (ended.code, ended.err) == (0, "")
    assert "client_id=900000000&" in ended.document["invite"]
    assert ended.document["privileged_intents"] == []
    assert {"task", "qm", "user"} <= {command["name"] for command in ended.document["commands"]}
    assert list(here.folder.iterdir()) == []
    named = await here.run("manifest", "discord", "--app", "42")
    assert "client_id=42&" in named.document["invite"]
    assert (await here.run("manifest", "discord", "--app", "forty-two")).code == 1


async def test_the_token_and_what_the_server_granted_are_tried(here: CommandLineHere, discord: DiscordPlatform) -> None:
    here.settings |= {
        "DISCORD_BOT_TOKEN": discord.bot_token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "QM_PORT": "0",
    }
    well = await here.run("doctor")
    assert well.code == 0, well.out
    assert "with every permission it needs" in well.out
    assert "can be given to everybody in a role" in well.out
    discord.app.privileged = 0
    without = await here.run("doctor")
    assert without.code == 0
    assert "Server Members Intent" in without.out
    everybody = discord.world.home.everyone
    everybody.permissions &= ~Permission.ATTACH_FILES
    lacking = await here.run("doctor")
    assert "may not: Attach Files." in lacking.out
    assert "https://discord.com/oauth2/authorize?" in lacking.out
    here.settings["DISCORD_BOT_TOKEN"] = "a.wrong.token"
    refused = await here.run("doctor")
    assert refused.code == 1
    assert "does not accept it" in refused.out
    assert discord.bot_token not in well.out + lacking.out + refused.out


async def test_one_address_alone_and_a_token_of_another_kind_stop_the_start(
    shell: CommandLine, here: CommandLineHere
) -> None:
    shell.settings |= {"DISCORD_BOT_TOKEN": "a.b.c", "DISCORD_API_URL": "http://127.0.0.1:9/api"}
    refused = await shell.run("serve")
    assert refused.code == 1
    assert "DISCORD_GATEWAY_URL" in refused.err
    here.settings = {**shell.settings, "DISCORD_BOT_TOKEN": "hush"}
    wrong = await here.run("exec", "/task list")
    assert wrong.code == 1
    assert "DISCORD_BOT_TOKEN" in wrong.err
    assert "hush" not in wrong.err


async def test_without_an_id_the_manifest_says_how_to_get_it(tmp_path: Path) -> None:
    ended = await CommandLineHere(tmp_path).run("manifest", "discord")
    assert ended.code == 0
    assert "YOUR-APPLICATION-ID" in json.loads(ended.out)["invite"]
    assert "https://discord.com/developers/applications" in ended.err
    assert "--app" in ended.err
    assert (await CommandLineHere(tmp_path).run("manifest", "discord", "--app", "42")).err == ""
