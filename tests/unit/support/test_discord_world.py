"""What else happens in a server: members and roles that come and go, rich messages, files, moderation."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import discord as sdk
import pytest

from tests.support.discord import Channel, DiscordPlatform, NotAcceptedError, NotShownError, Permission, Person
from tests.support.discord.by_hand import Api, button, problems, row
from tests.support.discord.sample_app import SampleApp


async def test_members_and_roles_come_and_go(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    role = discord.world.role("managers", Permission.MANAGE_MESSAGES)
    discord.changes.give_role(ben.user, role)
    discord.changes.take_role(ben.user, role)
    discord.changes.give_role(ben.user, role)
    discord.changes.delete_role(role)
    assert not lobby.allowed(ben.user) & Permission.MANAGE_MESSAGES
    carl = discord.world.user("carl", is_owner=True, nick="Carlo")
    assert lobby.allowed(carl) & Permission.ADMINISTRATOR
    discord.changes.leave(carl)
    discord.changes.lose_guild(lobby.guild)
    discord.changes.uninstall(lobby.guild)
    discord.changes.install(lobby.guild)
    await discord.until(lambda: bot.events.count("GUILD_CREATE") == 2)
    assert bot.events.count("GUILD_DELETE") == 2
    assert "GUILD_ROLE_DELETE" in bot.events
    other = discord.world.guild("Branch")
    assert (await bot.fetch_guild(int(other.id))).name == "Branch"


async def test_a_session_answers_when_asked_for_a_sign_of_life(bot: SampleApp, discord: DiscordPlatform) -> None:
    before = discord.gateway.heartbeats
    discord.gateway.ask_for_heartbeat()
    await discord.until(lambda: discord.gateway.heartbeats > before)


async def test_members_can_be_asked_for_through_the_gateway(
    bot: SampleApp, discord: DiscordPlatform, ben: Person
) -> None:
    guild = bot.get_guild(int(discord.world.home.id))
    assert guild is not None
    found = await guild.query_members(user_ids=[int(ben.user.id)])
    assert [member.name for member in found] == ["ben"]


async def test_thinking_ends_with_the_token(bot: SampleApp, discord: DiscordPlatform, ben: Person) -> None:
    lobby = discord.world.channel("lobby", [ben.user])
    exchange = await ben.command("/task later", channel=lobby)
    assert exchange.is_thinking
    discord.clock.advance(16 * 60)
    assert not exchange.is_thinking


async def test_controls_are_found_in_the_latest_answer_of_an_exchange(
    bot: SampleApp, ben: Person, lobby: Channel
) -> None:
    exchange = await ben.command("/task list", channel=lobby)
    chosen = await ben.choose(exchange, "Snooze", "3 hours")
    assert (await chosen.answer()).is_ephemeral
    assert (await (await ben.press(exchange, "Done")).answer()).text == "done 12"
    with pytest.raises(NotShownError):
        await ben.press(exchange, "Done")


async def test_a_closed_modal_can_not_be_submitted(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    form = await (await ben.command("/task form", channel=lobby)).view()
    assert "A CSV" in form.shown
    await ben.close(form)
    with pytest.raises(NotShownError):
        await ben.submit(form, {"Title": "x"})
    first = await (await ben.command("/task form", channel=lobby)).view()
    second = await (await ben.command("/task form", channel=lobby)).view()
    assert (first.is_open, second.is_open) == (False, True)
    with pytest.raises(NotAcceptedError):
        ben.fill(second, {"File": "tasks.csv"})


async def test_embeds_and_their_files_are_shown(bot: SampleApp, discord: DiscordPlatform, lobby: Channel) -> None:
    embed = sdk.Embed(title="Sales", description="this week").add_field(name="Tea", value="12")
    embed.set_footer(text="in EUR").set_author(name="Shop").set_image(url="attachment://chart.png")
    file = sdk.File(__file__, filename="chart.png", description="a chart")
    await bot.get_partial_messageable(int(lobby.id)).send("Report", embed=embed, file=file)
    (message,) = discord.messages(lobby)
    assert message.shown.split("\n") == ["Report", "Shop", "Sales", "this week", "Tea", "12", "in EUR"]
    assert message.embeds[0]["image"]["url"] == message.files[0]["url"]
    assert message.files[0]["description"] == "a chart"
    discord.changes.set_permissions(lobby, discord.world.bot, deny=Permission.EMBED_LINKS | Permission.ATTACH_FILES)
    await bot.get_partial_messageable(int(lobby.id)).send("Report", embed=embed)
    assert discord.messages(lobby)[-1].embeds == []
    with pytest.raises(sdk.Forbidden, match="50013"):
        await bot.get_partial_messageable(int(lobby.id)).send("Report", file=sdk.File(__file__))


async def test_newer_components_are_shown_and_work(
    discord: DiscordPlatform, api: Api, ben: Person, lobby: Channel
) -> None:
    section = {"type": 9, "components": [{"type": 10, "content": "# Tasks"}], "accessory": button(1)}
    container = {"type": 17, "accent_color": 255, "components": [section, {"type": 14}, row(button(2))]}
    path = f"/channels/{lobby.id}/messages"
    assert (await api("POST", path, {"flags": 1 << 15, "components": [container]}))[0] == 200
    (message,) = discord.messages(lobby)
    assert (message.shown, message.labels) == ("# Tasks", ["Button 1", "Button 2"])
    ids = [component["id"] for component in message.components[0]["components"]]
    assert len(set(ids)) == 3
    assert (await ben.press(message, "Button 2")).error_shown == "This interaction failed"
    link = row({"type": 2, "style": 5, "label": "Open", "url": "https://a.example"}, button(3, disabled=True))
    await api("PATCH", f"{path}/{message.id}", {"components": [link]})
    for name in ("Open", "Button 3"):
        with pytest.raises(NotAcceptedError):
            await ben.press(message, name)


BAD_BUTTONS: list[tuple[dict[str, Any], str]] = [
    ({"type": 2, "style": 5, "label": "x", "url": "https://a.example", "custom_id": "b"}, "custom_id"),
    ({"type": 2, "style": 1, "label": "x"}, "custom_id"),
    ({"type": 2, "style": 9, "label": "x", "custom_id": "b"}, "style"),
    ({"type": 2, "style": 1, "custom_id": "b"}, ""),
]


@pytest.mark.parametrize(("bad", "where"), BAD_BUTTONS)
async def test_a_button_has_what_its_style_needs(api: Api, lobby: Channel, bad: dict[str, Any], where: str) -> None:
    _, answer = await api("POST", f"/channels/{lobby.id}/messages", {"components": [row(bad)]})
    assert list(problems(answer)) == [f"components.0.components.0.{where}".removesuffix(".")]


async def test_a_file_is_kept_or_replaced_when_its_message_is_edited(
    discord: DiscordPlatform, api: Api, lobby: Channel
) -> None:
    path = f"/channels/{lobby.id}/messages"
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"content": "two"}))
    for index in range(2):
        form.add_field(f"files[{index}]", b"x", filename=f"{index}.txt")
    sent = (await api("POST", path, data=form))[1]
    await api("PATCH", f"{path}/{sent['id']}", {"content": "still two"})
    await api("PATCH", f"{path}/{sent['id']}", {"attachments": [{"id": sent["attachments"][1]["id"]}]})
    (message,) = discord.messages(lobby)
    assert [file["filename"] for file in message.files] == ["1.txt"]
    assert [len(revision["attachments"]) for revision in message.revisions] == [2, 2]


async def test_moderators_delete_many_and_answers_to_deleted_messages_are_refused(
    discord: DiscordPlatform, api: Api, lobby: Channel
) -> None:
    path = f"/channels/{lobby.id}/messages"
    ids = [(await api("POST", path, {"content": str(n)}))[1]["id"] for n in range(3)]
    reply = {"content": "re", "message_reference": {"message_id": ids[2]}}
    assert (await api("POST", path, reply))[1]["type"] == 19
    assert (await api("POST", f"{path}/bulk-delete", {"messages": ids}))[1]["code"] == 50013
    discord.changes.set_permissions(lobby, discord.world.bot, allow=Permission.MANAGE_MESSAGES)
    assert (await api("POST", f"{path}/bulk-delete", {"messages": ids}))[0] == 204
    assert problems((await api("POST", path, reply))[1]) == {"message_reference": "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"}
    assert (await api("POST", f"/channels/{lobby.id}/typing"))[0] == 204
    assert (await api("DELETE", f"/channels/{lobby.id}"))[1]["code"] == 50013


async def test_a_reply_calls_whom_it_answers_unless_told_otherwise_and_needs_the_history(
    discord: DiscordPlatform, api: Api, ben: Person, lobby: Channel
) -> None:
    path = f"/channels/{lobby.id}/messages"
    await ben.say("question", lobby)
    asked = lobby.messages[-1]
    reference = {"message_reference": {"message_id": asked.id, "fail_if_not_exists": False}}
    variants: tuple[dict[str, Any], ...] = (
        {},
        {"allowed_mentions": {"parse": []}},
        {"allowed_mentions": {"replied_user": True}},
    )
    for quiet in variants:
        await api("POST", path, {"content": "re", **reference, **quiet})
    assert [message.pinged for message in lobby.messages[1:]] == [{ben.user.id}, set(), {ben.user.id}]
    await ben.reply("thanks", lobby.messages[-1])
    assert lobby.messages[-1].data["mentions"][0]["id"] == discord.app.id
    ben.delete(asked)
    alone = (await api("POST", path, {"content": "re", **reference}))[1]
    assert (alone["type"], "message_reference" in alone) == (0, False)
    discord.changes.set_permissions(lobby, discord.world.bot, deny=Permission.READ_MESSAGE_HISTORY)
    assert (await api("POST", path, {"content": "re", **reference}))[1]["code"] == 160002


async def test_a_gateway_that_hangs_or_breaks_while_opening(
    discord: DiscordPlatform, session: aiohttp.ClientSession
) -> None:
    # More than once, since aiohttp repeats a GET whose connection broke.
    discord.faults.drop("GET /ws", after_effect=False, times=None)
    with pytest.raises(aiohttp.ClientError):
        await session.ws_connect(discord.gateway_url)
    discord.faults.clear()
    hanging = discord.faults.hang("GET /ws")
    opening = asyncio.create_task(session.ws_connect(discord.gateway_url))
    await hanging.reached.wait()
    hanging.release()
    async with await opening as socket:
        assert (await socket.receive_json())["op"] == 10


async def test_who_is_in_a_thread_or_channel_may_write_there(
    discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    discord.changes.set_permissions(lobby, lobby.guild.everyone, deny=Permission.SEND_MESSAGES)
    with pytest.raises(NotAcceptedError):
        await ben.say("hello", lobby)
    hidden = discord.world.channel("hidden", [ben.user], with_bot=False)
    with pytest.raises(NotAcceptedError):
        await ben.mention("@bot hello", hidden)
    assert await ben.say("hello", hidden, files=[ben.upload("a.txt", b"x")]) == []
    said = discord.messages(hidden)[-1]
    assert said.files[0]["filename"] == "a.txt"
    with pytest.raises(NotAcceptedError):
        ben.upload("huge.bin", b"x" * (discord.file_bytes + 1))
