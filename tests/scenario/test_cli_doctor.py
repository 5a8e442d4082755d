"""`quartermaster doctor` and `manifest slack`."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line_here import CommandLineHere
from tests.support.slack import SlackPlatform
from tests.support.web import Shop


@pytest.fixture
def here(tmp_path: Path) -> CommandLineHere:
    return CommandLineHere(tmp_path, {"QM_PORT": "0"})


@pytest.fixture
async def slack() -> AsyncIterator[SlackPlatform]:
    async with SlackPlatform() as platform:
        yield platform


def with_slack(here: CommandLineHere, slack: SlackPlatform) -> dict[str, str]:
    return {
        **here.settings,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
        "SLACK_API_URL": slack.api_url,
    }


async def test_a_fresh_folder_is_well_and_stays_empty(here: CommandLineHere) -> None:
    ended = await here.run("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("All is well.\n")
    assert [
        part
        for part in ("settings", "data folder", "secret key", "SQLite", "database", "jobs", "address")
        if part not in ended.out
    ] == []
    assert list(here.folder.iterdir()) == []


async def test_platforms_that_are_not_set_up_are_named_with_what_to_do(here: CommandLineHere) -> None:
    ended = await here.run("doctor")
    assert ended.code == 0
    for name in ("Slack", "Discord"):
        assert f"quartermaster manifest {name.lower()}; then set {name.upper()}_BOT_TOKEN" in ended.out


async def test_a_running_product_is_well(here: CommandLineHere) -> None:
    shop = Shop(here.folder)
    await shop.start()
    here.settings = {"QM_DATA_DIR": str(here.folder), "QM_PORT": shop.origin.rpartition(":")[2]}
    ended = await here.run("doctor")
    await shop.stop()
    assert ended.code == 0, ended.out
    assert "answers there already" in ended.out


async def test_wrong_settings_are_all_it_looks_at(here: CommandLineHere) -> None:
    here.settings = {"QM_PORT": "many", "SLACK_BOT_TOKEN": "hush"}
    ended = await here.run("doctor")
    assert ended.code == 1
    assert ended.out.count("BAD") == 2
    assert ".env" in ended.out
    assert "hush" not in ended.out


async def test_what_is_wrong_comes_with_its_fix(here: CommandLineHere) -> None:
    (here.folder / "data").mkdir()
    (here.folder / "data" / "quartermaster.db").write_bytes(b"a shopping list " * 500)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        here.settings["QM_PORT"] = str(taken.getsockname()[1])
        ended = await here.run("doctor")
    assert ended.code == 1
    bad = [line for line in ended.out.splitlines() if line.startswith("BAD")]
    assert len(bad) == 2
    assert ended.out.count("→") >= 2
    assert "2 of these" in ended.out


async def test_slack_s_tokens_and_scopes_are_tried(here: CommandLineHere, slack: SlackPlatform) -> None:
    here.settings = with_slack(here, slack)
    scopes = await needed_scopes(here)
    slack.installation.scopes[:] = scopes
    well = await here.run("doctor")
    assert well.code == 0, well.out
    assert "Acme" in well.out
    slack.installation.scopes.remove("chat:write")
    lacking = await here.run("doctor")
    assert lacking.code == 1
    assert "lacks: chat:write." in lacking.out
    slack.installation.is_revoked = True
    assert (await here.run("doctor")).code == 1
    assert slack.bot_token not in well.out + lacking.out


async def needed_scopes(here: CommandLineHere) -> list[str]:
    manifest = (await here.run("manifest", "slack")).document
    scopes: list[str] = manifest["oauth_config"]["scopes"]["bot"]
    return scopes


async def test_the_manifest_is_one_that_slack_takes(here: CommandLineHere, slack: SlackPlatform) -> None:
    ended = await here.run("manifest", "slack")
    assert (ended.code, ended.err) == (0, "")
    slack.app.use_manifest(ended.document)
    assert {"/task", "/qm", "/user"} <= set(slack.app.commands or ())
    assert ended.document["settings"]["socket_mode_enabled"] is True
    assert list(here.folder.iterdir()) == []


async def test_the_manifest_over_http_names_the_public_address(here: CommandLineHere) -> None:
    ended = await here.run("manifest", "slack", "--url", "https://shop.example/")
    commands: list[dict[str, Any]] = ended.document["features"]["slash_commands"]
    assert {command["url"] for command in commands} == {"https://shop.example/slack/events"}
    assert ended.document["settings"]["socket_mode_enabled"] is False
    refused = await here.run("manifest", "slack", "--no-socket")
    assert (refused.code, refused.out) == (1, "")
    assert "--url" in refused.err


async def test_a_prefix_goes_into_the_manifest(here: CommandLineHere) -> None:
    here.settings["QM_COMMAND_PREFIX"] = "shop-"
    commands = (await here.run("manifest", "slack")).document["features"]["slash_commands"]
    assert "/shop-task" in {command["command"] for command in commands}


async def test_a_manifest_is_printed_alone_and_what_it_lacks_is_said_beside_it(here: CommandLineHere) -> None:
    ended = await here.run("manifest", "discord")
    assert "invite" in ended.document
    assert "--app ID" in ended.err
