"""The local Discord's HTTP API by itself: limits, permissions, tokens, nonces, rate limits."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from tests.support.discord import Channel, DiscordPlatform, Permission, Person
from tests.support.discord.by_hand import Api, button, problems, row

Json = dict[str, Any]

# ---------------------------------------------------------------- who may call


async def test_a_wrong_token_or_an_unknown_route_is_refused(discord: DiscordPlatform, api: Api) -> None:
    assert await api("GET", "/users/@me", token="wrong") == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await api("GET", "/nothing"))[0] == 404
    assert (await api("GET", "/users/@me"))[1]["id"] == discord.app.id
    assert (await api("GET", "/gateway"))[1]["url"] == discord.gateway_url
    assert len(discord.calls_of("GET /gateway/bot")) == 0


async def test_missing_permissions_are_told_apart(discord: DiscordPlatform, api: Api, lobby: Channel) -> None:
    path = f"/channels/{lobby.id}/messages"
    sent = (await api("POST", path, {"content": "one"}))[1]["id"]
    discord.changes.set_permissions(lobby, discord.world.bot, deny=Permission.SEND_MESSAGES | Permission.PIN_MESSAGES)
    assert (await api("POST", path, {"content": "two"}))[1]["code"] == 50013
    assert (await api("PUT", f"{path}/pins/{sent}"))[1]["code"] == 50013
    assert (await api("PATCH", f"{path}/{sent}", {"content": "edited"}))[0] == 200
    discord.changes.set_permissions(lobby, discord.world.bot, deny=Permission.VIEW_CHANNEL)
    assert (await api("POST", path, {"content": "three"}))[1]["code"] == 50001
    assert (await api("GET", "/channels/1/messages"))[1]["code"] == 10003


async def test_messages_of_others_are_not_for_editing(
    discord: DiscordPlatform, api: Api, ben: Person, lobby: Channel
) -> None:
    await ben.say("mine", lobby)
    path = f"/channels/{lobby.id}/messages/{discord.messages(lobby)[0].id}"
    assert (await api("PATCH", path, {"content": "yours"}))[1]["code"] == 50005
    assert (await api("DELETE", path))[1]["code"] == 50013


async def test_members_and_roles_of_a_guild_can_be_read(
    discord: DiscordPlatform, api: Api, ben: Person, lobby: Channel
) -> None:
    guild = f"/guilds/{lobby.guild.id}"
    assert (await api("GET", guild))[1]["name"] == "Acme"
    assert (await api("GET", f"{guild}/roles"))[1][0]["name"] == "@everyone"
    assert (await api("GET", f"{guild}/members/{ben.user.id}"))[1]["user"]["username"] == "ben"
    assert (await api("GET", f"{guild}/members/5"))[1]["code"] == 10013
    assert [one["name"] for one in (await api("GET", f"{guild}/channels"))[1]] == ["lobby"]
    assert len((await api("GET", f"{guild}/members", params={"limit": "10"}))[1]) == 2
    discord.app.privileged = 0
    assert (await api("GET", f"{guild}/members", params={"limit": "10"}))[1]["code"] == 50001


# ---------------------------------------------------------------- messages

MESSAGES: dict[str, tuple[Json, dict[str, str]]] = {
    "long text": ({"content": "x" * 2001}, {"content": "BASE_TYPE_MAX_LENGTH"}),
    "eleven embeds": ({"embeds": [{"title": "x"}] * 11}, {"embeds": "BASE_TYPE_MAX_LENGTH"}),
    "long title": ({"embeds": [{"title": "x" * 257}]}, {"embeds.0.title": "BASE_TYPE_MAX_LENGTH"}),
    "embeds in all": ({"embeds": [{"description": "x" * 4000}] * 2}, {"embeds": "MAX_EMBED_SIZE_EXCEEDED"}),
    "empty field": (
        {"embeds": [{"fields": [{"name": "n", "value": ""}]}]},
        {"embeds.0.fields.0.value": "BASE_TYPE_REQUIRED"},
    ),
    "six rows": ({"components": [row(button(n)) for n in range(6)]}, {"components": "BASE_TYPE_MAX_LENGTH"}),
    "six buttons": (
        {"components": [row(*(button(n) for n in range(6)))]},
        {"components.0.components": "BASE_TYPE_BAD_LENGTH"},
    ),
    "long id": (
        {"components": [row(button(custom_id="x" * 101))]},
        {"components.0.components.0.custom_id": "BASE_TYPE_BAD_LENGTH"},
    ),
    "long label": (
        {"components": [row(button(label="x" * 81))]},
        {"components.0.components.0.label": "BASE_TYPE_BAD_LENGTH"},
    ),
    "same id twice": (
        {"components": [row(button(1), button(1))]},
        {"components": "COMPONENT_CUSTOM_ID_DUPLICATED"},
    ),
    "no options": (
        {"components": [row({"type": 3, "custom_id": "s", "options": []})]},
        {"components.0.components.0.options": "BASE_TYPE_BAD_LENGTH"},
    ),
    "26 options": (
        {"components": [row({"type": 3, "custom_id": "s", "options": [{"label": str(n), "value": str(n)}
                                                                      for n in range(26)]})]},
        {"components.0.components.0.options": "BASE_TYPE_BAD_LENGTH"},
    ),
    "same option twice": (
        {"components": [row({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}] * 2})]},
        {"components.0.components.0.options.1.value": "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
    ),
    "text display without the flag": (
        {"components": [{"type": 10, "content": "x"}]},
        {"components.0.type": "UNION_TYPE_CHOICES"},
    ),
    "text with the flag": (
        {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "x"}]},
        {"content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
    ),
    "41 components": (
        {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 14}] * 40}]},
        {"components": "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"},
    ),
    "long nonce": ({"content": "x", "nonce": "n" * 26}, {"nonce": "BASE_TYPE_MAX_LENGTH"}),
    "mentions both ways": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        {"allowed_mentions": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
async def test_a_message_past_a_limit_is_a_form_error(
    discord: DiscordPlatform, api: Api, lobby: Channel, name: str
) -> None:
    body, expected = MESSAGES[name]
    status, answer = await api("POST", f"/channels/{lobby.id}/messages", body)
    assert (status, problems(answer)) == (400, expected)
    assert discord.messages(lobby) == []


async def test_messages_at_the_limits_are_taken(discord: DiscordPlatform, api: Api, lobby: Channel) -> None:
    path = f"/channels/{lobby.id}/messages"
    rows = [row(*(button(5 * n + m) for m in range(5))) for n in range(5)]
    assert (await api("POST", path, {"content": "x" * 2000, "components": rows}))[0] == 200
    container = {"type": 17, "components": [{"type": 14}] * 39}
    assert (await api("POST", path, {"flags": 1 << 15, "components": [container]}))[0] == 200
    assert (await api("POST", path, {"content": ""}))[1]["code"] == 50006
    first, second = discord.messages(lobby)
    assert len(first.labels) == 25
    assert (await api("PATCH", f"{path}/{second.id}", {"content": "text after all"}))[1]["code"] == 50035


async def test_a_nonce_keeps_a_message_from_being_posted_twice_for_some_minutes(
    discord: DiscordPlatform, api: Api, lobby: Channel
) -> None:
    path = f"/channels/{lobby.id}/messages"
    body = {"content": "once", "nonce": "outbox-1", "enforce_nonce": True}
    first = (await api("POST", path, body))[1]["id"]
    assert (await api("POST", path, body))[1]["id"] == first
    assert (await api("GET", path))[1][0]["nonce"] == "outbox-1"
    await api("POST", path, {"content": "once", "nonce": "outbox-1"})
    assert len(discord.messages(lobby)) == 2
    discord.clock.advance(6 * 60)
    assert "nonce" not in (await api("GET", path))[1][0]
    assert (await api("POST", path, body))[1]["id"] != first


async def test_history_is_paged_newest_first(api: Api, lobby: Channel) -> None:
    path = f"/channels/{lobby.id}/messages"
    ids = [(await api("POST", path, {"content": str(n)}))[1]["id"] for n in range(5)]

    async def listed(**params: str) -> list[str]:
        return [message["id"] for message in (await api("GET", path, params=params))[1]]

    assert await listed() == ids[::-1]
    assert await listed(limit="2") == ids[:2:-1]
    assert await listed(before=ids[2]) == [ids[1], ids[0]]
    assert await listed(after=ids[2], limit="1") == [ids[3]]
    assert (await api("GET", path, params={"limit": "101"}))[0] == 400


async def test_pins_are_kept_by_both_routes_and_told_in_the_channel(
    discord: DiscordPlatform, api: Api, lobby: Channel
) -> None:
    path = f"/channels/{lobby.id}/messages"
    ids = [(await api("POST", path, {"content": str(n)}))[1]["id"] for n in range(2)]
    assert (await api("PUT", f"{path}/pins/{ids[0]}"))[0] == 204
    assert (await api("PUT", f"/channels/{lobby.id}/pins/{ids[1]}"))[0] == 204
    pinned = (await api("GET", f"{path}/pins"))[1]["items"]
    assert [(item["message"]["id"], item["message"]["pinned"]) for item in pinned] == [(ids[1], True), (ids[0], True)]
    assert [message["type"] for message in (await api("GET", path))[1]] == [6, 6, 0, 0]
    assert [message.id for message in discord.messages(lobby)] == ids
    await api("DELETE", f"{path}/{ids[1]}")
    assert [one["id"] for one in (await api("GET", f"/channels/{lobby.id}/pins"))[1]] == [ids[0]]
    assert (await api("PUT", f"{path}/pins/{ids[1]}"))[1]["code"] == 10008


async def test_files_are_attached_and_served_by_signed_addresses(
    discord: DiscordPlatform, session: aiohttp.ClientSession, api: Api, lobby: Channel
) -> None:
    form = aiohttp.FormData(quote_fields=False)
    about = {"id": 0, "filename": "t.csv", "description": "tasks"}
    form.add_field("payload_json", json.dumps({"content": "file", "attachments": [about]}))
    form.add_field("files[0]", b"title\n", filename="t.csv", content_type="application/octet-stream")
    path = f"/channels/{lobby.id}/messages"
    (file,) = (await api("POST", path, data=form))[1]["attachments"]
    assert (file["filename"], file["size"], file["description"]) == ("t.csv", 6, "tasks")
    async with session.get(file["url"]) as response:
        assert await response.read() == b"title\n"
    async with session.get(file["url"].partition("?")[0]) as response:
        assert response.status == 404
    discord.file_bytes = 5
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("files[0]", b"title\n", filename="t.csv")
    assert (await api("POST", path, data=form))[1] == {"message": "Request entity too large", "code": 40005}


async def test_who_is_pinged_follows_allowed_mentions(
    discord: DiscordPlatform, api: Api, ben: Person, lobby: Channel
) -> None:
    content = f"{ben.user.mention} @everyone"
    ways: list[Json | None] = [None, {"parse": []}, {"users": [ben.user.id]}, {"parse": ["everyone", "users"]}]
    for allowed in ways:
        body = {"content": content} | ({} if allowed is None else {"allowed_mentions": allowed})
        await api("POST", f"/channels/{lobby.id}/messages", body)
    found = [message.pinged for message in discord.messages(lobby)]
    assert found == [{ben.user.id}, set(), {ben.user.id}, {ben.user.id}]
    discord.changes.set_permissions(lobby, discord.world.bot, allow=Permission.MENTION_EVERYONE)
    await api("POST", f"/channels/{lobby.id}/messages", {"content": content})
    assert discord.messages(lobby)[-1].pinged == {ben.user.id, "everyone"}


async def test_a_thread_starts_once_from_a_message(api: Api, lobby: Channel) -> None:
    path = f"/channels/{lobby.id}/messages"
    root = (await api("POST", path, {"content": "topic"}))[1]["id"]
    made = await api("POST", f"{path}/{root}/threads", {"name": "Topic"})
    assert (made[0], made[1]["id"], made[1]["type"]) == (201, root, 11)
    assert (await api("POST", f"{path}/{root}/threads", {"name": "Topic"}))[1]["code"] == 160004
    assert (await api("POST", f"/channels/{root}/messages", {"content": "in it"}))[0] == 200


# ---------------------------------------------------------------- rate limits


async def test_headers_tell_the_bucket_and_past_it_comes_429(
    discord: DiscordPlatform, session: aiohttp.ClientSession, lobby: Channel
) -> None:
    discord.limits.set("POST /channels/{channel}/messages", 2, 30.0)
    headers = {"Authorization": f"Bot {discord.bot_token}"}
    other = discord.world.channel("other", [])

    async def post(channel: Channel) -> tuple[int, Any, Any]:
        url = f"{discord.api_url}/channels/{channel.id}/messages"
        async with session.post(url, headers=headers, json={"content": "x"}) as response:
            return response.status, response.headers, await response.json()

    assert [(await post(lobby))[1]["X-RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    status, found, body = await post(lobby)
    assert (status, body["global"], found["X-RateLimit-Scope"]) == (429, False, "user")
    assert 0 < body["retry_after"] <= 30
    assert found["Via"]
    elsewhere = (await post(other))[1]
    assert elsewhere["X-RateLimit-Bucket"] == found["X-RateLimit-Bucket"]
    assert len(discord.messages(lobby)) == 2
    assert discord.limits.exceeded == ["POST /channels/{channel}/messages"]


async def test_the_global_limit_spares_interactions(
    discord: DiscordPlatform, session: aiohttp.ClientSession, api: Api
) -> None:
    discord.limits.set_global(1, 30.0)
    await api("GET", "/users/@me")
    headers = {"Authorization": f"Bot {discord.bot_token}"}
    async with session.get(f"{discord.api_url}/users/@me", headers=headers) as response:
        assert (response.status, response.headers["X-RateLimit-Global"]) == (429, "true")
        assert (await response.json())["global"] is True
    assert (await api("POST", "/interactions/1/token/callback", {"type": 4}))[1]["code"] == 10062


def test_the_known_limits_can_be_switched_on(discord: DiscordPlatform) -> None:
    discord.limits.as_discord()
    bucket, is_allowed, _ = discord.limits.take("POST /channels/{channel}/messages", {"channel": "1"})
    assert (bucket.limit, is_allowed) == (5, True)
