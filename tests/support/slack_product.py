"""The product with Slack, served for tests against the local Slack, in this process or in one of its own."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import aiohttp

from adapters.platforms.slack.options import Timings
from bot.bootstrap import Served, Tuning, serving, slack_app_manifest
from bot.middleware.rate_limit import Limit
from bot.settings import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from core.chat.spec import Cost
from core.shared.clock import Clock
from tests.support.slack import SlackPlatform
from tests.support.storage import QUICK, fresh_url

Way = Literal["http", "socket", "both"]

PLENTY = {cost: Limit(1e9, 1e9) for cost in Cost}
BRISK = Timings(answer=2.0, first_retry=0.02, ping=0.5, again=0.05, drain=5.0, home=0.1)
"""Short pauses where only the order of things matters, and time for the answer to be the acknowledgement even on a
machine that is busy; tests of the acknowledgement itself set their own."""


def slack_settings(slack: SlackPlatform, way: Way, *, oauth: bool = False) -> SlackSettings:
    """The settings by which the product reaches the local Slack, and is reached by it, one way."""
    app = slack.app
    given: dict[str, Any] = {"bot_token": slack.bot_token, "api_url": slack.api_url}
    given |= {"app_token": app.app_token} if way != "http" else {}
    given |= {"signing_secret": app.signing_secret} if way != "socket" else {}
    given |= {"client_id": app.client_id, "client_secret": app.client_secret} if oauth else {}
    return SlackSettings(**given)


class SlackShop:
    """The product on a folder of its own, connected to a local Slack; it can be stopped and started again."""

    def __init__(
        self,
        slack: SlackPlatform,
        folder: Path,
        way: Way = "http",
        *,
        clock: Clock | None = None,
        timings: Timings = BRISK,
        oauth: bool = False,
        url: str = "",
    ) -> None:
        """Prepare; the database is a fresh file in the folder unless there is a `url`."""
        self.slack = slack
        self.folder = folder
        self.way: Way = way
        self._clock = clock
        self._timings = timings
        self._oauth = oauth
        self._url = url or fresh_url(folder)
        self._stack: AsyncExitStack | None = None
        self._served: Served | None = None

    @property
    def served(self) -> Served:
        """What is running."""
        assert self._served is not None, "the shop is closed"
        return self._served

    @property
    def origin(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://{self.served.server.main}"

    async def start(self, *, installed: bool = True) -> None:
        """Start, and wait until Slack can be served; not for that where the app is not `installed`."""
        settings = Settings(
            StorageSettings(data_dir=self.folder, database_url=self._url),
            ServerSettings(port=0),
            ApplicationSettings(timezone="Europe/Amsterdam"),
            slack_settings(self.slack, self.way, oauth=self._oauth),
        )
        self.slack.app.use_manifest(dict(slack_app_manifest(settings, public_url=None, socket_mode=self.way != "http")))
        tuning = Tuning(limits=PLENTY, board_seconds=0.2, storage=QUICK, slack=self._timings)
        self._stack = AsyncExitStack()
        self._served = await self._stack.enter_async_context(serving(settings, clock=self._clock, tuning=tuning))
        if self.way == "http":
            self.slack.connect(f"{self.origin}/slack/events")
        else:
            self.slack.transport = self.slack.socket
        if installed:
            await ready(self.origin)

    async def stop(self) -> None:
        """Stop in good order."""
        if self._stack is not None:
            await self._stack.aclose()
        self._stack = self._served = None


async def ready(origin: str, seconds: float = 10.0) -> None:
    """Return when the product says that it is ready."""
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{origin}/readyz") as response:
                if response.status == 200:
                    return
            await asyncio.sleep(0.05)


class SlackProcess:
    """The product in a process of its own, which can be killed."""

    def __init__(self, slack: SlackPlatform, folder: Path, url: str = "") -> None:
        """Prepare; the database is a file in the folder unless there is a `url`."""
        self.slack = slack
        self.folder = folder
        self.url = url
        self.origin = ""
        self.log = ""
        self.process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it and wait until it serves Slack."""
        settings = {
            "QM_DATA_DIR": str(self.folder),
            "QM_PORT": "0",
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_SIGNING_SECRET": self.slack.app.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            **({"QM_DATABASE_URL": self.url} if self.url else {}),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QM_", "SLACK_"))}
        command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
        self.process = await asyncio.create_subprocess_exec(
            *command,
            env={**kept, **settings},
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(20):
            while not self.origin:
                assert self.process.stdout is not None
                line = (await self.process.stdout.readline()).decode()
                assert line, "the product ended before it listened"
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    self.origin = found.group()
        self._reading = asyncio.create_task(self._swallow())
        self.slack.connect(f"{self.origin}/slack/events")
        await ready(self.origin, 20)

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        code = await asyncio.wait_for(self.process.wait(), 30)
        if self._reading:
            await self._reading
        self.origin = ""
        return code

    async def _swallow(self) -> None:
        """Read what it prints, so that it never waits for a reader."""
        assert self.process is not None
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.log += line.decode()


@asynccontextmanager
async def slack_process(slack: SlackPlatform, folder: Path, url: str = "") -> AsyncIterator[SlackProcess]:
    """A started process, killed at the end if it still lives."""
    started = SlackProcess(slack, folder, url)
    try:
        await started.start()
        yield started
    finally:
        if started.process is not None and started.process.returncode is None:
            await started.end(signal.SIGKILL)
