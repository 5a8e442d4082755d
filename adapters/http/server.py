"""The server: one address for everything, or a second one apart for what other machines call."""

import errno
import socket
from collections.abc import Callable, Sequence

import structlog
from aiohttp import web

from adapters.http.connections import Connections, CountedRunner, room_for_connections
from adapters.http.health import Health
from adapters.http.middleware import plain_errors, unnamed, within
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

Mount = Callable[[web.Application], None]
"""Adds a part's routes to the application it is given."""

BODY_LIMIT = 1024 * 1024
"""Bytes of a body that a handler gets in one piece; uploads are streamed and have a limit of their own."""

_PUBLIC_SECONDS = 30.0
_KEEP_ALIVE = 75.0
_LINGER = 2.0
_BACKLOG = 256

log = structlog.get_logger(__name__)


class AddressError(QuartermasterError):
    """An address can't be listened on; the text is one plain sentence."""

    code = "address"


@value_object
class Address:
    """Where to listen, and the settings that say so; port 0 takes any that is free."""

    host: str
    port: int
    setting: str = "QM_PORT"

    def __str__(self) -> str:
        """Return `host:port`, as it stands in a web address."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class HttpServer:
    """Serves the console, the metrics and the health on `main`; what other machines call there too, or on `public`.

    `console` are the parts that only this machine may reach, `gateways` those that platforms call.
    """

    def __init__(
        self,
        *,
        main: Address,
        public: Address | None,
        console: Sequence[Mount],
        gateways: Sequence[Mount],
        health: Health,
        metrics: Callable[[], tuple[bytes, str]],
        sees_metrics: Callable[[web.Request], bool],
        patience: float = 10.0,
        per_address: int = 100,
    ) -> None:
        """Keep the parts; nothing is opened before `start`.

        `patience`: seconds for answers under way at the end. `per_address`: connections of one address, above which
        those that only wait make room.
        """
        self._connections = Connections(per_address, room_for_connections())
        self._health = health
        self._patience = patience
        self._metrics = metrics
        self._sees_metrics = sees_metrics
        self._planned = [(main, self._application([*console, self._mount_metrics], [] if public else gateways))]
        if public:
            self._planned.append((public, self._application([], gateways)))
        self._runners: list[web.AppRunner] = []
        self._listening: list[Address] = []

    async def start(self) -> None:
        """Listen. Raises `AddressError` when an address can't be had; then nothing is left open."""
        try:
            for address, app in self._planned:
                runner = CountedRunner(
                    app,
                    self._connections,
                    access_log=None,
                    keepalive_timeout=_KEEP_ALIVE,
                    lingering_time=_LINGER,
                    shutdown_timeout=self._patience,
                )
                self._runners.append(runner)
                await runner.setup()
                await _listen(runner, address)
                self._listening.append(Address(address.host, runner.addresses[0][1], address.setting))
        except BaseException:  # cancelled or failed: nothing is left open
            await self.stop()
            raise
        log.info("listening", addresses=[str(address) for address in self._listening])

    @property
    def main(self) -> Address:
        """Return where it listens, with the port that was taken."""
        return self._listening[0]

    @property
    def public(self) -> Address:
        """Return where other machines call."""
        return self._listening[-1]

    def stopping(self) -> None:
        """Say that nothing new should be sent here."""
        self._health.stopping()

    async def stop(self) -> None:
        """Take no new connections, let what is under way finish, and close."""
        self.stopping()
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()

    def _application(self, parts: Sequence[Mount], gateways: Sequence[Mount]) -> web.Application:
        bounded: set[web.AbstractRoute] = set()
        app = web.Application(middlewares=[plain_errors, within(_PUBLIC_SECONDS, bounded)], client_max_size=BODY_LIMIT)
        app.on_response_prepare.append(unnamed)
        for mount in (self._health.mount, *gateways):
            mount(app)
        bounded.update(app.router.routes())
        for mount in parts:
            mount(app)
        return app

    def _mount_metrics(self, app: web.Application) -> None:
        app.router.add_get("/metrics", self._answer_metrics)

    async def _answer_metrics(self, request: web.Request) -> web.Response:
        if not self._sees_metrics(request):
            # Neither a tunnel for Slack's calls nor another site's page must lay the figures open.
            raise web.HTTPNotFound
        body, content_type = self._metrics()
        return web.Response(body=body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})


async def _listen(runner: web.AppRunner, address: Address) -> None:
    try:
        await web.TCPSite(runner, address.host, address.port, backlog=_BACKLOG).start()
    except socket.gaierror as error:
        raise AddressError(f"{address.host} is not an address of this machine.") from error
    except OSError as error:
        raise AddressError(_why(error, address)) from error


def _why(error: OSError, address: Address) -> str:
    """Return the sentence for a refused address, with what to do."""
    host_setting = address.setting.replace("PORT", "HOST")
    if error.errno == errno.EADDRINUSE:
        return f"{address} is in use. Stop what listens there, or set {address.setting} to another port."
    if error.errno == errno.EACCES:
        return f"{address} needs more rights than this user has. Set {address.setting} to a port above 1023."
    # From Python 3.13 on, asyncio tells of it by leaving the number out.
    if error.errno in (errno.EADDRNOTAVAIL, None):
        return f"{address.host} is not an address of this machine. Set {host_setting} to one that is."
    return f"{address} can't be listened on. Set {address.setting} or {host_setting} to something else."
