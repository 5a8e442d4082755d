"""Jobs in Discord: the message that says that somebody is thinking shows how far one is, and becomes its answer."""

from dataclasses import replace
from pathlib import Path

from tests.support.discord import DiscordPlatform
from tests.support.discord_product import DiscordShop, brisk

SHOWN = "PATCH /webhooks/*"


async def test_a_message_shows_how_far_a_job_is_and_then_what_came_of_it(tmp_path: Path) -> None:
    async with DiscordPlatform() as discord:
        shop = DiscordShop(discord, tmp_path, timings=replace(brisk(), answer=0.05, progress=0.05))
        await shop.start()
        anna = discord.world.user("anna", is_admin=True)
        general = discord.world.channel("general", [anna])
        asked = await discord.person(anna).command("/job run", channel=general, kind="wait", **{"with": "2"})
        assert asked.is_thinking
        failed = await discord.person(anna).command("/job run", channel=general, kind="wait", **{"with": "0"})
        assert "too short" in (await failed.answer()).shown
        answer = await discord.until(
            lambda: next((one for one in discord.messages(general) if "waited" in one.shown), None), what="the answer"
        )
        await shop.stop()
    edits = [str(call.body) for call in discord.calls_of(SHOWN) if call.answer["id"] == answer.id]
    assert ["50%" in edit for edit in edits].count(True) == 1
    assert "waited 2 seconds." in edits[-1]
    assert "waited 2 seconds." in answer.shown
    assert "%" not in answer.shown
