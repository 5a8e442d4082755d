"""Calling the local Discord without an SDK: one call, and the problems that a form error tells of."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from tests.support.discord.messages import Json
from tests.support.discord.platform import DiscordPlatform

Api = Callable[..., Awaitable[tuple[int, Any]]]


def caller(discord: DiscordPlatform, session: aiohttp.ClientSession) -> Api:
    """A function `(method, path, body)` that calls with the bot's token and returns status and answer."""

    async def call(
        method: str, path: str, body: Any = None, *, token: str | None = None, **more: Any
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {token or discord.bot_token}"}
        given = {"json": body} if body is not None else {}
        async with session.request(method, discord.api_url + path, headers=headers, **given, **more) as response:
            text = await response.text()
            # discord.py reads JSON only from an answer with exactly this header.
            assert not text or response.headers["Content-Type"] == "application/json"
            return response.status, json.loads(text) if text else None

    return call


def problems(answer: Json) -> dict[str, str]:
    """The codes of a form error by path."""
    assert (answer["code"], answer["message"]) == (50035, "Invalid Form Body")
    found: dict[str, str] = {}

    def walk(node: Json, path: str) -> None:
        for key, value in node.items():
            if key == "_errors":
                found[path] = value[0]["code"]
            else:
                walk(value, f"{path}.{key}".removeprefix("."))

    walk(answer["errors"], "")
    return found


def row(*components: Json) -> Json:
    """An action row."""
    return {"type": 1, "components": list(components)}


def button(number: int = 1, **more: Any) -> Json:
    """A button element."""
    return {"type": 2, "style": 1, "label": f"Button {number}", "custom_id": f"b{number}", **more}
