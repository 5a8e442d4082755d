"""Discord tells nobody's time zone: people are asked for it once, over the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.discord import Channel, DiscordPlatform, Message, Person
from tests.support.discord_product import DiscordShop

QUESTION = "Which time zone is yours?"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        yield platform


@pytest.fixture
async def shop(discord: DiscordPlatform, tmp_path: Path) -> AsyncIterator[DiscordShop]:
    opened = DiscordShop(discord, tmp_path)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def anna(discord: DiscordPlatform, shop: DiscordShop) -> Person:
    return discord.person(discord.world.user("anna"))


@pytest.fixture
def general(discord: DiscordPlatform, anna: Person) -> Channel:
    return discord.world.channel("general", [anna.user])


async def _asked(person: Person, channel: Channel, title: str = "Buy milk") -> tuple[Message, Message]:
    exchange = await person.command("/task add", title=title, due="tomorrow 9am", channel=channel)
    answer, question = await exchange.answers(2)
    return answer, question


async def test_whoever_first_gives_a_time_is_asked_alone_and_what_they_choose_is_a_command(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    await (await anna.command("/task add", title="Tea", channel=general)).answer()
    assert discord.ephemerals(anna.user) == []
    answer, question = await _asked(anna, general)
    assert "(Europe/Amsterdam)" in answer.shown
    assert (answer.is_ephemeral, question.is_ephemeral) == (False, True)
    assert QUESTION in question.shown
    assert "times that you say are those of **Europe/Amsterdam**" in question.shown
    assert question.labels == ["Keep Europe/Amsterdam", "Your time zone"]
    [follow_up] = [call for call in discord.calls_of("POST /webhooks/*") if QUESTION in str(call.body)]
    assert follow_up.body["flags"] & 64
    chosen = await (await anna.choose(question, "Your time zone", "Asia/Tokyo (UTC+9)")).answer()
    assert chosen is question
    assert "Your time zone is now **Asia/Tokyo**" in chosen.shown
    assert "(Asia/Tokyo)" in (await (await anna.command("/task add Cake due:fri 9am", channel=general)).answer()).shown
    assert discord.ephemerals(anna.user) == [question]
    undone = await (await anna.press(chosen, "Undo")).answer()
    assert "your time zone is that of the workspace again" in undone.shown


async def test_nobody_is_asked_twice_whatever_they_did_and_however_often_it_was_started(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    _, question = await _asked(anna, general)
    kept = await (await anna.press(question, "Keep Europe/Amsterdam")).answer()
    assert kept is question
    assert "Your time zone already is **Europe/Amsterdam**." in kept.shown
    ben = discord.person(discord.world.user("ben"))
    general.members.append(ben.user)
    await _asked(ben, general)
    await shop.stop()
    await shop.start()
    for person in (anna, ben):
        await (await person.command("/task add Cake due:fri 9am", channel=general)).answer()
        again = await (await person.command("/user quiet 20:00-8:00", channel=general)).answer()
        assert "Your quiet hours are now" in again.shown
        assert len([one for one in discord.ephemerals(person.user) if QUESTION in one.shown]) == (person is ben)
