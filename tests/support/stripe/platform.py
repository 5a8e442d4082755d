"""A local Stripe: the server that the library talks to, the page that people pay on, and signed webhooks."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.support.clock import HeldClock
from tests.support.local_platform import LocalClock
from tests.support.stripe.faults import Fault
from tests.support.stripe.forms import read_form
from tests.support.stripe.objects import Json
from tests.support.stripe.refusals import RefusalError, missing
from tests.support.stripe.world import World

API_KEY = "sk_test_of_the_local_stripe"
READING_KEY = "rk_test_that_only_reads"
WEBHOOK_SECRET = "whsec_of_the_local_stripe"

_BEFORE = {
    Fault.BROKEN_BEFORE: (500, {"error": {"type": "api_error", "message": "An unknown error occurred"}}),
    Fault.BUSY: (429, {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many"}}),
}


class FollowingClock(LocalClock):
    """A platform's clock that shows what a held one does, and moves that on."""

    def __init__(self, held: HeldClock) -> None:
        super().__init__()
        self._held = held

    def now(self) -> float:
        """Return the platform's time."""
        return self._held.now().timestamp()

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once, for everybody."""
        self._held.forward(seconds=seconds)


@dataclass(frozen=True)
class Answered:
    """What was answered to a key: for which request, and what."""

    request: tuple[str, str]
    status: int
    body: Json


class StripePlatform:
    """Stripe on a loopback port, with one account. An async context manager.

    `faults` come over the next requests that change something, one each. `requests` are those that came, with the key
    that each was asked by.
    """

    api_key, reading_key, webhook_secret = API_KEY, READING_KEY, WEBHOOK_SECRET

    def __init__(self, clock: HeldClock | None = None) -> None:
        """Its clock runs on unless it goes by one that is held."""
        self.clock = LocalClock() if clock is None else FollowingClock(clock)
        self.faults: deque[Fault] = deque()
        self.requests: list[tuple[str, str, str]] = []
        self._answered: dict[str, Answered] = {}
        self._still = asyncio.Event()

    # ------------------------------------------------------------ life

    async def __aenter__(self) -> Self:
        server = web.Application()
        server.router.add_route("*", "/v1/{path:.+}", self._serve)
        self._runner = web.AppRunner(server, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.world = World(self.clock, self.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._still.set()
        await self._runner.cleanup()

    # ------------------------------------------------------------ people, and what is told of them

    def pay(self, session_id: str, card: str) -> None:
        """Type a card into the page and pay."""
        self.world.pay(session_id, card)

    def authenticate(self, session_id: str, *, succeeds: bool = True) -> None:
        """Confirm a payment with the bank, or fail to."""
        self.world.authenticate(session_id, succeeds=succeeds)

    def event(self, kind: str) -> Json:
        """Return the last event of a kind."""
        return next(event for event in reversed(self.world.events) if event["type"] == kind)

    def signed(self, event: Json, *, secret: str = "", aged: float = 0.0) -> tuple[bytes, dict[str, str]]:
        """Return an event as a webhook: the body, and the headers with its signature, made `aged` seconds ago."""
        body = json.dumps(event, indent=2).encode()
        at = int(self.clock.now() - aged)
        key = (secret or self.webhook_secret).encode()
        signature = hmac.new(key, f"{at}.".encode() + body, sha256).hexdigest()
        headers = {"Stripe-Signature": f"t={at},v1={signature},v0={'0' * 64}"}
        return body, {**headers, "Content-Type": "application/json; charset=utf-8"}

    # ------------------------------------------------------------ the API

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        key = request.headers.get("Idempotency-Key", "")
        path = request.match_info["path"]
        self.requests.append((request.method, path, key))
        try:
            self._authorize(request)
            if request.method == "GET":
                return web.json_response(self._read(path, read_form(request.query_string)))
            return await self._change(request, path, key)
        except RefusalError as refusal:
            return web.json_response(refusal.body, status=refusal.status)

    def _authorize(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if given not in (self.api_key, self.reading_key):
            raise RefusalError(401, f"Invalid API Key provided: {given[:8]}****")
        if given == self.reading_key and request.method != "GET":
            raise RefusalError(403, "The provided key does not have the required permissions for this endpoint.")
        self.world.version = request.headers.get("Stripe-Version", "")

    async def _change(self, request: web.Request, path: str, key: str) -> web.StreamResponse:
        if request.content_type != "application/x-www-form-urlencoded":
            raise RefusalError(400, "Request bodies must be of type application/x-www-form-urlencoded.")
        text = await request.text()
        fault = self.faults.popleft() if self.faults else None
        if fault in _BEFORE:
            status, body = _BEFORE[fault]
            return web.json_response(body, status=status)
        if fault is Fault.NONSENSE:
            return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
        answer, is_replayed = self._once(key, path, text)
        if fault is Fault.BROKEN_AFTER:
            # Whatever is answered to a key is answered to it ever after, that too.
            answer = self._answered[key] = Answered(answer.request, *_BEFORE[Fault.BROKEN_BEFORE])
        return await self._send(request, answer, fault, is_replayed=is_replayed)

    def _once(self, key: str, path: str, text: str) -> tuple[Answered, bool]:
        """Do what is asked for, or answer what was answered to the same key before."""
        before = self._answered.get(key)
        if before is not None:
            if before.request != (path, text):
                raise RefusalError(
                    400,
                    "Keys for idempotent requests can only be used with the same parameters they were first used "
                    f"with. Try using a key other than '{key}' if you meant to execute a different request.",
                    kind="idempotency_error",
                )
            return before, True
        # What is refused before anything is done leaves no trace of the key.
        answer = Answered((path, text), 200, self._do(path, read_form(text)))
        if key:
            self._answered[key] = answer
        return answer, False

    async def _send(
        self, request: web.Request, answer: Answered, fault: Fault | None, *, is_replayed: bool
    ) -> web.StreamResponse:
        if fault is Fault.SILENT_AFTER:
            await self._still.wait()
        if fault is Fault.CUT_AFTER and request.transport:
            request.transport.close()
        headers = {"Idempotent-Replayed": "true"} if is_replayed else {}
        if fault is Fault.HALF_AFTER:
            return await _half(request, json.dumps(answer.body).encode())
        return web.json_response(answer.body, status=answer.status, headers=headers)

    def _read(self, path: str, asked: Json) -> Json:
        match path.split("/"):
            case ["checkout", "sessions"]:
                found = [session.shape() for session in reversed(self.world.sessions.values())]
                limit = int(asked.get("limit", 10))
                return {
                    "object": "list", "data": found[:limit], "has_more": len(found) > limit,
                    "url": "/v1/checkout/sessions",
                }  # fmt: skip
            case ["checkout", "sessions", session_id]:
                return self.world.session(session_id).shape(asked.get("expand", []))
            case ["refunds", refund_id] if refund_id in self.world.refunds:
                return self.world.refunds[refund_id].shape()
        raise missing("object", path, "id")

    def _do(self, path: str, asked: Json) -> Json:
        expand: list[str] = asked.get("expand", [])
        does: dict[str, Callable[[], Any]] = {
            "checkout/sessions": lambda: self.world.create_session(asked).shape(expand),
            "refunds": lambda: self.world.create_refund(asked).shape(),
        }
        match path.split("/"):
            case ["checkout", "sessions", session_id, "expire"]:
                return self.world.expire_session(session_id).shape(expand)
            case _ if path in does:
                done: Json = does[path]()
                return done
        raise RefusalError(404, f"Unrecognized request URL (POST: /v1/{path}).")


async def _half(request: web.Request, body: bytes) -> web.StreamResponse:
    """Begin an answer, and break off in its middle."""
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await answer.prepare(request)
    await answer.write(body[: len(body) // 2])
    if request.transport:
        request.transport.close()
    return answer
