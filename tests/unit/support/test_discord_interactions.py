"""The forms of first responses and follow-ups, without an SDK in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.support.discord import Channel, DiscordPlatform, Exchange, Person
from tests.support.discord.by_hand import button, problems, row

Json = dict[str, Any]
TEXT = {"type": 4, "custom_id": "t", "style": 1}
FILE = {"type": 19, "custom_id": "f"}


def label(component: Json, text: str = "Title") -> Json:
    return {"type": 18, "label": text, "component": component}


class RawApp:
    """An app that reads the gateway and answers by hand; `plan` is its first response."""

    def __init__(self, discord: DiscordPlatform, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self.session = session
        self.plan: Json = {"type": 4, "data": {"content": "ok"}}
        self.status = 0
        self.answer: Any = None
        self.interaction: Json = {}

    async def read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            event = message.json()
            if event.get("t") == "INTERACTION_CREATE":
                self.interaction = event["d"]
                self.status, self.answer = await self.respond(self.plan)
                self.discord.changed()

    async def respond(self, plan: Json) -> tuple[int, Any]:
        path = f"/interactions/{self.interaction['id']}/{self.interaction['token']}/callback"
        return await self.call("POST", path, plan)

    async def call(self, method: str, path: str, body: Json | None = None) -> tuple[int, Any]:
        async with self.session.request(method, self.discord.api_url + path, json=body) as response:
            return response.status, await response.json() if response.status != 204 else None

    async def follow(self, method: str, rest: str = "", body: Json | None = None) -> tuple[int, Any]:
        """Call below the interaction's webhook."""
        token = self.interaction["token"]
        return await self.call(method, f"/webhooks/{self.discord.app.id}/{token}{rest}", body)


@pytest.fixture
async def raw(discord: DiscordPlatform, session: aiohttp.ClientSession) -> AsyncIterator[RawApp]:
    option = {"name": "what", "description": "What", "type": 3, "autocomplete": True}
    discord.commands.put("global", {"name": "go", "description": "Go", "options": [option]})
    app = RawApp(discord, session)
    async with session.ws_connect(discord.gateway_url) as socket:
        await socket.receive()
        await socket.send_json({"op": 2, "d": {"token": discord.bot_token, "intents": 0, "properties": {}}})
        await discord.until(lambda: discord.gateway.sessions)
        reading = asyncio.create_task(app.read(socket))
        yield app
        reading.cancel()


async def _go(raw: RawApp, ben: Person, lobby: Channel, plan: Json) -> Exchange:
    raw.plan = plan
    return await ben.command("/go", channel=lobby)


def modal(*components: Json, **more: Any) -> Json:
    return {"type": 9, "data": {"custom_id": "m", "title": "Title", "components": list(components), **more}}


