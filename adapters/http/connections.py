"""Connections that only wait: how long one may take to ask, and how many there may be at once.

What has a request under way, has just been made or is being asked again is not closed for the sake of others of its
address, so that a proxy in front, all of whose connections come from one, loses at most some that it keeps in reserve.
"""

import asyncio
import resource
import select
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

HEAD_SECONDS = 10.0
"""What a request may take until all of its headers are there, from when its connection is made."""
ARRIVAL_SECONDS = 5.0
"""What the first byte may take on a busy machine. When a proxy passes on a burst, many connections are made before any
is read from, each with its request on the way: to close them for each other's sake would lose requests."""

_IN_RESERVE = 256
"""Files that are left for the database, what is stored and what is called, where there are enough."""
_MOST = 100_000

log = structlog.get_logger(__name__)


def room_for_connections() -> int:
    """Return how many connections this process may have open, by how many files it may."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _MOST if files in (resource.RLIM_INFINITY, -1) else min(_MOST, files - min(_IN_RESERVE, files // 2))


class Connections:
    """All that is open, by address; over a limit the one that has waited longest makes room."""

    def __init__(self, per_address: int, altogether: int) -> None:
        """Keep the limits."""
        self._per_address = per_address
        self._altogether = altogether
        self._open: dict[Connection, None] = {}
        self._by_address: dict[str, dict[Connection, None]] = defaultdict(dict)

    def enter(self, connection: "Connection") -> None:
        """Count a new connection, and close one that only waits if that makes too many."""
        of_address = self._by_address[connection.address]
        if len(of_address) >= self._per_address:
            self._make_room([one for one in of_address if not one.arrives], "address")
        if len(self._open) >= self._altogether and not self._make_room(self._open, "altogether"):
            connection.drop()
        self._open[connection] = of_address[connection] = None

    def leave(self, connection: "Connection") -> None:
        """Count a connection no longer."""
        self._open.pop(connection, None)
        of_address = self._by_address.get(connection.address, {})
        of_address.pop(connection, None)
        if not of_address:
            self._by_address.pop(connection.address, None)

    def _make_room(self, among: Iterable["Connection"], limit: str) -> bool:
        by_age = sorted((one for one in among if one.waits), key=lambda one: one.since)
        waiting = next((one for one in by_age if not one.is_asked), None)
        if waiting is None:
            return False
        log.warning("connection_made_room", limit=limit)
        self.leave(waiting)
        waiting.drop()
        return True


class Connection(web.RequestHandler):
    """One connection, which is closed when a request's headers take too long."""

    __slots__ = ("_connections", "_is_heard", "_late", "address", "since")

    def __init__(self, connections: Connections, server: web.Server, **options: Any) -> None:
        """Keep where it is counted."""
        super().__init__(server, **options)
        self._connections = connections
        self._late: asyncio.TimerHandle | None = None
        self._is_heard = False
        self.address = ""
        self.since = 0.0

    @property
    def waits(self) -> bool:
        """Tell whether no request is under way; what has just been made has none yet."""
        return self._task_handler is None or (self._waiter is not None and not self._waiter.done())

    @property
    def arrives(self) -> bool:
        """Tell whether it is so new that its first request may be on the way."""
        return not self._is_heard and self._loop.time() - self.since < ARRIVAL_SECONDS

    @property
    def is_asked(self) -> bool:
        """Tell whether bytes are there that have not been read yet; what was kept open may just be asked again."""
        talk = self.transport.get_extra_info("socket") if self.transport else None
        if talk is None or talk.fileno() < 0:
            return False
        looking = select.poll()
        looking.register(talk, select.POLLIN)
        return bool(looking.poll(0))

    def drop(self) -> None:
        """Close it at once."""
        self.force_close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first request."""
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""
        self._begin_to_wait()
        super().connection_made(transport)
        self._connections.enter(self)

    def data_received(self, data: bytes) -> None:
        """Stop waiting once a request is there; what begins a further one has as long as the first had."""
        self._is_heard = True
        super().data_received(data)
        if not self.waits:
            self._stop_waiting()
        elif self._late is None:
            self._begin_to_wait()

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Tell of bytes that are no request in one line: they are nobody's fault here."""
        if isinstance(kw.get("exc_info"), HttpProcessingError | web.RequestPayloadError):
            log.warning("request_unreadable")
        else:
            super().log_exception(*args, **kw)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Leave nothing behind."""
        self._stop_waiting()
        self._connections.leave(self)
        super().connection_lost(exc)

    def _begin_to_wait(self) -> None:
        self.since = self._loop.time()
        self._late = self._loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self.waits:
            self.drop()


class CountedRunner(web.AppRunner):
    """Runs an application on connections that are counted."""

    __slots__ = ("_connections",)

    def __init__(self, app: web.Application, connections: Connections, **options: Any) -> None:
        """Keep where they are counted."""
        super().__init__(app, **options)
        self._connections = connections

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _CountingServer(self._connections, made)


class _CountingServer(web.Server):
    def __init__(self, connections: Connections, made: web.Server) -> None:
        super().__init__(made.request_handler, request_factory=made.request_factory, loop=made._loop, **made._kwargs)
        self._counted = connections

    def __call__(self) -> web.RequestHandler:
        return Connection(self._counted, self, loop=self._loop, **self._kwargs)
