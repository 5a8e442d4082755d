"""Socket Mode: the same app over a connection that we open, for machines that Slack can't reach."""

import asyncio
import contextlib
import time
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.platforms.follow_ups import UnderWay
from adapters.platforms.slack.api import SlackApi, sdk_logger
from adapters.platforms.slack.options import Timings

log = structlog.get_logger(__name__)

STALE_LOOKS = 2
"""Looks in a row without a connection, after which the address that Slack gave us is thought spent."""


class Socket:
    """Keeps one connection to Slack; the SDK opens a new one whenever it ends."""

    def __init__(self, app: AsyncApp, api: SlackApi, app_token: str, timings: Timings) -> None:
        self._app = app
        self._api = api
        self._app_token = app_token
        self._timings = timings
        self._client: SocketModeClient | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._is_open = True
        self.under_way = UnderWay()

    async def start(self) -> None:
        """Begin to connect; that goes on until it works."""
        self._client = client = SocketModeClient(
            app_token=self._app_token,
            logger=sdk_logger(),
            web_client=self._api.reader(""),
            ping_interval=self._timings.ping,
        )
        client.socket_mode_request_listeners.append(self._take)
        self._tasks = [
            asyncio.create_task(self._connect(client), name="slack socket mode"),
            asyncio.create_task(self._watch(client), name="slack socket mode watch"),
        ]

    async def is_connected(self) -> bool:
        """Tell whether Slack reaches us."""
        return self._client is not None and await self._client.is_connected()

    def close(self) -> None:
        """Take nothing new; what is under way can still be acknowledged."""
        self._is_open = False

    async def stop(self) -> None:
        """Close the connection and wait for the SDK's own tasks to end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        client = self._client
        if client is None:
            return
        with contextlib.suppress(OSError):
            await client.close()  # type: ignore[no-untyped-call]
        left = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await asyncio.gather(*(task for task in left if task), return_exceptions=True)

    async def _connect(self, client: SocketModeClient) -> None:
        while True:
            try:
                await client.connect()  # type: ignore[no-untyped-call]
            except Exception as error:  # whatever keeps Slack away, the way on is to try again
                log.warning("slack_socket_mode_unavailable", cause=type(error).__name__)
                await asyncio.sleep(self._timings.again)
            else:
                log.info("slack_socket_mode_connected")
                return

    async def _watch(self, client: SocketModeClient) -> None:
        """Have the SDK ask for a new address when the one it has, good for one connection, gets it nowhere."""
        misses = 0
        while True:
            await asyncio.sleep(self._timings.ping)
            misses = 0 if await client.is_connected() else misses + 1
            if misses >= STALE_LOOKS:
                client.wss_uri = None

    async def _take(self, client: Any, request: SocketModeRequest) -> None:
        """Serve one envelope; without an acknowledgement Slack sends it to another connection or shows an error."""
        if not self._is_open:
            return
        with self.under_way:
            answer = await run_async_bolt_app(self._app, request)
            await send_async_response(client, request, answer, time.time())