BAD: dict[str, tuple[Json, dict[str, str]]] = {
    "update without a message": ({"type": 7, "data": {"content": "x"}}, {"type": "BASE_TYPE_CHOICES"}),
    "suggestions": ({"type": 8, "data": {"choices": []}}, {"type": "BASE_TYPE_CHOICES"}),
    "long text": ({"type": 4, "data": {"content": "x" * 2001}}, {"data.content": "BASE_TYPE_MAX_LENGTH"}),
    "empty modal": (modal(), {"data.components": "BASE_TYPE_BAD_LENGTH"}),
    "six parts": (
        modal(*(label({**TEXT, "custom_id": str(n)}) for n in range(6))),
        {"data.components": "BASE_TYPE_BAD_LENGTH"},
    ),
    "long title": (modal(label(TEXT), title="x" * 46), {"data.title": "BASE_TYPE_BAD_LENGTH"}),
    "long label": (modal(label(TEXT, "x" * 46)), {"data.components.0.label": "BASE_TYPE_BAD_LENGTH"}),
    "button": (modal(row(button())), {"data.components.0.components.0.type": "UNION_TYPE_CHOICES"}),
    "bare input": (modal(TEXT), {"data.components.0.type": "UNION_TYPE_CHOICES"}),
    "eleven files": (
        modal(label({**FILE, "max_values": 11})),
        {"data.components.0.component.max_values": "NUMBER_TYPE_MAX"},
    ),
    "none of a required file": (modal(label({**FILE, "min_values": 0})), {"data.components": "REQUIRED_MIN_VALUES"}),
    "disabled": (
        modal(label({"type": 5, "custom_id": "u", "disabled": True})),
        {"data.components": "MODAL_COMPONENT_DISABLED"},
    ),
    "text in a row without label": (modal(row(TEXT)), {"data.components": "BASE_TYPE_REQUIRED"}),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_first_response_is_refused_and_another_may_follow(
    raw: RawApp, ben: Person, lobby: Channel, name: str
) -> None:
    raw.plan, expected = BAD[name]
    asking = asyncio.create_task(ben.command("/go", channel=lobby))
    await raw.discord.until(lambda: raw.status)
    assert (raw.status, problems(raw.answer)) == (400, expected)
    assert (await raw.respond({"type": 4, "data": {"content": "ok"}}))[0] == 204
    assert (await (await asking).answer()).text == "ok"


async def test_a_modal_takes_every_kind_of_input(raw: RawApp, ben: Person, lobby: Channel) -> None:
    options = [{"label": "High", "value": "high"}, {"label": "Low", "value": "low", "default": True}]
    parts = [
        label({**TEXT, "style": 2, "required": False}, "Notes"),
        label({"type": 21, "custom_id": "r", "options": options}, "Priority"),
        label({"type": 22, "custom_id": "c", "options": options, "required": False}, "Tags"),
        label({"type": 23, "custom_id": "b"}, "Sure"),
        label({"type": 8, "custom_id": "p", "required": False}, "Where"),
    ]
    form = await (await _go(raw, ben, lobby, modal(*parts))).view()
    assert form.chosen == {"r": ["low"], "c": ["low"], "b": False}
    raw.plan = {"type": 4, "data": {"content": "ok"}}
    submitted = await ben.submit(form, {"Priority": "High", "Tags": ["High", "low"], "Sure": True, "Where": lobby})
    sent = [part["component"] for part in submitted.payload["data"]["components"]]
    values = [one.get("value", one.get("values")) for one in sent]
    assert values == ["", "high", ["high", "low"], True, [lobby.id]]
    assert submitted.payload["data"]["resolved"]["channels"][lobby.id]["name"] == "lobby"


async def test_without_with_response_there_is_no_body(raw: RawApp, ben: Person, lobby: Channel) -> None:
    exchange = await _go(raw, ben, lobby, {"type": 4, "data": {"content": "ok"}})
    assert (exchange.status, raw.answer) == (204, None)
    assert exchange.messages[0].data["interaction_metadata"]["user"]["id"] == ben.user.id


async def test_a_follow_up_right_after_a_deferral_is_the_answer_and_keeps_its_visibility(
    raw: RawApp, ben: Person, lobby: Channel
) -> None:
    exchange = await _go(raw, ben, lobby, {"type": 5, "data": {"flags": 64}})
    assert (await raw.follow("POST", body={"content": ""}))[1]["code"] == 50006
    (thinking,) = raw.discord.thinking(lobby)
    assert (await raw.follow("POST", body={"content": "public?"}))[0] == 200
    assert exchange.messages == [thinking]
    assert thinking.is_ephemeral
    assert (await raw.follow("POST", body={"content": "more", "flags": 64}))[0] == 200
    assert [message.text for message in raw.discord.ephemerals(ben.user)] == ["public?", "more"]
    assert raw.discord.messages(lobby) == []


async def test_messages_of_an_interaction_are_shown_edited_and_deleted_by_its_token(
    raw: RawApp, ben: Person, lobby: Channel
) -> None:
    exchange = await _go(raw, ben, lobby, {"type": 4, "data": {"content": "first", "flags": 64}})
    answer = exchange.messages[0]
    assert (await raw.follow("GET", "/messages/@original"))[1]["id"] == answer.id
    assert (await raw.follow("PATCH", "/messages/@original", {"content": "edited"}))[0] == 200
    assert (answer.text, len(answer.revisions)) == ("edited", 1)
    path = f"/channels/{lobby.id}/messages/{answer.id}"
    headers = {"Authorization": f"Bot {raw.discord.bot_token}"}
    async with raw.session.get(raw.discord.api_url + path, headers=headers) as response:
        assert (await response.json())["code"] == 10008
    assert (await raw.follow("DELETE", "/messages/@original"))[0] == 204
    assert (await raw.follow("PATCH", "/messages/@original", {"content": "x"}))[1]["code"] == 10008
    assert (await raw.call("POST", f"/webhooks/{raw.discord.app.id}/none", {"content": "x"}))[1]["code"] == 10015


async def test_too_many_suggestions_are_refused_and_none_in_time_shown_as_a_failure(
    raw: RawApp, ben: Person, lobby: Channel
) -> None:
    choice = {"name": "a", "value": "a"}
    raw.plan = {"type": 8, "data": {"choices": [choice] * 26}}
    asking = asyncio.create_task(ben.suggest("/go", "what", "a", channel=lobby))
    await raw.discord.until(lambda: raw.status)
    assert problems(raw.answer) == {"data.choices": "BASE_TYPE_MAX_LENGTH"}
    await raw.respond({"type": 8, "data": {"choices": [choice] * 25}})
    assert len((await asking).options) == 25
    raw.discord.ack_seconds = 0.05
    raw.discord.gateway.lose()
    failed = await ben.suggest("/go", "what", "a", channel=lobby)
    assert (failed.options, failed.error_shown) == ([], "Loading options failed")


async def test_an_interaction_is_answered_even_where_the_app_may_not_write(raw: RawApp, ben: Person) -> None:
    closed = raw.discord.world.channel("closed", [ben.user], with_bot=False)
    exchange = await _go(raw, ben, closed, {"type": 4, "data": {"content": "ok"}})
    assert (await exchange.answer()).text == "ok"
    assert int(exchange.payload["app_permissions"]) & 1 << 10 == 0
