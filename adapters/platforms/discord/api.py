"""Discord's HTTP API: one session, its rate limits obeyed, and failures by what they mean for the caller.

discord.py repeats every failed call by itself, a post too, of which a second may then stand in the channel. Here a call
is sent once unless it reads: whether another try could double something is for the caller to decide.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog

from adapters.platforms.discord.options import DiscordOptions
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

AGENT = "DiscordBot (https://quartermaster.example, 0.1)"
CONNECT_SECONDS = 3.0
CONNECTIONS = 100
MOST_PAUSE = 3600.0
"""Seconds; a longer pause is not believed."""
DEFAULT_PAUSE = 5.0
READ_TRIES = 3
MOST_LIMITS = 10_000

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10003, 10004, 10007, 10008, 10015
UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED, TOO_LARGE = 10062, 40060, 40005
NO_ACCESS, NO_DIRECT, NO_PERMISSION, BAD_TOKEN, BAD_FORM = 50001, 50007, 50013, 50027, 50035

HISTORY_NEEDED = 160002
NO_REPLIES = "no_replies"
"""Who may not read the history may not reply to what stands in it."""

REASONS: Mapping[int, str] = {
    UNKNOWN_CHANNEL: "channel_not_found",
    UNKNOWN_GUILD: "guild_not_found",
    UNKNOWN_MEMBER: "member_not_found",
    UNKNOWN_MESSAGE: "message_not_found",
    UNKNOWN_WEBHOOK: "token_expired",
    UNKNOWN_INTERACTION: "interaction_unknown",
    ALREADY_ACKNOWLEDGED: "already_acknowledged",
    TOO_LARGE: "too_large",
    NO_ACCESS: "missing_access",
    NO_DIRECT: "no_direct_messages",
    NO_PERMISSION: "missing_permissions",
    BAD_TOKEN: "token_expired",
    BAD_FORM: "invalid_form",
    HISTORY_NEEDED: NO_REPLIES,
}
"""Stable words for Discord's codes."""


@value_object
class File:
    """A file to be sent, whole; `words` say what a picture shows."""

    name: str
    content: bytes
    words: str = ""


def listed(files: Sequence[File]) -> list[dict[str, Any]]:
    """Return files as a message names those that come with it."""
    named = ((index, {"filename": file.name}, file.words) for index, file in enumerate(files))
    return [{"id": index, **name, **({"description": words} if words else {})} for index, name, words in named]


@value_object
class Route:
    """A path with its gaps; calls whose template and first gap are alike share a rate limit."""

    method: str
    template: str
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Return the path, filled in."""
        return self.template.format_map(self.parts)

    @property
    def limit(self) -> str:
        """Return what the calls that are limited together have in common."""
        major = next(iter(self.parts.values()), "")
        return f"{self.method} {self.template} {major}"


@dataclass(slots=True)
class DiscordApi:
    """The way to Discord's HTTP API; to be closed after use."""

    options: DiscordOptions
    _session: aiohttp.ClientSession | None = None
    _until: dict[str, float] = field(default_factory=dict)

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the session, opened on first use."""
        if self._session is None or self._session.closed:
            limits = aiohttp.ClientTimeout(total=self.options.timings.call, connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(
                timeout=limits,
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                # Discord's API knows no cookies.
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def read(self, route: Route, **query: str) -> Any:
        """Return what a call that changes nothing answers; waits out short limits and tries again after faults.

        Raises what `send` raises.
        """
        pause = self.options.timings.first_retry
        for attempt in range(READ_TRIES):
            try:
                return await self.send(route, query=query)
            except PostDelayedError as error:
                if attempt == READ_TRIES - 1 or error.seconds > self.options.timings.call:
                    raise
                await asyncio.sleep(max(error.seconds, pause))
            except PostOutcomeUnknownError:
                if attempt == READ_TRIES - 1:
                    raise
                await asyncio.sleep(pause)
                pause *= 2
        raise PostOutcomeUnknownError

    async def send(
        self,
        route: Route,
        body: Any = None,
        files: Sequence[File] = (),
        *,
        query: Mapping[str, str] | None = None,
        with_token: bool = True,
    ) -> Any:
        """Send a call once and return its answer.

        Raises `PostRejectedError`, `PostDelayedError`, or `PostOutcomeUnknownError` if it may have been taken.
        """
        self._obey(route)
        headers = {"User-Agent": AGENT}
        if with_token:
            headers["Authorization"] = f"Bot {self.options.bot_token}"
        payload: dict[str, Any] = {}
        if files:
            payload["data"] = _form(body, files)
        elif body is not None:
            payload["json"] = body
        url = self.options.base_url + route.path
        try:
            async with self.session.request(
                route.method, url, headers=headers, params=query, allow_redirects=False, **payload
            ) as response:
                text = await response.text()
                status, answered = response.status, response.headers
        except aiohttp.ClientConnectorError as error:
            # No connection came about: nothing was sent.
            raise PostDelayedError(0.0) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PostOutcomeUnknownError from error
        return self._taken(route, status, answered, text)

    def _taken(self, route: Route, status: int, headers: Mapping[str, str], text: str) -> Any:
        """Return the answer of a call, or raise what its status means."""
        self._learn(route, headers)
        if 200 <= status < 300:
            return _json(text)
        if status == 429:
            seconds = _pause(_json(text), headers)
            self._keep("" if headers.get("X-RateLimit-Global") else route.limit, seconds)
            raise PostDelayedError(seconds)
        if status >= 500:
            raise PostOutcomeUnknownError
        answer = _json(text)
        code = answer.get("code") if isinstance(answer, dict) else 0
        reason = REASONS.get(code if isinstance(code, int) else 0, "unauthorized" if status == 401 else str(code))
        if code == BAD_FORM:
            log.warning("discord_form_refused", route=route.template, fields=",".join(_fields(answer)))
        raise PostRejectedError(reason)

    def _obey(self, route: Route) -> None:
        """Raise `PostDelayedError` while Discord wants to be left alone."""
        now = asyncio.get_running_loop().time()
        wait = max(self._until.get("", 0.0), self._until.get(route.limit, 0.0)) - now
        if wait > 0:
            raise PostDelayedError(wait)

    def _learn(self, route: Route, headers: Mapping[str, str]) -> None:
        if headers.get("X-RateLimit-Remaining") == "0":
            self._keep(route.limit, _seconds(headers.get("X-RateLimit-Reset-After")) or 0.0)

    def _keep(self, limit: str, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._until) > MOST_LIMITS:
            self._until = {name: until for name, until in self._until.items() if until > now}
        self._until[limit] = now + min(seconds, MOST_PAUSE)


def _form(body: Any, files: Sequence[File]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for index, file in enumerate(files):
        form.add_field(f"files[{index}]", file.content, filename=file.name, content_type="application/octet-stream")
    return form


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _pause(answer: Any, headers: Mapping[str, str]) -> float:
    told = answer.get("retry_after") if isinstance(answer, dict) else None
    found = _seconds(told) or _seconds(headers.get("Retry-After")) or DEFAULT_PAUSE
    return min(found, MOST_PAUSE)


def _seconds(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if 0 <= found < float("inf") else None


def _fields(answer: Any) -> list[str]:
    """Return the names of the fields that Discord finds fault with; their values are people's own."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return sorted(str(name)[:40] for name in errors) if isinstance(errors, dict) else []
