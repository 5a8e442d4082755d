"""The Web API's door: arguments, tokens, scopes, faults, and the record of every call."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.support.slack.faults import Fault
from tests.support.slack.messages import Json
from tests.support.slack.world import Channel, Installation, User

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

# Arguments that travel as JSON text in a form.
STRUCTURED = ("blocks", "attachments", "view", "files", "metadata")


class ApiError(Exception):
    """Slack's refusal: `{"ok": false, "error": …}` with status 200."""

    def __init__(self, error: str, problems: list[str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.body: Json = {"ok": False, "error": error, **more}
        if problems:
            self.body["errors"] = problems
            self.body["response_metadata"] = {"messages": [f"[ERROR] {problem}" for problem in problems]}


@dataclass
class Call:
    """One call of a Web API method, as received."""

    platform: SlackPlatform
    method: str
    args: Json
    token: str
    answer: Json = field(default_factory=dict)
    installed: Installation | None = None

    @property
    def installation(self) -> Installation:
        """Whose token it is."""
        assert self.installed is not None
        return self.installed

    def need(self, name: str) -> Any:
        """A required argument."""
        value = self.args.get(name)
        if value in (None, ""):
            raise ApiError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of at least 1, cut at `most`."""
        try:
            value = int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise ApiError("invalid_arguments", [f"must be an integer [json-pointer:/{name}]"]) from None
        if value < 1:
            raise ApiError("invalid_limit" if name == "limit" else "invalid_arguments")
        return min(value, most)

    def flag(self, name: str) -> bool:
        """A boolean in any of the forms Slack takes."""
        return self.args.get(name) in (True, "true", "1", 1)

    def page(self, items: list[Any], default: int, most: int) -> tuple[list[Any], str]:
        """One page of `items` by `limit` and `cursor`, and the next cursor."""
        start = 0
        if cursor := self.args.get("cursor"):
            prefix, _, number = str(cursor).partition(":")
            if prefix != "next" or not number.isdigit():
                raise ApiError("invalid_cursor")
            start = int(number)
        end = start + self.number("limit", default, most)
        return items[start:end], f"next:{end}" if end < len(items) else ""

    def channel(self, name: str = "channel") -> Channel:
        """The conversation, if the bot may know of it."""
        found = self.platform.world.channels.get(str(self.need(name)))
        bot = self.installation.bot
        if found is None or found.team is not bot.team or (found.kind != "public" and bot not in found.members):
            raise ApiError("channel_not_found")
        return found

    def user(self, user_id: object) -> User:
        """A user of the token's team."""
        found = self.platform.world.users.get(str(user_id))
        if found is None or found.team is not self.installation.team:
            raise ApiError("user_not_found")
        return found


Method = Callable[[Call], Json]


class WebApi:
    """Dispatches `/api/{method}` to the methods given."""

    def __init__(self, platform: SlackPlatform, methods: dict[str, Method], scopes: dict[str, str]) -> None:
        self._platform = platform
        self._methods = methods
        self._scopes = scopes

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One HTTP request."""
        method = request.match_info["method"]
        call = Call(self._platform, method, await read_args(request), token_of(request))
        self._platform.calls.append(call)
        if seconds := self._platform.pace.left(method, str(call.args.get("channel"))):
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
            )
        fault = self._platform.faults.take(method)
        return await with_fault(request, fault, lambda: self._answer(call))

    async def _answer(self, call: Call) -> web.Response:
        """Do the work; no await within, so nobody sees half of it."""
        try:
            self._authenticate(call)
            call.answer = {"ok": True, **self._methods[call.method](call)}
        except ApiError as error:
            call.answer = error.body
        self._platform.changed()
        headers = {"X-OAuth-Scopes": ",".join(call.installed.scopes)} if call.installed else {}
        return web.json_response(call.answer, headers=headers)

    def _authenticate(self, call: Call) -> None:
        """Token, then scope, as the method needs."""
        if call.method not in self._methods:
            raise ApiError("method_deprecated" if call.method == "files.upload" else "unknown_method")
        if call.method == "oauth.v2.access":
            return
        if not call.token:
            raise ApiError("not_authed")
        is_app_token = call.token == self._platform.app.app_token
        call.installed = self._platform.world.by_token(call.token)
        if not is_app_token and call.installed is None:
            raise ApiError("invalid_auth")
        if is_app_token != (call.method == "apps.connections.open"):
            raise ApiError("not_allowed_token_type")
        if call.installed and call.installed.is_revoked:
            raise ApiError("token_revoked")
        needed = self._scopes.get(call.method, "")
        if call.installed and needed and not {*needed.split("|")} & {*call.installed.scopes}:
            provided = ",".join(call.installed.scopes)
            raise ApiError("missing_scope", needed=needed.replace("|", ","), provided=provided)


async def read_args(request: web.Request) -> Json:
    """The arguments from the query, a form or JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            return {"__invalid__": True}
        args |= body if isinstance(body, dict) else {}
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for name in STRUCTURED:
        if isinstance(args.get(name), str):
            try:
                args[name] = json.loads(args[name])
            except ValueError:
                args[name] = None
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        login, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        args |= {"client_id": login, "client_secret": password}
    return args


def token_of(request: web.Request) -> str:
    """The bearer token, or nothing."""
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""


async def with_fault(
    request: web.Request, fault: Fault | None, work: Callable[[], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer by `work`, unless a fault strikes before or after it."""
    if fault is None:
        return await work()
    if fault.kind == "answer":
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": fault.error}, status=fault.status, headers=headers)
    answer = await work() if fault.after_effect else None
    if fault.kind == "hang":
        await fault.released.wait()
        return answer or await work()
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError
