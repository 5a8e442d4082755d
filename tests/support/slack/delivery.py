"""How payloads reach the app: signed HTTP requests, with Slack's time limit and retries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from tests.support.slack.messages import Json

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True)
class Attempt:
    """One delivery and what came of it. `status` is None if no answer came; `error` is then Slack's reason."""

    retry_num: int
    status: int | None
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    latency: float = 0.0
    error: str = ""

    @property
    def is_acknowledged(self) -> bool:
        """Whether the app answered 2xx in time."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether Slack does not try again: acknowledged, or told not to."""
        return self.is_acknowledged or self.headers.get("x-slack-no-retry") == "1"

    @property
    def json(self) -> Json | None:
        """The answer if it is a JSON object."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    @property
    def retry_reason(self) -> str:
        """Why the next attempt is made."""
        return self.error or "http_error"


class Transport(Protocol):
    """A way to the app."""

    async def send(self, kind: Kind, payload: Json, retry_num: int = 0, retry_reason: str = "") -> Attempt:
        """Deliver once and wait for the acknowledgement, at most as long as Slack does."""


class HttpTransport:
    """Signed requests to the app's one request URL."""

    def __init__(self, platform: SlackPlatform, url: str) -> None:
        self._platform = platform
        self.url = url

    async def send(self, kind: Kind, payload: Json, retry_num: int = 0, retry_reason: str = "") -> Attempt:
        """Deliver once: commands and interactions as forms, events as JSON."""
        body, content_type = encode(kind, payload)
        headers = self.sign(body) | {"Content-Type": content_type}
        if retry_num:
            headers |= {"X-Slack-Retry-Num": str(retry_num), "X-Slack-Retry-Reason": retry_reason}
        return await self.post(body, headers, retry_num)

    def sign(self, body: bytes, *, secret: str | None = None, at: float | None = None) -> dict[str, str]:
        """The signature headers; another `secret` or time makes a forged or stale request.

        The time is the real one, since the app compares it with its own clock.
        """
        stamp = str(int(time.time() if at is None else at))
        key = (secret or self._platform.app.signing_secret).encode()
        digest = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def post(self, body: bytes, headers: dict[str, str], retry_num: int = 0) -> Attempt:
        """Post raw bytes as Slack would, and say what came back."""
        start = time.perf_counter()
        limit = aiohttp.ClientTimeout(total=self._platform.ack_seconds)
        agent = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "application/json,*/*"}
        try:
            async with self._platform.session.post(
                self.url, data=body, headers=agent | headers, timeout=limit, allow_redirects=False
            ) as response:
                text = await response.text()
                found = {key.lower(): value for key, value in response.headers.items()}
                return Attempt(retry_num, response.status, text, found, time.perf_counter() - start)
        except TimeoutError:
            return Attempt(retry_num, None, "", latency=time.perf_counter() - start, error="http_timeout")
        except aiohttp.ClientError:
            return Attempt(retry_num, None, "", latency=time.perf_counter() - start, error="connection_failed")


def encode(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """The body and content type by which Slack sends such a payload."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


class Delivery:
    """One payload on its way, with the retries that events get."""

    def __init__(self, platform: SlackPlatform, transport: Transport, kind: Kind, payload: Json) -> None:
        self._platform = platform
        self._transport = transport
        self.kind: Kind = kind
        self.payload = payload
        self.attempts: list[Attempt] = []
        self.is_settled = False

    async def first(self) -> Attempt:
        """The first attempt; for events, retries go on in the background."""
        attempt = await self._try(0, "")
        if self.kind == "events_api" and not attempt.is_final:
            self._platform.background(self._retry(attempt))
        else:
            self._settle()
        return attempt

    async def repeat(self, times: int = 1) -> list[Attempt]:
        """Deliver the very same payload again, all at once, whatever became of it before."""
        return await asyncio.gather(*(self._try(number, "http_timeout") for number in range(1, times + 1)))

    async def _try(self, number: int, reason: str) -> Attempt:
        attempt = await self._transport.send(self.kind, self.payload, number, reason)
        self.attempts.append(attempt)
        self._platform.changed()
        return attempt

    async def _retry(self, last: Attempt) -> None:
        for number, delay in enumerate(self._platform.retry_delays, start=1):
            await asyncio.sleep(delay)
            last = await self._try(number, last.retry_reason)
            if last.is_final:
                break
        self._settle()

    def _settle(self) -> None:
        self.is_settled = True
        self._platform.changed()
