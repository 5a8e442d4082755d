"""A local Slack: the server an app talks to, and the people who use the app."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.support.local_platform import Watched
from tests.support.patience import patience
from tests.support.slack import auth, chat, conversations, files, modals, payloads, response_urls
from tests.support.slack.auth import AppConfig, OauthCode
from tests.support.slack.clock import PlatformClock
from tests.support.slack.delivery import Delivery, HttpTransport, Transport
from tests.support.slack.exchange import Exchange
from tests.support.slack.faults import Faults
from tests.support.slack.messages import Json, Message, View
from tests.support.slack.modals import Trigger
from tests.support.slack.pace import Pace
from tests.support.slack.person import Person
from tests.support.slack.response_urls import ResponseUrl
from tests.support.slack.socket_mode import SocketMode
from tests.support.slack.webapi import Call, WebApi
from tests.support.slack.world import Channel, Installation, Team, User, World

AREAS = (auth, chat, conversations, files, modals)
UPLOAD_BYTES = 256 * 1024 * 1024


class SlackPlatform(Watched):
    """Slack on a loopback port, with one team in which the app is installed. An async context manager.

    `ack_seconds` and `trigger_seconds` are Slack's three seconds, more on a slow machine; `retry_delays` are the pauses
    before an event is sent again (Slack's own: at once, one minute, five minutes). `pace` is how often it lets an app
    post into a channel: as often as it likes, unless a test says otherwise.
    """

    def __init__(self, *, retry_delays: tuple[float, ...] = (0.0, 0.01, 0.01)) -> None:
        super().__init__()
        self.ack_seconds = self.trigger_seconds = patience(3.0)
        self.retry_delays = retry_delays
        self.clock = PlatformClock()
        self.app = AppConfig()
        self.world = World(self.clock, self.app.id)
        self.faults = Faults()
        self.pace = Pace()
        self.calls: list[Call] = []
        self.downloads: list[str] = []
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self.oauth_codes: dict[str, OauthCode] = {}
        self.socket = SocketMode(self)
        self.transport: Transport = self.socket
        self.installation = self.world.install(self.world.team("Acme"))
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_up = False

    # ------------------------------------------------------------ life

    async def __aenter__(self) -> Self:
        methods = {name: method for area in AREAS for name, method in area.METHODS.items()}
        scopes = {name: scope for area in AREAS for name, scope in area.SCOPES.items()}
        server = web.Application(client_max_size=UPLOAD_BYTES)
        server.router.add_route("*", "/api/{method}", WebApi(self, methods, scopes).handle)
        server.router.add_post("/{kind:commands|actions|app}/{team}/{key}", self._respond)
        server.router.add_post("/upload/v1/{file}", self._upload)
        server.router.add_get("/files-pri/{place}/{name}", self._download)
        server.router.add_get("/files-pri/{place}/download/{name}", self._download)
        server.router.add_get("/link/", self.socket.handle)
        self._runner = web.AppRunner(server, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self._is_up = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_up = False
        self.faults.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket.close()
        await self.session.close()
        await self._runner.cleanup()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        return await response_urls.receive(self, request)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        return await files.receive_upload(self, request)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        return await files.send_content(self, request)

    # ------------------------------------------------------------ the app's side

    @property
    def api_url(self) -> str:
        """The base address for the SDK's `base_url`."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The token in the first team."""
        return self.installation.token

    def connect(self, url: str) -> HttpTransport:
        """Send everything to the app's request URL from now on."""
        self.transport = transport = HttpTransport(self, url)
        return transport

    def oauth_code(self, team: Team, by: User, scopes: str) -> str:
        """The code an app gets after `by` consented to its installation."""
        code = self.world.id("code")
        self.oauth_codes[code] = OauthCode(team, by, scopes)
        return code

    # ------------------------------------------------------------ people

    def person(self, user: User, transport: Transport | None = None) -> Person:
        """Act as `user`; by default over the transport connected last (Socket Mode if none was)."""
        return Person(self, user, transport or self.transport)

    async def uninstall(self, installation: Installation | None = None) -> list[Exchange]:
        """Remove the app from a team: its tokens die, and it hears `app_uninstalled` and `tokens_revoked`."""
        found = installation or self.installation
        found.is_revoked = True
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [found.bot.id]}}
        return [await self._announce(found, inner) for inner in ({"type": "app_uninstalled"}, revoked)]

    async def revoke_tokens(self, installation: Installation | None = None) -> Exchange:
        """Take the bot's token away."""
        found = installation or self.installation
        found.is_revoked = True
        return await self._announce(found, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [found.bot.id]}})

    async def verify_url(self) -> Exchange:
        """Ask the app to prove that it owns its request URL."""
        token, challenge = self.app.verification_token, self.world.id("challenge")
        payload: Json = {"token": token, "challenge": challenge, "type": "url_verification"}
        return await self._send(self.installation, payload)

    async def send_event(self, inner: Json, installation: Installation | None = None) -> Exchange:
        """Send any event."""
        return await self._announce(installation or self.installation, inner)

    def echo(self, message: Message) -> None:
        """An app hears its own posts too, where it subscribed to messages."""
        if payloads.subscription(message.channel) in self.app.events and self._is_up:
            installation = self.world.installation(message.channel.team)
            payload = payloads.event(self, installation, payloads.said(message, "message"))
            self.background(self._deliver(payload))

    async def _deliver(self, payload: Json) -> None:
        await Delivery(self, self.transport, "events_api", payload).first()

    async def _announce(self, installation: Installation, inner: Json) -> Exchange:
        return await self._send(installation, payloads.event(self, installation, inner))

    async def _send(self, installation: Installation, payload: Json) -> Exchange:
        delivery = Delivery(self, self.transport, "events_api", payload)
        exchange = Exchange(self, installation.bot, delivery)
        return await exchange.start(exchange.take_event)

    # ------------------------------------------------------------ what can be seen

    def messages(self, channel: Channel, thread_ts: str | None = None) -> list[Message]:
        """The messages there, oldest first, without deleted and ephemeral ones; of one thread if asked."""
        seen = [message for message in channel.messages if not message.deleted]
        return [m for m in seen if thread_ts in (None, m.thread_ts, m.ts)]

    def ephemerals(self, user: User, channel: Channel | None = None) -> list[Message]:
        """What only `user` sees."""
        places = [channel] if channel else list(self.world.channels.values())
        found = [message for place in places for message in place.ephemerals]
        return [message for message in found if message.ephemeral_to is user and not message.deleted]

    def direct_messages(self, user: User) -> list[Message]:
        """What the app wrote to `user` directly."""
        direct = self.world.direct(user, self.world.installation(user.team).bot)
        return [message for message in self.messages(direct) if message.by_bot]

    def open_views(self, user: User) -> list[View]:
        """The modals on the person's screen, the topmost last."""
        views = self.world.views.values()
        return [view for view in views if view.user is user and view.is_open and view.data["type"] == "modal"]

    def home_of(self, user: User) -> View | None:
        """The person's Home tab, if one was published."""
        views = self.world.views.values()
        return next((view for view in views if view.user is user and view.data["type"] == "home"), None)

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one Web API method, refused ones too."""
        return [call for call in self.calls if call.method == method]

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` go on; it ends with the platform."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
