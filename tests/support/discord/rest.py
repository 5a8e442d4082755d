"""The HTTP API's door: bodies, tokens, limits, faults, and the record of every call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from tests.support.discord.faults import Fault
from tests.support.discord.messages import Json, Message
from tests.support.discord.permissions import Permission
from tests.support.discord.ratelimits import Bucket
from tests.support.discord.schema import Report
from tests.support.discord.world import Channel, Guild, StoredFile, User

if TYPE_CHECKING:
    from tests.support.discord.platform import DiscordPlatform

PREFIX = "/api/v10"
MESSAGES = {
    0: "General error",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10011: "Unknown Role",
    10013: "Unknown User",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    10063: "Unknown application command",
    30003: "Maximum number of pins reached (50)",
    30032: "Maximum number of application commands reached (100)",
    40005: "Request entity too large",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50005: "Cannot edit a message authored by another user",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50109: "The request body contains invalid JSON.",
    160002: "Cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
}
STATUSES = {401: "401: Unauthorized", 404: "404: Not Found", 405: "405: Method Not Allowed"}


class ApiError(Exception):
    """Discord's refusal: a status, a numeric code, and for forms the problems by field."""

    def __init__(self, status: int, code: int = 0, report: Report | None = None) -> None:
        message = MESSAGES[code] if code else STATUSES.get(status, f"{status}: Error")
        super().__init__(message)
        self.status = status
        self.code = code
        self.body: Json = {"message": message, "code": code}
        if report is not None:
            self.body["errors"] = report.errors


def refuse_bad(report: Report) -> None:
    """Raise 50035 if there are problems."""
    if report:
        raise ApiError(400, 50035, report)


def form_error(field_name: str, code: str, message: str) -> ApiError:
    """50035 with one problem."""
    report = Report()
    report.add((field_name,), code, message)
    return ApiError(400, 50035, report)


