"""A local Discord: the server an app talks to, and the people who use the app."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.support.discord import channels, commands, guilds, interactions
from tests.support.discord.changes import Changes
from tests.support.discord.clock import PlatformClock
from tests.support.discord.commands import Commands
from tests.support.discord.composing import Typist
from tests.support.discord.faults import Faults, matches
from tests.support.discord.gateway import PRIVILEGED, Gateway
from tests.support.discord.interactions import Interaction
from tests.support.discord.messages import Message, View
from tests.support.discord.person import Person
from tests.support.discord.ratelimits import RateLimits
from tests.support.discord.rest import Call, Rest, with_fault
from tests.support.discord.world import LEAST_FILE_BYTES, Channel, User, World
from tests.support.local_platform import Watched
from tests.support.patience import patience

AREAS = (channels, commands, guilds, interactions)
UPLOAD_BYTES = 64 * 1024 * 1024


@dataclass
class AppConfig:
    """The app as configured at Discord: `privileged` are the intents that are switched on there."""

    id: str = "900000000000000001"
    token: str = "OTAwMDAwMDAw.local.bot-token"
    privileged: int = PRIVILEGED


class DiscordPlatform(Watched):
    """Discord on a loopback port, with one server that the app is in. An async context manager.

    `ack_seconds` are Discord's three seconds to the first response, on a machine that is quiet.
    """

    def __init__(self, *, ack_seconds: float | None = None) -> None:
        super().__init__()
        self.ack_seconds = patience(3.0) if ack_seconds is None else ack_seconds
        self.file_bytes = LEAST_FILE_BYTES
        self.request_bytes = 25 * 1024 * 1024
        self.clock = PlatformClock()
        self.app = AppConfig()
        self.faults = Faults()
        self.limits = RateLimits()
        self.gateway = Gateway(self)
        self.world = World(self.clock, self.app.id, self.gateway.dispatch)
        self.commands = Commands(self)
        self.changes = Changes(self)
        self.typist: Typist | None = None
        self.calls: list[Call] = []
        self.downloads: list[str] = []
        self.interactions: dict[str, Interaction] = {}
        self.is_closing = False

    # ------------------------------------------------------------ life

    async def __aenter__(self) -> Self:
        routes = {route: method for area in AREAS for route, method in area.ROUTES.items()}
        server = web.Application(client_max_size=UPLOAD_BYTES)
        Rest(self, routes).mount(server)
        server.router.add_get("/{kind:attachments|ephemeral-attachments}/{owner}/{file}/{name}", self._download)
        server.router.add_get("/", self.gateway.handle)
        self._runner = web.AppRunner(server, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_closing = True
        self.faults.clear()
        self.gateway.close()
        await self._runner.cleanup()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A file of the CDN, by its signed address."""
        self.downloads.append(request.match_info["file"])
        fault = self.faults.take("GET /cdn")
        return await with_fault(request, fault, lambda: self._content(request))

    async def _content(self, request: web.Request) -> web.StreamResponse:
        file = self.world.files.get(request.match_info["file"])
        if file is None or not {"ex", "is", "hm"} <= set(request.query):
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=file.content, content_type=file.mimetype)

    # ------------------------------------------------------------ the app's side

    @property
    def api_url(self) -> str:
        """The base address for the SDK's `Route.BASE`."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The address for the SDK's `DEFAULT_GATEWAY`."""
        return f"{self.url.replace('http', 'ws', 1)}/"

    @property
    def bot_token(self) -> str:
        """The app's bot token."""
        return self.app.token

    # ------------------------------------------------------------ people

    def person(self, user: User) -> Person:
        """Act as `user`."""
        return Person(self, user)

    # ------------------------------------------------------------ what can be seen

    def messages(self, channel: Channel, thread_ts: str | None = None) -> list[Message]:
        """What was said there, oldest first, without deleted, ephemeral and "thinking" ones; of one thread if asked.

        Discord's own notices, such as of a pin, are left out.
        """
        place = self.world.channels.get(thread_ts) if thread_ts else channel
        seen = [message for message in place.messages if not message.deleted] if place else []
        return [message for message in seen if not message.is_thinking and message.data["type"] != channels.PIN_NOTICE]

    def ephemerals(self, user: User, channel: Channel | None = None) -> list[Message]:
        """What only `user` sees."""
        places = [channel] if channel else list(self.world.channels.values())
        found = [message for place in places for message in place.ephemerals]
        return [m for m in found if m.ephemeral_to is user and not m.deleted and not m.is_thinking]

    def thinking(self, channel: Channel) -> list[Message]:
        """The messages still shown as "… is thinking"."""
        return [m for m in (*channel.messages, *channel.ephemerals) if m.is_thinking and not m.deleted]

    def direct_messages(self, user: User) -> list[Message]:
        """What the app wrote to `user` directly."""
        return [message for message in self.messages(self.world.direct(user)) if message.by_bot]

    def open_views(self, user: User) -> list[View]:
        """The modal on the person's screen; there is at most one."""
        return [view for view in self.world.views if view.user is user and view.is_open]

    def calls_of(self, route: str) -> list[Call]:
        """The calls of a route (a pattern, as for faults), refused ones too."""
        return [call for call in self.calls if matches(route, call.route)]

    @property
    def invalid_calls(self) -> list[Call]:
        """The calls answered 401, 403 or 429: ten thousand of them in ten minutes and Discord bans the address."""
        return [call for call in self.calls if call.status in (401, 403, 429)]
