from collections.abc import Mapping
from unittest.mock import Mock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from adapters.platforms.web import texts
from adapters.platforms.web.guard import Guard, notice

PORT = 8080


async def answer(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="in")


def request(headers: Mapping[str, str], method: str = "GET") -> web.Request:
    transport = Mock()
    transport.get_extra_info = lambda name: ("127.0.0.1", PORT) if name == "sockname" else None
    return make_mocked_request(method, "/", headers=headers, transport=transport)


async def ask(headers: Mapping[str, str], method: str = "GET", public_url: str = "") -> web.Response:
    response = await Guard(public_url).wrap(answer)(request(headers, method))
    assert isinstance(response, web.Response)
    return response


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080"])
async def test_answers_to_loopback_names(host: str) -> None:
    response = await ask({"Host": host})

    assert (response.status, response.text) == (200, "in")


@pytest.mark.parametrize(
    "host", ["evil.example:8080", "127.0.0.1", "127.0.0.1:9090", "localhost.evil.example:8080", "", "0.0.0.0:8080"]
)
async def test_answers_to_no_other_name(host: str) -> None:
    response = await ask({"Host": host})

    assert response.status == 403
    assert texts.WRONG_HOST in (response.text or "")


async def test_answers_to_the_public_address() -> None:
    response = await ask({"Host": "shop.example:9000"}, public_url="http://shop.example:9000")

    assert response.status == 200


@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-Forwarded-Anything"]
)
async def test_lets_nothing_through_a_proxy(name: str) -> None:
    response = await ask({"Host": f"localhost:{PORT}", name: "for=127.0.0.1"})

    assert response.status == 403
    assert texts.FORWARDED in (response.text or "")


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://localhost:8080", "http://127.0.0.1:8080"]
)
async def test_takes_posts_of_its_own_pages_only(origin: str | None) -> None:
    headers = {"Host": "localhost:8080"} | ({"Origin": origin} if origin else {})
    response = await ask(headers, "POST")

    assert response.status == 403
    assert texts.WRONG_ORIGIN in (response.text or "")


async def test_takes_posts_of_its_own_pages() -> None:
    response = await ask({"Host": "localhost:8080", "Origin": "http://localhost:8080"}, "POST")

    assert response.status == 200


async def test_checks_the_origin_of_sockets() -> None:
    upgrade = {"Host": "localhost:8080", "Upgrade": "websocket", "Connection": "Upgrade"}

    assert (await ask({**upgrade, "Origin": "http://evil.example"})).status == 403
    assert (await ask(upgrade)).status == 403
    assert (await ask({**upgrade, "Origin": "http://localhost:8080"})).status == 200


async def test_every_answer_is_locked_down() -> None:
    for headers in ({"Host": f"localhost:{PORT}"}, {"Host": "evil.example"}):
        response = await ask(headers)
        policy = response.headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


async def test_keeps_the_cookie_to_https_only_where_people_come_over_https() -> None:
    guard = Guard("https://shop.example")

    assert guard.is_secure(request({"Host": "shop.example"}))
    assert not guard.is_secure(request({"Host": f"localhost:{PORT}"}))


def test_a_notice_is_one_sentence_and_no_trace() -> None:
    response = notice(texts.SIGN_IN, 401)

    assert response.status == 401
    assert texts.SIGN_IN in (response.text or "")
    assert "Traceback" not in (response.text or "")
