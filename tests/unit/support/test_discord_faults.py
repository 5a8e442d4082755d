"""What the real SDK makes of limits, errors, hangs and cut connections: what an adapter has to expect of it."""

from __future__ import annotations

import asyncio

import aiohttp
import discord as sdk
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.support.discord import Channel, DiscordPlatform, Permission, Person
from tests.support.discord.sample_app import SampleApp

POST = "POST /channels/{channel}/messages"


def _place(bot: SampleApp, lobby: Channel) -> sdk.PartialMessageable:
    return bot.get_partial_messageable(int(lobby.id))


async def test_an_exhausted_bucket_is_waited_out_without_a_429(
    bot: SampleApp, discord: DiscordPlatform, lobby: Channel
) -> None:
    discord.limits.set(POST, 2, 0.3)
    await asyncio.gather(*(_place(bot, lobby).send(str(n)) for n in range(5)))
    assert len(discord.messages(lobby)) == 5
    assert {call.status for call in discord.calls_of(POST)} == {200}


async def test_a_429_is_repeated_by_the_library(bot: SampleApp, discord: DiscordPlatform, lobby: Channel) -> None:
    limited = discord.faults.add(POST, status=429, retry_after=0.05, times=2)
    await _place(bot, lobby).send("once")
    globally = discord.faults.add(POST, status=429, retry_after=0.05, is_global=True)
    await _place(bot, lobby).send("twice")
    assert (limited.hits, globally.hits, len(discord.invalid_calls)) == (2, 1, 3)
    assert [message.text for message in discord.messages(lobby)] == ["once", "twice"]


async def test_a_message_repeated_after_a_5xx_is_posted_once_for_its_nonce(
    bot: SampleApp, discord: DiscordPlatform, lobby: Channel
) -> None:
    discord.faults.add(POST, status=502, after_effect=True)
    await _place(bot, lobby).send("once")  # the library makes a nonce where none is given
    first, second = (call.form["nonce"] for call in discord.calls_of(POST))
    assert first == second
    assert [message.text for message in discord.messages(lobby)] == ["once"]


async def test_a_follow_up_repeated_after_a_5xx_is_posted_twice(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    await ben.command("/task add Buy milk", channel=lobby)
    discord.faults.add("POST /webhooks/*", status=503, after_effect=True)
    await bot.seen[-1].followup.send("more")
    assert [message.text for message in discord.messages(lobby)][1:] == ["more", "more"]


async def test_503_and_a_cut_connection_are_passed_on_at_once(
    bot: SampleApp, discord: DiscordPlatform, lobby: Channel
) -> None:
    discord.faults.add(POST, status=503)
    with pytest.raises(sdk.DiscordServerError):
        await _place(bot, lobby).send("never")
    discord.faults.drop(POST)
    with pytest.raises(aiohttp.ClientError):
        await _place(bot, lobby).send("who knows")
    assert [message.text for message in discord.messages(lobby)] == ["who knows"]


async def test_a_hang_lasts_as_long_as_the_caller_lets_it(
    bot: SampleApp, discord: DiscordPlatform, lobby: Channel
) -> None:
    hanging = discord.faults.hang(POST)
    sending = asyncio.create_task(_place(bot, lobby).send("late"))
    await hanging.reached.wait()
    assert not sending.done()
    hanging.release()
    await sending
    assert [message.text for message in discord.messages(lobby)] == ["late"]


async def test_a_first_response_that_is_repeated_after_its_effect_is_refused_and_yet_seen(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    discord.faults.add("POST /interactions/*", status=502, after_effect=True)
    exchange = await ben.command("/task add Buy milk", channel=lobby)
    assert (await exchange.answer()).text == "added Buy milk, due None"
    callback = "POST /interactions/*"
    await discord.until(lambda: [call.status for call in discord.calls_of(callback)] == [502, 400])
    assert discord.calls_of(callback)[1].answer["code"] == 40060


async def test_a_download_may_fail(bot: SampleApp, discord: DiscordPlatform, ben: Person) -> None:
    file = ben.upload("a.csv", b"x")
    discord.faults.add("GET /cdn", status=404)
    url = file.public(discord.url)["url"]
    with pytest.raises(sdk.NotFound):
        await bot.http.get_from_cdn(url)
    assert await bot.http.get_from_cdn(url) == b"x"


async def test_withdrawn_permissions_and_vanished_channels_have_their_errors(
    bot: SampleApp, discord: DiscordPlatform, lobby: Channel
) -> None:
    sent = await _place(bot, lobby).send("board")
    discord.changes.set_permissions(lobby, discord.world.bot, deny=Permission.VIEW_CHANNEL)
    with pytest.raises(sdk.Forbidden, match="50001"):
        await sent.edit(content="changed")
    discord.changes.delete_channel(lobby)
    with pytest.raises(sdk.NotFound, match="10003"):
        await sent.edit(content="changed")


async def test_a_wrong_token_is_a_login_failure(discord: DiscordPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", discord.api_url)
    client = sdk.Client(intents=sdk.Intents.none())
    with pytest.raises(sdk.LoginFailure):
        await client.login("wrong")
    await client.close()


async def test_an_intent_that_is_not_switched_on_ends_the_client(
    discord: DiscordPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", discord.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(discord.gateway_url))
    discord.app.privileged = 0
    client = sdk.Client(intents=sdk.Intents(message_content=True))
    await client.login(discord.bot_token)
    with pytest.raises(sdk.PrivilegedIntentsRequired):
        await client.connect()
    await client.close()
