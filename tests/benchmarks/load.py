"""Slash commands sent as Slack sends them, at little cost: requests are made and signed before the clock runs."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from tests.benchmarks.processes import BenchError
from tests.support.slack import Channel, HttpTransport, SlackPlatform, User, payloads, response_urls
from tests.support.slack.delivery import encode
from tests.support.slack.modals import make_trigger
from tests.support.slack.response_urls import ResponseUrl

PATH = "/slack/events"
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One signed request, ready to be sent, and where a late answer to it goes."""

    wire: bytes
    answers_at: ResponseUrl


@dataclass(frozen=True, slots=True)
class Answer:
    """When the acknowledgement and the final answer came, in seconds since the request was sent, and its words."""

    sent_at: float
    acknowledged: float
    final: float
    text: str
    in_body: bool


class Connection:
    """A kept-alive connection that speaks just enough HTTP/1.1 to carry one request after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect to a server on the loopback address."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def exchange(self, wire: bytes) -> tuple[int, bytes]:
        """Send a request; the status and the body of its answer."""
        self._writer.write(wire)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        return status, await self._reader.readexactly(length) if length else b""

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except ConnectionError:
            return


@asynccontextmanager
async def connections(port: int, count: int) -> AsyncIterator[list[Connection]]:
    """That many open connections to a port."""
    opened = list(await asyncio.gather(*(Connection.open(port) for _ in range(count))))
    try:
        yield opened
    finally:
        await asyncio.gather(*(one.close() for one in opened))


def make_ask(slack: SlackPlatform, user: User, channel: Channel, line: str) -> Ask:
    """The request for a slash command that `user` types now."""
    name, _, text = line.partition(" ")
    found = response_urls.make(slack, "commands", user, channel)
    payload = payloads.command(slack, user, name, text, found, make_trigger(slack, user))
    body, content_type = encode("slash_commands", payload)
    headers = {
        "Host": "127.0.0.1",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept": "application/json,*/*",
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        **HttpTransport(slack, "").sign(body),
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
    return Ask(f"POST {PATH} HTTP/1.1\r\n{head}\r\n".encode() + body, found)


async def ask(slack: SlackPlatform, connection: Connection, what: Ask) -> Answer:
    """Send a command and wait for its final answer: in the body, or posted to its response address."""
    start = time.perf_counter()
    status, body = await connection.exchange(what.wire)
    acknowledged = time.perf_counter() - start
    if status != 200:
        raise BenchError(f"answered with {status}: {body[:200]!r}")
    text = words(body)
    if text:
        return Answer(start, acknowledged, acknowledged, text, in_body=True)
    posts = await slack.until(lambda: what.answers_at.posts, ANSWER_SECONDS, "an answer")
    return Answer(start, acknowledged, time.perf_counter() - start, json.dumps(posts[-1]), in_body=False)


def words(body: bytes) -> str:
    """What an acknowledgement shows; empty if the answer is still to come."""
    text = body.decode()
    if not text.startswith("{"):
        return text
    found = json.loads(text)
    return text if any(found.get(key) for key in ("text", "blocks", "attachments")) else ""


async def one_after_another(slack: SlackPlatform, connection: Connection, asks: Sequence[Ask]) -> list[Answer]:
    """Send each command once the one before is answered."""
    return [await ask(slack, connection, one) for one in asks]


async def all_clients(
    slack: SlackPlatform, port: int, per_client: Sequence[Sequence[Ask]]
) -> tuple[float, list[Answer]]:
    """Let every client send its commands over a connection of its own; how long all took together, and the answers."""
    async with connections(port, len(per_client)) as opened:
        start = time.perf_counter()
        found = await asyncio.gather(
            *(one_after_another(slack, connection, asks) for connection, asks in zip(opened, per_client, strict=True))
        )
        return time.perf_counter() - start, [answer for answers in found for answer in answers]
