"""Socket Mode: the websocket endpoint, its envelopes and acknowledgements."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from typing import TYPE_CHECKING, Literal

from aiohttp import WSMsgType, web

from tests.support.slack.delivery import Attempt, Kind
from tests.support.slack.messages import Json

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

MOST_CONNECTIONS = 10
Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


class SocketMode:
    """The app's open connections; as a transport it sends each payload to one of them in turn."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = itertools.count()
        self.connections: list[web.WebSocketResponse] = []
        self.acknowledgements: list[Json] = []
        self.connected_in_all = 0

    def new_address(self) -> str:
        """An address that opens one connection."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{self._platform.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._platform.app.id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403, text="invalid ticket")
        self._tickets.remove(request.query["ticket"])
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await connection.send_json(_disconnect("too_many_websockets"))
            await connection.close()
            return connection
        self.connections.append(connection)
        self.connected_in_all += 1
        try:
            await connection.send_json(self._hello())
            self._platform.changed()
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self.connections.remove(connection)
            self._platform.changed()
        return connection

    def _hello(self) -> Json:
        return {
            "type": "hello", "num_connections": len(self.connections),
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._platform.app.id},
        }  # fmt: skip

    def _acknowledge(self, raw: str) -> None:
        try:
            answer = json.loads(raw)
        except ValueError:
            return
        self.acknowledgements.append(answer)
        waiting = self._waiting.get(answer.get("envelope_id", "")) if isinstance(answer, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def send(self, kind: Kind, payload: Json, retry_num: int = 0, retry_reason: str = "") -> Attempt:
        """Deliver one envelope and wait for its acknowledgement."""
        start = time.perf_counter()
        live = [connection for connection in self.connections if not connection.closed]
        if not live:
            return Attempt(retry_num, None, "", error="connection_failed")
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()), "type": kind, "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }  # fmt: skip
        if kind == "events_api":
            envelope |= {"retry_attempt": retry_num, "retry_reason": retry_reason}
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = waiting
        try:
            await live[next(self._turn) % len(live)].send_json(envelope)
            answer = await asyncio.wait_for(waiting, self._platform.ack_seconds)
        except TimeoutError:
            return Attempt(retry_num, None, "", latency=time.perf_counter() - start, error="timeout")
        except ConnectionError:
            return Attempt(retry_num, None, "", latency=time.perf_counter() - start, error="connection_failed")
        finally:
            del self._waiting[envelope["envelope_id"]]
        body = json.dumps(answer["payload"]) if answer.get("payload") is not None else ""
        return Attempt(retry_num, 200, body, latency=time.perf_counter() - start)

    async def disconnect(self, reason: Reason = "refresh_requested", *, abruptly: bool = False) -> None:
        """Announce the end of every connection; `abruptly` cuts them without a word."""
        for connection in list(self.connections):
            if abruptly:
                await connection.close(code=1011)
            else:
                await connection.send_json(_disconnect(reason))

    async def close(self) -> None:
        """Close all connections, when the platform goes down."""
        for connection in list(self.connections):
            await connection.close()


def _disconnect(reason: Reason) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
