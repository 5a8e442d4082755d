"""The HTTP server over real sockets: addresses, health, figures, failures, the end."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web

from adapters.http import Address, AddressError, Health, HttpServer, connections
from adapters.http import server as http_server
from adapters.platforms.web.guard import Guard
from adapters.telemetry.checkup import PartsCheckup
from core.ports.health import Check, State
from core.ports.storage import StorageUnavailableError
from tests.support.patience import patiently, until

ANYWHERE = Address("127.0.0.1", 0)
Serve = Callable[..., AbstractAsyncContextManager["Client"]]


class Client:
    """Talks to a running server."""

    def __init__(self, session: aiohttp.ClientSession, server: HttpServer) -> None:
        self.session, self.server = session, server

    async def get(self, path: str, *, public: bool = False, **options: Any) -> tuple[int, Any]:
        address = self.server.public if public else self.server.main
        async with self.session.get(f"http://{address}{path}", **options) as response:
            assert "Server" not in response.headers
            body = await response.text()
            return response.status, await response.json() if "json" in response.content_type else body


async def works() -> None:
    """Be a part that works."""


async def fails() -> None:
    raise StorageUnavailableError("secret address of the database")


async def hangs() -> None:
    await asyncio.Event().wait()


async def hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello")


async def breaks(_request: web.Request) -> web.Response:
    raise RuntimeError("the inside")


def mount(path: str, handler: Callable[[web.Request], Any], method: str = "GET") -> Callable[[web.Application], None]:
    def add(app: web.Application) -> None:
        app.router.add_route(method, path, handler)

    return add


@asynccontextmanager
async def serving(
    *,
    public: Address | None = None,
    checks: dict[str, Check] | None = None,
    states: dict[str, State] | None = None,
    console: Sequence[Callable[[web.Application], None]] = (),
    gateways: Sequence[Callable[[web.Application], None]] = (),
    patience: float = 5,
    per_address: int = 100,
) -> AsyncIterator[Client]:
    server = HttpServer(
        main=ANYWHERE,
        public=public,
        console=console,
        gateways=gateways,
        health=Health(PartsCheckup(checks or {"database": works}, states or {})),
        metrics=lambda: (b"figures 1\n", "text/plain; version=0.0.4"),
        sees_metrics=Guard().is_named_by,
        patience=patience,
        per_address=per_address,
    )
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Client(session, server)
    finally:
        await server.stop()


async def test_one_address_serves_everything() -> None:
    async with serving(console=[mount("/", hello)], gateways=[mount("/slack/events", hello)]) as client:
        assert await client.get("/") == (200, "hello")
        assert await client.get("/slack/events") == (200, "hello")
        assert await client.get("/healthz") == (200, {"status": "ok"})
        assert await client.get("/readyz") == (200, {"status": "ready", "parts": {"database": "ok"}})
        assert await client.get("/metrics") == (200, "figures 1\n")
        assert client.server.main == client.server.public


async def test_the_public_address_has_no_console_and_no_figures() -> None:
    async with serving(
        public=ANYWHERE, console=[mount("/", hello)], gateways=[mount("/slack/events", hello)]
    ) as client:
        assert client.server.main.port != client.server.public.port
        assert [(await client.get(path, public=True))[0] for path in ("/", "/metrics")] == [404, 404]
        assert [(await client.get(path, public=True))[0] for path in ("/slack/events", "/healthz", "/readyz")] == [
            200
        ] * 3
        assert [(await client.get(path))[0] for path in ("/", "/metrics", "/healthz", "/readyz")] == [200] * 4
        assert (await client.get("/slack/events"))[0] == 404


async def test_a_part_that_the_others_do_without_is_shown_and_not_waited_for() -> None:
    async with serving(checks={"database": works}, states={"jobs": lambda: "failed: cannot_connect"}) as client:
        shown = {"database": "ok", "jobs": "failed: cannot_connect"}
        assert await client.get("/readyz") == (200, {"status": "ready", "parts": shown})


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "x-forwarded-proto"])
async def test_figures_are_not_for_who_comes_through_a_tunnel(header: str) -> None:
    async with serving() as client:
        assert (await client.get("/metrics", headers={header: "x"}))[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1", "127.0.0.1.evil.example", "\xff"])
async def test_figures_are_not_for_who_calls_us_by_another_name(host: str) -> None:
    async with serving() as client:
        assert (await client.get("/metrics", headers={"Host": host}))[0] == 404
        assert (await client.get("/metrics", headers={"Host": f"localhost:{client.server.main.port}"}))[0] == 200


async def test_a_body_that_is_not_packed_as_it_says_is_refused() -> None:
    async def reads(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async with serving(gateways=[mount("/events", reads, "POST")]) as client:
        url = f"http://{client.server.main}/events"
        headers = {"Content-Encoding": "gzip"}
        async with client.session.post(url, data=b"not gzip", headers=headers) as response:
            assert response.status == 400


async def test_not_ready_names_the_part_but_not_the_cause() -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving(checks={"database": fails, "slack": works}) as client:
            status, body = await client.get("/readyz")
            assert (await client.get("/healthz"))[0] == 200
    assert (status, body) == (503, {"status": "not ready", "parts": {"database": "unavailable", "slack": "ok"}})
    assert [log["part"] for log in logs if log["event"] == "part_unavailable"] == ["database"]


async def test_a_part_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telemetry.checkup._SECONDS", 0.05)
    async with serving(checks={"slack": hangs}) as client:
        assert (await client.get("/readyz"))[0] == 503


async def test_however_often_it_is_asked_a_part_is_looked_at_once() -> None:
    looks = 0

    async def counts() -> None:
        nonlocal looks
        looks += 1

    async with serving(checks={"database": counts}) as client:
        await asyncio.gather(*(client.get("/readyz") for _ in range(50)))
    assert looks <= 2


async def test_ready_again_once_the_part_is_back() -> None:
    broken = [True]

    async def flaky() -> None:
        if broken[0]:
            raise OSError

    checkup = PartsCheckup({"database": flaky})
    assert await checkup.parts() == {"database": False}
    broken[0] = False
    checkup._seen_at = float("-inf")
    assert await checkup.parts() == {"database": True}


async def test_a_part_that_has_just_come_up_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telemetry.checkup._FRESH_WHILE_BROKEN", 60.0)
    is_up, looked, go_on = [False], asyncio.Event(), asyncio.Event()

    async def comes_up() -> None:
        was_up = is_up[0]
        looked.set()
        await go_on.wait()
        if not was_up:
            raise OSError

    checkup = PartsCheckup({"slack": comes_up})
    looking = asyncio.ensure_future(checkup.parts())
    await looked.wait()
    is_up[0] = True
    checkup.look_again()  # while it is being looked at, too
    go_on.set()
    assert await looking == {"slack": False}
    assert await checkup.parts() == {"slack": True}


async def test_a_stopping_server_says_so_to_who_balances_load() -> None:
    async with serving() as client:
        client.server.stopping()
        assert await client.get("/readyz") == (503, {"status": "stopping"})
        assert (await client.get("/healthz"))[0] == 200


async def test_failures_are_short_documents_without_the_inside() -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving(console=[mount("/breaks", breaks), mount("/post", hello, "POST")]) as client:
            status, body = await client.get("/breaks")
            missing = await client.get("/nothing")
            wrong = await client.get("/post")
    assert status == 500
    assert body["ok"] is False
    assert body["error"]["code"] == "internal"
    assert "inside" not in str(body)
    (logged,) = [log for log in logs if log["event"] == "http_failed"]
    assert logged["reference"] == body["error"]["reference"]
    assert missing == (
        404,
        {"ok": False, "error": {"code": "not_found", "message": "There is nothing at this address."}},
    )
    assert wrong[0] == 405


async def test_a_body_over_the_limit_is_refused() -> None:
    async def reads(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async with serving(gateways=[mount("/events", reads, "POST")]) as client:
        url = f"http://{client.server.main}/events"
        async with client.session.post(url, data=io.BytesIO(b"x" * http_server.BODY_LIMIT)) as response:
            assert response.status == 200
        async with client.session.post(url, data=io.BytesIO(b"x" * (http_server.BODY_LIMIT + 1))) as response:
            assert response.status == 413
            assert (await response.json())["error"]["code"] == "too_large"


async def test_a_slow_sender_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def reads(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    monkeypatch.setattr(http_server, "_PUBLIC_SECONDS", 0.05)
    async with serving(gateways=[mount("/events", reads, "POST")], patience=0.1) as client:
        address = client.server.main
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow")
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        writer.close()


Half = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def half_asked(client: Client) -> Half:
    """Open a connection and send the beginning of a request."""
    reader, writer = await asyncio.open_connection(client.server.main.host, client.server.main.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHo")
    await writer.drain()
    return reader, writer


ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def asked(client: Client) -> socket.socket:
    """Connect and ask."""
    talk = socket.socket()
    talk.setblocking(False)
    await asyncio.get_running_loop().sock_connect(talk, (client.server.main.host, client.server.main.port))
    talk.sendall(ASKED)
    return talk


async def first_line(talk: socket.socket) -> bytes:
    """Return the first line of an answer to the request above, read to its end."""
    answer = b""
    async with patiently(10):
        while not answer.endswith(b"hello"):
            answer += (more := await asyncio.get_running_loop().sock_recv(talk, 4096))
            if not more:
                raise ConnectionResetError
    return answer.partition(b"\r\n")[0]


async def ends(half: Half) -> bool:
    async with patiently(5):
        try:
            return await half[0].read() == b""
        except ConnectionError:
            return True
        finally:
            half[1].close()


async def test_headers_that_take_too_long_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    async with serving(gateways=[mount("/slow", hello_later)]) as client:
        assert await ends(await half_asked(client))
        reader, writer = await asyncio.open_connection(client.server.main.host, client.server.main.port)
        writer.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200"), "an answer may take longer"
        await reader.readuntil(b"hello")
        writer.write(b"GET /slow HTTP/1.1\r\nHo")
        assert await ends((reader, writer)), "a further request has no longer than the first"


async def hello_later(_request: web.Request) -> web.Response:
    await asyncio.sleep(0.2)
    return web.Response(text="hello")


async def test_what_waits_makes_room_and_what_is_under_way_never_does() -> None:
    go_on = asyncio.Event()

    async def waits(_request: web.Request) -> web.Response:
        await go_on.wait()
        return web.Response(text="answered")

    with structlog.testing.capture_logs() as logs:
        async with serving(gateways=[mount("/waits", waits)], per_address=8) as client:
            under_way = [asyncio.ensure_future(client.get("/waits")) for _ in range(10)]
            await until(lambda: len(client.server._connections._open) == 10)
            halves = [await half_asked(client) for _ in range(3)]
            assert [await ends(half) for half in halves[:2]] == [True, True]
            assert (await client.get("/healthz"))[0] == 200
            go_on.set()
            assert await asyncio.gather(*under_way) == [(200, "answered")] * 10
            halves[2][1].close()
    assert {log["limit"] for log in logs if log["event"] == "connection_made_room"} == {"address"}


async def test_a_burst_over_the_limit_of_an_address_loses_no_request() -> None:
    burst = 300
    async with serving(gateways=[mount("/", hello)], per_address=8) as client:
        talks = await asyncio.gather(*(asked(client) for _ in range(burst)))
        answers = await asyncio.gather(*(first_line(talk) for talk in talks), return_exceptions=True)
        assert answers == [b"HTTP/1.1 200 OK"] * burst
        for talk in talks:
            talk.close()


async def test_what_was_kept_open_makes_no_room_while_it_is_asked_again() -> None:
    async with serving(gateways=[mount("/", hello)], per_address=2) as client:
        longest, other = await asked(client), await asked(client)
        for talk in (longest, other):
            assert await first_line(talk) == b"HTTP/1.1 200 OK"
        open_ones = client.server._connections._open
        await until(lambda: all(one.waits for one in open_ones))
        longest.sendall(ASKED)
        client.server._connections.enter(list(open_ones)[1])
        assert await first_line(longest) == b"HTTP/1.1 200 OK"
        assert await asyncio.get_running_loop().sock_recv(other, 1) == b""
        longest.close()
        other.close()


async def test_with_all_files_taken_the_longest_waiting_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "room_for_connections", lambda: 2)
    async with serving() as client:
        halves = [await half_asked(client) for _ in range(3)]
        assert await ends(halves[0])
        assert (await client.get("/healthz"))[0] == 200
        assert await ends(halves[1])
        halves[2][1].close()


async def test_garbage_is_answered_and_the_server_lives() -> None:
    async with serving() as client:
        address = client.server.main
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(b"\x16\x03\x01 not http at all\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.") or reader.at_eof()
        writer.close()
        assert (await client.get("/healthz"))[0] == 200


async def test_a_port_in_use_is_one_sentence_with_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = HttpServer(
            main=ANYWHERE,
            public=Address("127.0.0.1", port, "QM_PUBLIC_PORT"),
            console=[],
            gateways=[],
            health=Health(PartsCheckup({})),
            metrics=lambda: (b"", "text/plain"),
            sees_metrics=Guard().is_named_by,
        )
        with pytest.raises(AddressError, match=rf"127\.0\.0\.1:{port} is in use\. .*QM_PUBLIC_PORT"):
            await server.start()


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
async def test_an_address_that_is_not_ours_is_one_sentence(host: str) -> None:
    server = HttpServer(
        main=Address(host, 0),
        public=None,
        console=[],
        gateways=[],
        health=Health(PartsCheckup({})),
        metrics=lambda: (b"", "text/plain"),
        sees_metrics=Guard().is_named_by,
    )
    with pytest.raises(AddressError, match="is not an address of this machine"):
        await server.start()


async def test_what_is_under_way_is_answered_before_the_end() -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        started.set()
        await go_on.wait()
        return web.Response(text="answered")

    async with serving(gateways=[mount("/slow", slow)]) as client:
        asked = asyncio.ensure_future(client.get("/slow"))
        await started.wait()
        stopped = asyncio.ensure_future(client.server.stop())
        await asyncio.sleep(0)
        go_on.set()
        assert await asked == (200, "answered")
        await stopped
