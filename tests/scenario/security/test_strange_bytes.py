"""Bytes of nobody who may call: refused one by one, without a trace in the log of errors."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.support.patience import patiently
from tests.support.slack import HttpTransport, SlackPlatform
from tests.support.slack_product import SlackShop

NOW = "{now}"
SIGNED = {"X-Slack-Request-Timestamp": NOW, "X-Slack-Signature": "v0=00"}
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

BODIES: dict[str, tuple[str, bytes]] = {
    "deep": (JSON, b"[" * 100_000),
    "deep payload": (FORM, b"payload=" + b"%5B" * 50_000),
    "deep objects": (JSON, b'{"a":' * 50_000),
    "no event": (JSON, b'{"type":"event_callback","team_id":"T1","event":null}'),
    "event of text": (JSON, b'{"type":"event_callback","event":"x","authorizations":[null]}'),
    "huge number": (JSON, b'{"event_time":' + b"9" * 100_000 + b"}"),
    "not a number": (JSON, b'{"event_time":NaN,"event":{"ts":Infinity}}'),
    "nothing": (JSON, b"null"),
    "empty": (JSON, b""),
    "nul": (FORM, b"command=%00&text=\x00&team_id=%00"),
    "twice": (FORM, b"payload={}&payload=[]&command=/task&command=/qm"),
    "latin": (f"{JSON}; charset=latin-1", '{"text":"é"}'.encode("latin-1")),
    "no such charset": (f"{FORM}; charset=no-such", b"command=/task"),
    "half a character": (JSON, b'{"text":"\xc3'),
    "half a pair": (JSON, b'{"text":"\\ud800"}'),
    "wrong type": ("text/xml", b"<a/>"),
    "odd type": ("\xff/\xff;;;=", b"{}"),
    "parts": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=payload\r\n\r\n[]\r\n--x--",
    ),
    "parts without a boundary": ("multipart/form-data", b"--x"),
    "bad percent": (FORM, b"payload=%zz%&%=%"),
}
_MENTION = b'"event":{"type":"app_mention"}'
SENSELESS: dict[str, tuple[str, bytes]] = {
    "authorized by name": (JSON, b'{"authorizations":{"a":1},' + _MENTION + b"}"),
    "authorized by text": (JSON, b'{"authorizations":"abc",' + _MENTION + b"}"),
    "authorized by a number": (JSON, b'{"authorizations":7,' + _MENTION + b"}"),
    "authorized by truth": (JSON, b'{"authorizations":true,' + _MENTION + b"}"),
    "authorized by no objects": (JSON, b'{"authorizations":[[],"x"],' + _MENTION + b"}"),
    "authorized by nothing": (JSON, b'{"authorizations":[null],' + _MENTION + b"}"),
    "authorized in depth": (JSON, b'{"authorizations":[{"authorizations":{"b":{}}}],' + _MENTION + b"}"),
    "enterprise of a number": (JSON, b'{"enterprise":7,' + _MENTION + b"}"),
    "enterprise of a list": (JSON, b'{"enterprise":["id"],' + _MENTION + b"}"),
    "enterprise of an object": (JSON, b'{"enterprise":{"id":{"x":[]}},' + _MENTION + b"}"),
    "team of a list": (JSON, b'{"team":["id"],' + _MENTION + b"}"),
    "team of a number": (JSON, b'{"team":{"id":7},' + _MENTION + b"}"),
    "team by an object": (JSON, b'{"type":"event_callback","team_id":{},' + _MENTION + b"}"),
    "user of a list": (JSON, b'{"user":[["id"]],' + _MENTION + b"}"),
    "channel of nothing": (JSON, b'{"team_id":"T1","event":{"type":"app_mention","channel":{"id":null}}}'),
    "event with nothing": (JSON, b'{"team_id":null,"event":{"type":null,"user":null,"channel":[]}}'),
    "event of a list of types": (JSON, b'{"team_id":"T1","event":{"type":["app_mention"]}}'),
    "event of an object of types": (JSON, b'{"team_id":"T1","event":{"type":"message","subtype":{"a":1}}}'),
    "no answers": (FORM, b'payload={"type":"view_submission","view":null,"response_urls":{"0":1}}'),
    "answers of text": (FORM, b'payload={"type":"view_submission","response_urls":"x"}'),
    "actions of nothing": (FORM, b'payload={"type":"block_actions","actions":[null],"team":{"id":"T1"}}'),
    "actions of text": (FORM, b'payload={"type":"block_actions","actions":"x","team":null,"user":{}}'),
    "view of a list": (FORM, b'payload={"type":"view_submission","view":[],"team":{"id":"T1"}}'),
    "view of nothing": (FORM, b'payload={"type":"view_submission","view":{"callback_id":null,"state":null}}'),
    "shortcut of nothing": (FORM, b'payload={"type":"message_action","callback_id":{},"message":null}'),
    "shared by nobody": (JSON, b'{"type":"event_callback","is_ext_shared_channel":true,"event":{"team":{}}}'),
}
"""What only somebody with the secret could send, and nobody would."""
HEADERS: dict[str, dict[str, str]] = {
    "unsigned": {},
    "wrong": SIGNED,
    "non-ASCII signature": SIGNED | {"X-Slack-Signature": "v0=\xe9\xff"},
    "time of letters": SIGNED | {"X-Slack-Request-Timestamp": "abc"},
    "time of other digits": SIGNED | {"X-Slack-Request-Timestamp": "\xb2\xb3"},
    "huge time": SIGNED | {"X-Slack-Request-Timestamp": "9" * 5_000},
    "time of no end": SIGNED | {"X-Slack-Request-Timestamp": "inf"},
    "time before time": SIGNED | {"X-Slack-Request-Timestamp": "-1"},
    "packed": SIGNED | {"Content-Encoding": "gzip"},
    "packed oddly": SIGNED | {"Content-Encoding": "\xff"},
}
TARGETS = (
    "/", "/login?token=%ff%00", "/login?token=%C2%B2&token=", "/session", "/ws", "/files/01ABC", "/files/%00",
    "/static/%00", "/static/..%2f..%2fetc/passwd", "/static/%ff", "/metrics", "/healthz?%ff", "/nothing/%F0%9F",
    "/slack/oauth_redirect?state=%C2%B2.x&code=1", "/slack/oauth_redirect?state=%ff.%ff&code=%00",
    "/slack/oauth_redirect?state=" + "9" * 150 + ".x", "/slack/oauth_redirect?state=1.x&state=2.x&code=",
    "/slack/oauth_redirect?state=-1.x", "/slack/oauth_redirect", "/?" + "a=%00&" * 500,
)  # fmt: skip
COOKIES = ("{name}=\xff", "{name}=a.1.b.\xff", "slack=\xff; {name}=....", "{name}=" + "9" * 3_000, "=;;=\x01", "")


@pytest.fixture
async def shop(slack: SlackPlatform, tmp_path: Path) -> AsyncIterator[SlackShop]:
    opened = SlackShop(slack, tmp_path, oauth=True)
    await opened.start()
    assert isinstance(slack.transport, HttpTransport)
    yield opened
    await opened.stop()


def posts(now: str) -> Iterator[tuple[str, bytes]]:
    """Every body as it is, and one with every header."""
    for name, (kind, body) in BODIES.items():
        yield name, _post(kind, body, SIGNED, now)
        yield name, _post(kind, body, {}, now)
    for name, headers in HEADERS.items():
        yield name, _post(*BODIES["no event"], headers, now)


def gets(port: int) -> Iterator[tuple[str, bytes]]:
    for target in TARGETS:
        for cookie in COOKIES:
            given = cookie.format(name=f"qm_session_{port}").encode("latin-1")
            extra = b"Cookie: " + given + b"; qm_slack_install=\xff\r\n"
            yield f"{target} {cookie!r}", f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode() + extra


def _post(kind: str, body: bytes, headers: dict[str, str], now: str) -> bytes:
    lines = {"Host": "x", "Content-Type": kind, "Content-Length": str(len(body))} | headers
    head = "".join(f"{name}: {value.replace(NOW, now)}\r\n" for name, value in lines.items())
    return f"POST /slack/events HTTP/1.1\r\n{head}".encode("latin-1") + b"Connection: close\r\n\r\n" + body


async def asked(port: int, request: bytes) -> int:
    """Send bytes as they are and return the status of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        async with patiently(10):
            return int((await reader.readline()).split()[1])
    finally:
        writer.close()