@dataclass
class Call:
    """One call of the HTTP API, as received. `route` is the pattern that it met, `parts` what filled its gaps.

    `status` is what the client was told, 0 if nothing; `answer` is what the work came to, even where a fault hid it.
    """

    platform: DiscordPlatform
    route: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: dict[str, StoredFile]
    token: str
    headers: Mapping[str, str]
    status: int = 0
    answer: Any = None

    @property
    def bot(self) -> User:
        """Who calls: the app's bot user."""
        return self.platform.world.bot

    @property
    def form(self) -> Json:
        """The body where it has to be an object."""
        if not isinstance(self.body, dict):
            raise ApiError(400, 50109)
        return self.body

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of the query, between 1 and `most`."""
        raw = self.query.get(name, str(default))
        if not raw.isdigit() or not 1 <= int(raw) <= most:
            raise form_error(name, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return int(raw)

    def guild(self) -> Guild:
        """The guild of the path, if the bot is in it."""
        found = self.platform.world.guilds.get(self.parts["guild"])
        if found is None:
            raise ApiError(404, 10004)
        if not found.has_bot:
            raise ApiError(403, 50001)
        return found

    def channel(self, *needed: Permission) -> Channel:
        """The channel of the path, if the bot sees it and may do what is needed there."""
        found = self.platform.world.channels.get(self.parts["channel"])
        if found is None or found.deleted:
            raise ApiError(404, 10003)
        allowed = found.allowed(self.bot)
        if not allowed & Permission.VIEW_CHANNEL or (found.kind != "im" and not found.guild.has_bot):
            raise ApiError(403, 50001)
        for permission in needed:
            if not allowed & permission:
                raise ApiError(403, 50013)
        return found

    def message(self, channel: Channel) -> Message:
        """The message of the path."""
        found = channel.find(self.parts["message"])
        if found is None:
            raise ApiError(404, 10008)
        return found


Answer = tuple[int, Any]
Method = Callable[[Call], Answer]
# Routes that are their own authentication.
TOKENLESS = ("POST /interactions/", "GET /webhooks/", "POST /webhooks/", "PATCH /webhooks/", "DELETE /webhooks/")
NO_TOKEN_NEEDED = ("GET /gateway",)


class Rest:
    """Answers `/api/v10/…` by the routes given: `METHOD /path/{part}` → function."""

    def __init__(self, platform: DiscordPlatform, routes: Mapping[str, Method]) -> None:
        self._platform = platform
        self._routes = routes

    def mount(self, server: web.Application) -> None:
        """Add every route to the server, and an answer for what is none."""
        for route, method in self._routes.items():
            verb, _, path = route.partition(" ")
            server.router.add_route(verb, PREFIX + path, self._handler(route, method))
        server.router.add_route("*", "/api/{rest:.*}", self._handler("* /unknown", _unknown))

    def _handler(self, route: str, method: Method) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            call = await self._read(request, route)
            self._platform.calls.append(call)
            fault = self._platform.faults.take(route)
            response = await with_fault(request, fault, lambda: self._answer(call, method))
            call.status = response.status
            return response

        return handle

    async def _read(self, request: web.Request, route: str) -> Call:
        files: dict[str, StoredFile] = {}
        body: Any = None
        if request.content_type.startswith("multipart/"):
            body = await self._read_parts(request, files)
        elif request.can_read_body:
            try:
                body = json.loads(await request.read())
            except ValueError:
                body = _INVALID
        token = request.headers.get("Authorization", "").removeprefix("Bot ")
        parts = dict(request.match_info)
        return Call(
            self._platform, route, request.path, parts, dict(request.query), body, files, token, dict(request.headers)
        )

    async def _read_parts(self, request: web.Request, files: dict[str, StoredFile]) -> Any:
        body: Any = {}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            content = bytes(await part.read(decode=True))
            if part.name == "payload_json":
                body = json.loads(content)
            elif part.name.startswith("files["):
                bot = self._platform.world.bot
                files[part.name[6:-1]] = self._platform.world.file(bot, part.filename or "file", content)
        return body

    async def _answer(self, call: Call, method: Method) -> web.Response:
        """Do the work; no await within, so nobody sees half of it."""
        headers = {"Via": "1.1 local"}
        try:
            bucket, is_allowed, is_global = self._platform.limits.take(call.route, call.parts)
            if not is_global:
                headers |= bucket.headers()
            if is_allowed:
                self._authenticate(call)
                self._check_sizes(call)
                call.status, call.answer = method(call)
            else:
                _limit(call, headers, bucket, is_global=is_global)
        except ApiError as error:
            call.status, call.answer = error.status, error.body
        self._platform.changed()
        return respond(call.status, call.answer, headers)

    def _authenticate(self, call: Call) -> None:
        if call.body is _INVALID:
            raise ApiError(400, 50109)
        if call.route.startswith(TOKENLESS) or call.route in NO_TOKEN_NEEDED:
            return
        if call.token != self._platform.bot_token:
            raise ApiError(401)

    def _check_sizes(self, call: Call) -> None:
        sizes = [len(file.content) for file in call.files.values()]
        if any(size > self._platform.file_bytes for size in sizes) or sum(sizes) > self._platform.request_bytes:
            raise ApiError(413, 40005)


_INVALID = object()


def _unknown(call: Call) -> Answer:
    raise ApiError(404)


def _limit(call: Call, headers: dict[str, str], bucket: Bucket, *, is_global: bool) -> None:
    """Fill in a 429."""
    call.status = 429
    call.answer = limited_body(bucket.reset_after, is_global=is_global)
    headers |= limited_headers(bucket.reset_after, is_global=is_global)


def limited_body(retry_after: float, *, is_global: bool) -> Json:
    """The body of a 429."""
    return {"message": "You are being rate limited.", "retry_after": round(retry_after, 3), "global": is_global}


def limited_headers(retry_after: float, *, is_global: bool) -> dict[str, str]:
    """The headers of a 429 that say why."""
    found = {"Retry-After": str(max(1, round(retry_after))), "X-RateLimit-Scope": "global" if is_global else "user"}
    return found | ({"X-RateLimit-Global": "true"} if is_global else {})


def respond(status: int, body: Any, headers: Mapping[str, str]) -> web.Response:
    """An answer as Discord's: JSON with a bare content type, or nothing."""
    if body is None:
        return web.Response(status=status, headers=headers)
    # discord.py compares the whole header, and Discord sends no charset.
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={**headers, "Content-Type": "application/json"}
    )


async def with_fault(
    request: web.Request, fault: Fault | None, work: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer by `work`, unless a fault strikes before or after it."""
    if fault is None:
        return await work()
    answer = await work() if fault.after_effect else None
    if fault.kind == "answer":
        return _faulty(fault)
    if fault.kind == "hang":
        await fault.released.wait()
        return answer or await work()
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError


def _faulty(fault: Fault) -> web.Response:
    headers = {"Via": "1.1 local"}
    if fault.status == 429:
        wait = 0.05 if fault.retry_after is None else fault.retry_after
        headers |= limited_headers(wait, is_global=fault.is_global)
        return respond(429, limited_body(wait, is_global=fault.is_global), headers)
    if fault.status in (502, 503, 504, 524):
        # What a proxy says, which is no JSON.
        return web.Response(status=fault.status, text="<html>bad gateway</html>", content_type="text/html")
    if fault.code:
        return respond(fault.status, ApiError(fault.status, fault.code).body, headers)
    return respond(fault.status, {"message": f"{fault.status}: Error", "code": 0}, headers)
