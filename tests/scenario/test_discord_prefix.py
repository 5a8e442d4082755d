"""A command set with a prefix, beside other apps that use the same names, on Discord over the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.discord import Channel, DiscordPlatform, NotAcceptedError, Person
from tests.support.discord_product import DiscordShop


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        shop = DiscordShop(platform, tmp_path, prefix="acme-")
        await shop.start()
        yield platform
        await shop.stop()


@pytest.fixture
def anna(discord: DiscordPlatform) -> Person:
    return discord.person(discord.world.user("anna"))


@pytest.fixture
def general(discord: DiscordPlatform, anna: Person) -> Channel:
    return discord.world.channel("general", [anna.user])


async def test_every_command_has_the_prefix_and_the_bare_names_stay_free(anna: Person, general: Channel) -> None:
    offered = anna.commands(general)
    assert {"acme-task add", "acme-qm help", "acme-user whoami"} <= set(offered)
    assert all(name.startswith("acme-") for name in offered)
    with pytest.raises(NotAcceptedError):
        await anna.command("/task add Buy milk", channel=general)


async def test_commands_buttons_selects_and_forms_work_under_it(anna: Person, general: Channel) -> None:
    added = await (await anna.command("/acme-task add", title="Buy milk", channel=general)).answer()
    assert "added #1" in added.shown
    done = await (await anna.press(added, "Done")).answer()
    assert "completed #1" in done.shown
    undone = await (await anna.press(done, "Undo")).answer()
    assert undone is done
    for title in ("Sweep", "Mop"):
        await (await anna.command("/acme-task add", title=title, channel=general)).answer()
    listed = await (await anna.command("/acme-task list", channel=general)).answer()
    renewed, told = await (await anna.choose(listed, "Done: which one?", "#2 Sweep")).answers(2)
    assert renewed is listed
    assert "completed #2" in told.shown
    asked = await anna.command("/acme-task add", channel=general)
    await anna.submit(await asked.view(), {"Title": "Dust"})
    assert "added #4" in (await asked.answer()).shown


async def test_suggestions_come_under_it(anna: Person, general: Channel) -> None:
    await (await anna.command("/acme-task add", title="Buy milk", channel=general)).answer()
    tasks = await anna.suggest("/acme-task done", "task", "Bu", channel=general)
    assert [option["value"] for option in tasks.options] == ["1"]
    dues = await anna.suggest("/acme-task due", "due", "tom", channel=general)
    assert "tomorrow" in [option["value"] for option in dues.options]


async def test_help_names_the_commands_as_they_are_typed_here(anna: Person, general: Channel) -> None:
    shown = await (await anna.command("/acme-qm help", channel=general)).answer()
    assert "/acme-task" in shown.shown
    assert "/task" not in shown.shown


async def test_what_is_said_to_the_app_needs_no_prefix_and_may_have_it(anna: Person, general: Channel) -> None:
    for number, line in enumerate(("task add Bare", "/acme-task add With it", "acme-task add Without a slash"), 1):
        answer = await (await anna.mention(f"@bot {line}", general)).answer()
        assert f"added #{number}" in answer.shown


async def test_the_menu_of_a_message_makes_a_task(anna: Person, general: Channel) -> None:
    await anna.say("Fix the door", general)
    used = await anna.shortcut("Make a task", general.messages[-1])
    await anna.submit(await used.view(), {})
    assert "added #1" in (await used.answer()).shown
