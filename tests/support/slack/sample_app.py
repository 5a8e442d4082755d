"""A small app on the real SDK, to try the local Slack with: slack-bolt on aiohttp."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack import SlackPlatform

Json = dict[str, Any]


@dataclass
class SampleApp:
    """A small app on the real SDK, mounted on aiohttp. `seen` holds the bodies its listeners got."""

    slack: SlackPlatform
    app: AsyncApp
    client: AsyncWebClient
    seen: list[Json] = field(default_factory=list)
    fail_events: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.app.command("/task")(self.command)
        self.app.action("done")(self.done)
        self.app.action("pick")(self.note)
        self.app.options("pick")(self.suggest)
        self.app.view("import")(self.submitted)
        self.app.event("app_mention")(self.talk)
        self.app.event("message")(self.talk)
        self.app.event("app_uninstalled")(self.note)
        self.app.event("app_home_opened")(self.note)
        self.app.shortcut("make_task")(self.shortcut)

    async def handle(self, request: web.Request) -> web.Response:
        """Slack's request URL."""
        return await to_aiohttp_response(await self.app.async_dispatch(await to_bolt_request(request)))

    async def command(self, ack: Any, body: Json, respond: Any, client: AsyncWebClient) -> None:
        """`/task`: the first word of its text says how it is answered."""
        self.seen.append(body)
        first = body["text"].split(" ")[0]
        if first == "slow":
            await self.gate.wait()
            await ack()
            await respond("better late")
        elif first == "form":
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal())
        elif first == "later":
            await ack()
            await respond(text="first", response_type="in_channel")
            await respond(text="second", replace_original=True)
        elif first == "bad":
            await ack({"text": "x", "blocks": [section("")]})
        elif first == "list":
            blocks = [section("*Tasks*"), {"type": "actions", "elements": [button("Done", "12", "done")]}]
            await ack({"response_type": "in_channel", "text": "Tasks", "blocks": blocks})
        else:
            await ack(f"did: {body['text']}")

    async def done(self, ack: Any, body: Json, respond: Any) -> None:
        """A button that replaces its message."""
        self.seen.append(body)
        await ack()
        await respond(text=f"done {body['actions'][0]['value']}", replace_original=True)

    async def note(self, ack: Any, body: Json) -> None:
        """Notes what came, and acknowledges it."""
        self.seen.append(body)
        await ack()

    async def suggest(self, ack: Any, payload: Json) -> None:
        """Suggests one option made of what was typed."""
        await ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": payload["value"]}])

    async def submitted(self, ack: Any, body: Json, view: Json) -> None:
        """The modal: a title `wrong` is refused, `more` pushes another modal."""
        self.seen.append(body)
        title = view["state"]["values"]["t"]["title"]["value"]
        if title == "wrong":
            await ack(response_action="errors", errors={"t": "not that one"})
        elif title == "nowhere":
            await ack(response_action="errors", errors={"elsewhere": "no such block"})
        elif title == "more":
            await ack(response_action="push", view=modal())
        else:
            await ack()

    async def talk(self, event: Json, body: Json, client: AsyncWebClient) -> None:
        """Answers in a thread, after failing as often as told."""
        self.seen.append(body)
        if self.fail_events:
            self.fail_events -= 1
            raise RuntimeError("the handler died")
        thread_ts = event.get("thread_ts") or event["ts"]
        await client.chat_postMessage(channel=event["channel"], text=f"heard {event['text']}", thread_ts=thread_ts)

    async def shortcut(self, ack: Any, body: Json, respond: Any) -> None:
        """A message shortcut."""
        self.seen.append(body)
        await ack()
        await respond(f"from {body['message']['text']}")


def make_client(slack: SlackPlatform, session: aiohttp.ClientSession, **more: Any) -> AsyncWebClient:
    """The SDK's client, pointed at the platform; waits out rate limits and retries nothing else."""
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=2)]
    given: Json = {"token": slack.bot_token, "retry_handlers": handlers, **more}
    return AsyncWebClient(base_url=slack.api_url, session=session, **given)


def button(label: str, value: str = "v", action_id: str | None = None) -> Json:
    """A button element."""
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "value": value} | ({"action_id": action_id} if action_id else {})


def section(text: str) -> Json:
    """A section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def modal(**more: Any) -> Json:
    """A modal with a text input and a file input; `more` overrides."""
    file_input = {"type": "file_input", "action_id": "file", "filetypes": ["csv"], "max_files": 1}
    title = {"type": "plain_text_input", "action_id": "title", "max_length": 20}
    return {
        "type": "modal",
        "callback_id": "import",
        "title": {"type": "plain_text", "text": "Import tasks"},
        "submit": {"type": "plain_text", "text": "Import"},
        "blocks": [
            {"type": "input", "block_id": "t", "label": {"type": "plain_text", "text": "Title"}, "element": title},
            {"type": "input", "block_id": "f", "label": {"type": "plain_text", "text": "File"}, "element": file_input},
        ],
        **more,
    }


async def refused(call: Awaitable[Any]) -> str:
    """The error a Web API call is refused with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


@asynccontextmanager
async def running(slack: SlackPlatform, client: AsyncWebClient) -> AsyncIterator[SampleApp]:
    """The app, reachable by HTTP at the address the platform then sends to."""

    async def authorize(team_id: str) -> AuthorizeResult:
        # From memory: bolt calls `auth.test` only by itself.
        found = slack.installation
        return AuthorizeResult(
            enterprise_id=None, team_id=team_id, bot_user_id=found.bot.id, bot_id=found.bot_id, bot_token=found.token
        )

    app = AsyncApp(
        client=client,
        signing_secret=slack.app.signing_secret,
        authorize=authorize,
        process_before_response=True,
        logger=logging.getLogger("tests.slack.sample"),
    )
    sample = SampleApp(slack, app, client)
    server = web.Application()
    server.router.add_post("/slack/events", sample.handle)
    runner = web.AppRunner(server, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    slack.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield sample
    finally:
        sample.gate.set()
        await runner.cleanup()
