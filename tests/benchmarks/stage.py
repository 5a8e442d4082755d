"""The stage of the benches over the wire: a local Slack, a prepared database, our server and the bare one."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.application.application import QuartermasterApplication
from bot.middleware.rate_limit import Limit
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.wiring.bootstrap import Tuning, open_product
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.spec import Cost
from tests.benchmarks import load, processes
from tests.benchmarks.processes import BenchError
from tests.benchmarks.statements import Recorded, Recorder, Statement, document, learn
from tests.support.slack import Channel, SlackPlatform, User

CLIENTS = 16
DATABASE = "quartermaster.db"
TITLE = "Buy two litres of oat milk"
PLENTY = {cost: Limit(1e9, 1e9) for cost in Cost}
"""The limit per member is not what is measured."""


@asynccontextmanager
async def scratch() -> AsyncIterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="quartermaster-bench-"))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def settings_in(folder: Path) -> Settings:
    """Settings whose data lies in a folder, with Slack off."""
    return Settings(
        StorageSettings(data_dir=folder, database_url=f"sqlite+aiosqlite:///{folder / DATABASE}"),
        ServerSettings(port=0),
        ApplicationSettings(),
        SlackSettings(),
    )


def said(line: str, *, platform: Platform = Platform.WEB, space: str = "console", delivery: str = "") -> Request:
    """A line typed by the owner in #general."""
    user = UserRef("owner" if platform is Platform.WEB else "U-owner", "Owner", is_admin=True)
    return Request(platform, space, ChannelRef("general", "general", ChannelKind.PUBLIC), user, delivery, text=line)


async def obeyed(application: QuartermasterApplication, request: Request) -> Reply:
    """The reply to a request that has to succeed."""
    reply = await application.handle(request)
    if reply.problem:
        raise BenchError(f"{request.text[:80]}: {reply.problem.message}")
    return reply


@dataclass(slots=True)
class Stage:
    """A local Slack with its people, and a database that knows them, from which each server gets its copy."""

    slack: SlackPlatform
    people: list[User]
    channel: Channel
    folder: Path
    statements: list[Statement] = field(default_factory=list)

    def asks(self, user: User, count: int, line: str = f"/task add {TITLE}") -> list[load.Ask]:
        """That many requests of one person."""
        return [load.make_ask(self.slack, user, self.channel, line) for _ in range(count)]

    def copy(self, name: str) -> Path:
        """A folder with a copy of the prepared database."""
        folder = self.folder / name
        folder.mkdir()
        shutil.copy(self.folder / "prepared" / DATABASE, folder / DATABASE)
        return folder

    def environment(self, folder: Path, port: int) -> dict[str, str]:
        """The settings by which the product serves this Slack from a folder."""
        return {
            "QM_DATA_DIR": str(folder),
            "QM_DATABASE_URL": f"sqlite+aiosqlite:///{folder / DATABASE}",
            "QM_PORT": str(port),
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_SIGNING_SECRET": self.slack.app.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
        }


@dataclass(slots=True)
class Server:
    """A server under load, its port, its process and its database."""

    port: int
    process: asyncio.subprocess.Process
    database: Path

    def tasks(self) -> int:
        """How many tasks it has kept."""
        reader = sqlite3.connect(self.database)
        try:
            return int(reader.execute("SELECT count(*) FROM tasks").fetchone()[0])
        finally:
            reader.close()


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    """A stage with a prepared database and the statements of one `/task add` learnt."""
    async with scratch() as folder, SlackPlatform() as slack:
        people = [slack.world.user(f"person{number}") for number in range(CLIENTS)]
        stage = Stage(slack, people, slack.world.channel("general", people), folder)
        await _prepare(stage)
        yield stage


async def _prepare(stage: Stage) -> None:
    """Let everybody be known in a fresh database, and watch what an add does to it."""
    folder = stage.folder / "prepared"
    recorder = Recorder()
    with recorder.watching():
        async with open_product(settings_in(folder), tuning=Tuning(limits=PLENTY)) as (product, _):
            for number, user in enumerate(stage.people):
                await obeyed(product.application, _request(stage, user, f"warm-{number}"))
            recordings: list[list[Recorded]] = []
            for number in (1, 2):
                with recorder.recording() as found:
                    await obeyed(product.application, _request(stage, stage.people[0], f"delivery-{number:026d}"))
                recordings.append(found)
    count = CLIENTS + 2
    stage.statements = learn(recordings[0], count - 1, recordings[1], count)
    (stage.folder / "statements.json").write_text(json.dumps(document(stage.statements)), "utf-8")
    writer = sqlite3.connect(folder / DATABASE)
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.close()


def _request(stage: Stage, user: User, delivery: str) -> Request:
    channel = ChannelRef(stage.channel.id, stage.channel.name, ChannelKind.PUBLIC)
    person = UserRef(user.id, user.name, user.tz)
    text = f"/task add {TITLE}"
    return Request(Platform.SLACK, user.team.id, channel, person, delivery_id=delivery, text=text)


@asynccontextmanager
async def our_server(stage: Stage, name: str = "ours") -> AsyncIterator[Server]:
    """Our `serve` in its own process, on a copy of the prepared database, without limits per member."""
    folder, port = stage.copy(name), processes.free_port()
    command = processes.module("tests.benchmarks.product")
    async with processes.running(command, folder, stage.environment(folder, port)) as process:
        await processes.until_ready(f"http://127.0.0.1:{port}/readyz", process, folder)
        yield Server(port, process, folder / DATABASE)


@asynccontextmanager
async def bare_server(stage: Stage, name: str = "bare") -> AsyncIterator[Server]:
    """The bare handler in its own process, on another copy."""
    folder, port = stage.copy(name), processes.free_port()
    async with processes.running(bare_command(stage, folder, port), folder) as process:
        await processes.until_ready(f"http://127.0.0.1:{port}/readyz", process, folder)
        yield Server(port, process, folder / DATABASE)


def bare_command(stage: Stage, folder: Path, port: int) -> list[str]:
    """What starts the bare handler."""
    database, statements = folder / DATABASE, stage.folder / "statements.json"
    secret = stage.slack.app.signing_secret
    return processes.module("tests.benchmarks.bare", str(port), str(database), str(statements), secret)


@asynccontextmanager
async def both_servers(stage: Stage) -> AsyncIterator[tuple[Server, Server]]:
    """Ours and the bare one."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(our_server(stage)), await stack.enter_async_context(bare_server(stage))


async def queues(port: int) -> dict[str, float]:
    """What waits or runs in our server's queues, by name, from its metrics."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        text = await answer.text()
    names = ("quartermaster_quick_queue", "quartermaster_jobs_queue")
    found = (line.split() for line in text.splitlines() if line.startswith(names))
    return {name: float(value) for name, value in found}


async def until_idle(port: int, seconds: float = 30.0) -> None:
    """Wait until our server's queues are empty."""
    end = time.perf_counter() + seconds
    while any((await queues(port)).values()):
        if time.perf_counter() > end:
            raise BenchError("the queue does not become empty")
        await asyncio.sleep(0.01)


def expect_tasks(server: Server, before: int, answers: Sequence[object]) -> None:
    """Every answered add is in the database, once."""
    found = server.tasks() - before
    if found != len(answers):
        raise BenchError(f"{len(answers)} adds were answered and {found} tasks kept")
