"""`quartermaster doctor` and `manifest discord`, as processes of their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.discord import DiscordPlatform, Permission


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path, {"QM_PORT": "0"})


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        yield platform


async def test_the_manifest_has_the_invitation_of_the_token_s_application(shell: CommandLine) -> None:
    shell.settings["DISCORD_BOT_TOKEN"] = "OTAwMDAwMDAw.local.bot-token"
    ended = await shell.run("manifest", "discord")
    assert (ended.code, ended.err) == (0, "")
    assert "client_id=900000000&" in ended.document["invite"]
    assert ended.document["privileged_intents"] == []
    assert {"task", "qm", "user"} <= {command["name"] for command in ended.document["commands"]}
    assert list(shell.folder.iterdir()) == []
    named = await shell.run("manifest", "discord", "--app", "42")
    assert "client_id=42&" in named.document["invite"]
    assert (await shell.run("manifest", "discord", "--app", "forty-two")).code == 1


async def test_the_token_and_what_the_server_granted_are_tried(shell: CommandLine, discord: DiscordPlatform) -> None:
    shell.settings |= {
        "DISCORD_BOT_TOKEN": discord.bot_token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "QM_PORT": "0",
    }
    well = await shell.run("doctor")
    assert well.code == 0, well.out
    assert "with every permission it needs" in well.out
    assert "can be given to everybody in a role" in well.out
    discord.app.privileged = 0
    without = await shell.run("doctor")
    assert without.code == 0
    assert "Server Members Intent" in without.out
    everybody = discord.world.home.everyone
    everybody.permissions &= ~Permission.ATTACH_FILES
    lacking = await shell.run("doctor")
    assert "may not: Attach Files." in lacking.out
    assert "https://discord.com/oauth2/authorize?" in lacking.out
    shell.settings["DISCORD_BOT_TOKEN"] = "a.wrong.token"
    refused = await shell.run("doctor")
    assert refused.code == 1
    assert "does not accept it" in refused.out
    assert discord.bot_token not in well.out + lacking.out + refused.out


async def test_one_address_alone_and_a_token_of_another_kind_stop_the_start(shell: CommandLine) -> None:
    shell.settings |= {"DISCORD_BOT_TOKEN": "a.b.c", "DISCORD_API_URL": "http://127.0.0.1:9/api"}
    refused = await shell.run("serve")
    assert refused.code == 1
    assert "DISCORD_GATEWAY_URL" in refused.err
    shell.settings = {**shell.settings, "DISCORD_BOT_TOKEN": "hush"}
    wrong = await shell.run("serve")
    assert "DISCORD_BOT_TOKEN" in wrong.err
    assert "hush" not in wrong.err