async def test_nothing_unsigned_is_an_error_of_ours(
    slack: SlackPlatform, shop: SlackShop, caplog: pytest.LogCaptureFixture
) -> None:
    port = int(shop.origin.rpartition(":")[2])
    assert isinstance(slack.transport, HttpTransport)
    now = slack.transport.sign(b"")["X-Slack-Request-Timestamp"]
    with capture_logs() as logs, caplog.at_level(logging.WARNING):
        for name, request in posts(now):
            assert await asked(port, request) in {400, 401}, name
        for name, request in gets(port):
            status = await asked(port, request + b"Connection: close\r\n\r\n")
            assert status in {200, 400, 401, 403, 404, 405}, name
    assert [entry for entry in logs if entry["log_level"] in {"error", "critical"}] == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_what_is_signed_but_makes_no_sense_is_refused_too(slack: SlackPlatform, shop: SlackShop) -> None:
    http = slack.transport
    assert isinstance(http, HttpTransport)
    with capture_logs() as logs:
        few = ("deep", "no event", "event of text", "nothing", "empty", "not a number")
        for name, (kind, body) in {**{name: BODIES[name] for name in few}, **SENSELESS}.items():
            answer = await http.post(body, http.sign(body) | {"Content-Type": kind})
            assert answer.status in {200, 400, 404}, name
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
