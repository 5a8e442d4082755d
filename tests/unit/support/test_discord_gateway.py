"""The gateway's life with the real SDK: resuming, replays, invalid sessions, refused clients."""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

import aiohttp
import discord as sdk
import pytest

from tests.support.discord import Channel, DiscordPlatform, Permission, Person
from tests.support.discord.gateway import MESSAGE_CONTENT, Session
from tests.support.discord.sample_app import SampleApp


def _only(discord: DiscordPlatform) -> Session:
    (session,) = discord.gateway.sessions.values()
    return session


async def test_a_cut_connection_is_resumed_and_what_was_missed_is_replayed(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    session = _only(discord)
    discord.gateway.cut()
    await discord.until(lambda: not discord.gateway.is_connected)
    exchange = await ben.command("/task add Buy milk", channel=lobby)
    assert (await exchange.answer()).text == "added Buy milk, due None"
    assert _only(discord) is session
    assert [(one["session_id"]) for one in discord.gateway.resumed] == [session.id]
    await discord.until(lambda: "RESUMED" in bot.events)
    assert bot.events.index("INTERACTION_CREATE") < bot.events.index("RESUMED")
    assert bot.events.count("READY") == 1


async def test_a_client_asked_to_reconnect_resumes_its_session(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    discord.gateway.ask_to_reconnect()
    await discord.until(lambda: "RESUMED" in bot.events)
    await discord.until(lambda: discord.gateway.close_codes == [4000])
    assert (await (await ben.command("/task list", channel=lobby)).answer()).text == "tasks"


async def test_an_invalid_session_starts_anew_unless_it_is_resumable(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    discord.gateway.invalidate(resumable=True)
    await discord.until(lambda: "RESUMED" in bot.events)
    assert len(discord.gateway.identified) == 1
    before = _only(discord)
    discord.gateway.invalidate()
    await discord.until(lambda: bot.events.count("READY") == 2)
    assert _only(discord) is not before
    assert (await (await ben.command("/task list", channel=lobby)).answer()).text == "tasks"


async def test_a_forgotten_session_is_refused_and_begun_anew(bot: SampleApp, discord: DiscordPlatform) -> None:
    discord.gateway.disconnect(4009, forget=True)
    await discord.until(lambda: bot.events.count("READY") == 2)
    assert len(discord.gateway.resumed) == 1
    assert len(discord.gateway.identified) == 2


async def test_an_event_sent_again_reaches_the_app_again_and_its_answer_is_refused(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    exchange = await ben.command("/task list", channel=lobby)
    discord.gateway.repeat("INTERACTION_CREATE", 2)
    await exchange.delivery.repeat()
    await discord.until(lambda: len(bot.seen) == 4)
    assert {interaction.id for interaction in bot.seen} == {bot.seen[0].id}
    expected = [200, 400, 400, 400]
    await discord.until(lambda: [call.status for call in discord.calls_of("POST /interactions/*")] == expected)
    assert len(discord.messages(lobby)) == 1


async def test_events_can_be_kept_back_and_lost(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    discord.gateway.hold()
    asking = asyncio.create_task(ben.command("/task list", channel=lobby))
    await discord.until(lambda: discord.gateway.is_holding)
    assert bot.seen == []
    discord.gateway.release()
    assert (await asking).status == 200
    discord.ack_seconds = 0.05
    discord.gateway.lose()
    assert (await ben.command("/task list", channel=lobby)).error_shown == "The application did not respond"
    assert len(bot.seen) == 1


async def test_without_any_session_the_app_does_not_respond(
    discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    discord.commands.put("global", {"name": "ping", "description": "Ping"})
    assert (await ben.command("/ping", channel=lobby)).error_shown == "The application did not respond"


async def test_channels_roles_and_members_that_change_are_told(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    guild = bot.get_guild(int(lobby.guild.id))
    assert guild is not None
    await discord.until(lambda: guild.get_channel(int(lobby.id)))
    role = discord.world.role("managers", Permission.MANAGE_MESSAGES)
    await discord.until(lambda: guild.get_role(int(role.id)))
    discord.changes.give_role(ben.user, role)
    assert lobby.allowed(ben.user) & Permission.MANAGE_MESSAGES
    discord.changes.set_role(role, Permission(0))
    assert not lobby.allowed(ben.user) & Permission.MANAGE_MESSAGES
    discord.changes.delete_channel(lobby)
    await discord.until(lambda: "CHANNEL_DELETE" in bot.events)
    assert guild.get_channel(int(lobby.id)) is None
    with pytest.raises(sdk.NotFound, match="10003"):
        await bot.fetch_channel(int(lobby.id))
    discord.changes.uninstall(lobby.guild)
    await discord.until(lambda: "GUILD_DELETE" in bot.events)
    with pytest.raises(sdk.Forbidden, match="50001"):
        await bot.fetch_guild(int(lobby.guild.id))


async def test_a_deleted_message_is_told_and_gone(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    listed = await (await ben.command("/task list", channel=lobby)).answer()
    discord.changes.give_role(ben.user, discord.world.role("mods", Permission.MANAGE_MESSAGES))
    ben.delete(listed)
    await discord.until(lambda: "MESSAGE_DELETE" in bot.events)
    with pytest.raises(sdk.NotFound, match="10008"):
        await bot.http.get_message(int(lobby.id), int(listed.id))


async def test_content_is_hidden_without_its_intent_except_where_the_app_is_named(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    await ben.say("secret", lobby)
    await ben.mention("@bot open", lobby)
    said = [event["d"]["content"] for event in _only(discord).log if event["t"] == "MESSAGE_CREATE"]
    assert said[0] == ""
    assert "open" in said[1]
    _only(discord).intents |= MESSAGE_CONTENT
    await ben.say("told", lobby)
    assert _only(discord).log[-1]["d"]["content"] == "told"


async def test_a_wrong_token_and_intents_that_are_not_switched_on_end_the_client(
    discord: DiscordPlatform, session: aiohttp.ClientSession
) -> None:
    discord.app.privileged = 0
    codes = []
    for token, intents in (("wrong", 1), (discord.bot_token, MESSAGE_CONTENT)):
        async with session.ws_connect(discord.gateway_url) as socket:
            assert (await socket.receive_json())["op"] == 10
            await socket.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})
            await socket.receive()
            codes.append(socket.close_code)
    assert codes == [4004, 4014]


async def test_heartbeats_are_answered_and_compression_is_one_stream(
    discord: DiscordPlatform, session: aiohttp.ClientSession
) -> None:
    packed = zlib.decompressobj()
    async with session.ws_connect(f"{discord.gateway_url}?v=10&encoding=json&compress=zlib-stream") as socket:
        hello = packed.decompress(await socket.receive_bytes())
        assert b"heartbeat_interval" in hello
        await socket.send_json({"op": 1, "d": None})
        assert b'"op": 11' in packed.decompress(await socket.receive_bytes())
        await socket.send_str("no json")
        await socket.receive()
        assert socket.close_code == 4002
    assert discord.gateway.heartbeats == 1


async def test_a_gateway_that_can_not_be_opened_is_tried_again(
    bot: SampleApp, discord: DiscordPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", _at_once)
    refused = discord.faults.add("GET /ws", status=502, times=2)
    discord.gateway.cut()
    await discord.until(lambda: "RESUMED" in bot.events)
    assert refused.hits == 2


def _at_once(_self: Any) -> float:
    return 0.0
