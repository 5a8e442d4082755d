"""`/task add` from Discord, committed and answered, beside a bare discord.py command that runs the same statements."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.wiring.bootstrap import Tuning, open_product
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.processes import BenchError
from tests.benchmarks.stage import (
    CLIENTS,
    DATABASE,
    PLENTY,
    TITLE,
    Server,
    expect_tasks,
    obeyed,
    scratch,
    settings_in,
    until_idle,
)
from tests.benchmarks.statements import Recorded, Recorder, document, learn
from tests.support.discord import Channel, DiscordPlatform, NotShownError, User

AT_ONCE = 200
ANSWER_SECONDS = 20.0
LATENCY = Target("ratio", "≤", 1.5)
FIRST = Target("ours", "<", 2000)
LOST = Target("ours", "=", 0)


@dataclass(slots=True)
class Place:
    """A local Discord of one server's own, with its people, and what was measured there, in milliseconds."""

    discord: DiscordPlatform
    people: list[User]
    channel: Channel
    medians: list[float] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    lost: int = 0

    async def add(self, number: int = 0) -> Add:
        """Let one of the people add a task, and wait for the answer."""
        person = self.discord.person(self.people[number % len(self.people)])
        exchange = await person.command(f"/task add {TITLE}", channel=self.channel)
        asked = exchange.interaction
        if asked is None:
            raise BenchError("a command is an interaction")
        # One that got no response in time counts as long as Discord waited for it.
        first = exchange.latency if exchange.status else self.discord.ack_seconds
        try:
            await exchange.answer(ANSWER_SECONDS)
        except NotShownError:
            return Add(first, None)
        return Add(first, time.perf_counter() - asked.sent)


@dataclass(frozen=True, slots=True)
class Add:
    """When the first response and the final answer came, in seconds since it was sent; no answer, and it is lost."""

    first: float
    final: float | None


async def run(*, is_quick: bool) -> list[Figure]:
    """The median latency with one client, and what becomes of many invocations at once."""
    rounds, alone, bursts = (2, 20, 1) if is_quick else (40, 30, 5)
    async with AsyncExitStack() as stack:
        folder = await stack.enter_async_context(scratch())
        ours, bare = [await stack.enter_async_context(_place()) for _ in range(2)]
        count = await _prepare(folder, ours)
        our_server = await stack.enter_async_context(_our_server(folder, ours))
        turns = ((ours, our_server), (bare, await stack.enter_async_context(_bare_server(folder, bare))))
        for place, server in turns:
            await _latency(place, server, 2 * CLIENTS)
        for _ in range(rounds):
            for place, server in turns:
                place.medians.append(await _latency(place, server, alone))
        for _ in range(bursts):
            for place, server in turns:
                await _burst(place, server)
            await until_idle(our_server.port)
    note = f"{count} statements an add; rounds of ours and of the bare command in turn"
    worst = f"of {bursts} rounds; the worst {max(ours.slowest):,.0f} ms (reference {max(bare.slowest):,.0f} ms)"
    return [
        compared("discord add, 1 client, p50", "ms", ours.medians, bare.medians, LATENCY, note),
        compared(f"{AT_ONCE} at once, slowest first response", "ms", ours.slowest, bare.slowest, FIRST, worst),
        Figure(f"lost of {AT_ONCE} at once", "", ours.lost, LOST, bare.lost),
    ]


async def _latency(place: Place, server: Server, count: int) -> float:
    """The median time from invocation to final answer, one after the other, in milliseconds."""
    before = server.tasks()
    found = [(await place.add(number)).final for number in range(count)]
    finals = [final for final in found if final is not None]
    if len(finals) < count:
        raise BenchError(f"{count - len(finals)} of {count} adds were not answered")
    expect_tasks(server, before, finals)
    return statistics.median(finals) * 1000


async def _burst(place: Place, server: Server) -> None:
    """Many invocations at once: the slowest first response, and those that were not answered or not kept."""
    before = server.tasks()
    found = await asyncio.gather(*(place.add(number) for number in range(AT_ONCE)))
    place.slowest.append(max(add.first for add in found) * 1000)
    answered = sum(add.final is not None for add in found)
    place.lost += AT_ONCE - min(answered, server.tasks() - before)


@asynccontextmanager
async def _place() -> AsyncIterator[Place]:
    async with DiscordPlatform() as discord:
        people = [discord.world.user(f"person{number}") for number in range(CLIENTS)]
        yield Place(discord, people, discord.world.channel("general", people))


async def _prepare(folder: Path, place: Place) -> int:
    """Let everybody be known in a fresh database, and learn what an add does to it: so many statements."""
    prepared, recorder = folder / "prepared", Recorder()
    with recorder.watching():
        async with open_product(settings_in(prepared), tuning=Tuning(limits=PLENTY)) as (product, _):
            for number, user in enumerate(place.people):
                await obeyed(product.application, _request(place, user, number))
            recordings: list[list[Recorded]] = []
            for number in (CLIENTS, CLIENTS + 1):
                with recorder.recording() as found:
                    await obeyed(product.application, _request(place, place.people[0], number))
                recordings.append(found)
    statements = learn(recordings[0], CLIENTS + 1, recordings[1], CLIENTS + 2)
    (folder / "statements.json").write_text(json.dumps(document(statements)), "utf-8")
    writer = sqlite3.connect(prepared / DATABASE)
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.close()
    return len(statements)


def _request(place: Place, user: User, number: int) -> Request:
    """An add as the product's own translation of Discord's interaction would have it."""
    guild = place.channel.guild.id
    return Request(
        Platform.DISCORD,
        guild,
        ChannelRef(place.channel.id, place.channel.name, ChannelKind.PUBLIC),
        UserRef(user.id, user.name, locale=user.locale),
        delivery_id=f"discord:{guild}:{number:019d}",
        command="task add",
        arguments={"title": TITLE},
    )


def _copy(folder: Path, name: str) -> Path:
    """A folder with a copy of the prepared database."""
    made = folder / name
    made.mkdir()
    shutil.copy(folder / "prepared" / DATABASE, made / DATABASE)
    return made


@asynccontextmanager
async def _our_server(folder: Path, place: Place) -> AsyncIterator[Server]:
    """Our `serve` in its own process, without limits per member."""
    home, port = _copy(folder, "ours"), processes.free_port()
    settings = {
        "QM_DATA_DIR": str(home),
        "QM_DATABASE_URL": f"sqlite+aiosqlite:///{home / DATABASE}",
        "QM_PORT": str(port),
        "DISCORD_BOT_TOKEN": place.discord.bot_token,
        "DISCORD_API_URL": place.discord.api_url,
        "DISCORD_GATEWAY_URL": place.discord.gateway_url,
    }
    async with processes.running(processes.module("tests.benchmarks.product"), home, settings) as process:
        await processes.until_ready(f"http://127.0.0.1:{port}/readyz", process, home)
        yield Server(port, process, home / DATABASE)


@asynccontextmanager
async def _bare_server(folder: Path, place: Place) -> AsyncIterator[Server]:
    """The bare command in its own process, on another copy; it listens on no port."""
    home, discord = _copy(folder, "bare"), place.discord
    reach = (discord.api_url, discord.gateway_url, discord.bot_token)
    files = (str(home / DATABASE), str(folder / "statements.json"))
    async with processes.running(processes.module("tests.benchmarks.bare_discord", *reach, *files), home) as process:
        try:
            await discord.until(lambda: discord.gateway.sessions, 30.0, "the bare command")
        except NotShownError as error:
            raise BenchError("the bare command does not connect") from error
        yield Server(0, process, home / DATABASE)
