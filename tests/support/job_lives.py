"""Processes that run jobs and are killed, forked from one that has everything loaded: a life is there in no time."""

import asyncio
import gc
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.jobs import transact
from bot.application.job_context import JobContext
from bot.grammar.declaration import Area
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.wiring.bootstrap import Tuning, open_product
from core.chat.reply import Reply, Visibility
from tests.support.patience import patience
from tests.support.slack_product import PLENTY

AT_ONCE = 20
LEASE = 1.5
"""Seconds without a sign after which a life counts as over, on a quiet machine: a busy one keeps its signs waiting."""

area = Area("units", "Work in units")


@area.job(seconds=600, width=AT_ONCE)
async def units(ctx: JobContext, label: str, count: int) -> Reply:
    """Add tasks, each in a step of its own.

    Args:
        label: what they are called, such as `box`
        count: how many, such as `3`
    """

    async def add(title: str) -> None:
        reply = await ctx.ask(f"/task add {title}", f"units:{title}")
        if reply.problem:
            raise RuntimeError(reply.problem.code)

    for number in range(count):
        title = f"{label}-{number}"
        await ctx.step(title, lambda title=title: add(title))  # type: ignore[misc]
        await ctx.progress(number + 1, count)
        await asyncio.sleep(random.uniform(0.0, 0.1))
    return Reply(title=f"Done {label}", visibility=Visibility.CHANNEL)


def settings_of(folder: Path, url: str) -> Settings:
    """Return those of a life."""
    storage = StorageSettings(data_dir=folder, database_url=url)
    return Settings(storage, ServerSettings(port=0), ApplicationSettings(), SlackSettings())


def tuning(lease: float = LEASE) -> Tuning:
    """Return what is tuned in a life."""
    return Tuning(areas=(area,), limits=PLENTY, engine_seconds=0.0, lease_seconds=lease)


async def live(folder: Path, url: str, lease: float) -> None:
    """Run jobs until killed."""
    async with open_product(settings_of(folder, url), tuning=tuning(lease), runs_jobs=True) as (product, _):
        await product.jobs.start_working()
        await asyncio.Event().wait()


def main(folder: str, url: str, lease: float) -> None:
    """Fork a life for each line that is read, and tell its number."""
    transact.LOOK_SECONDS = 0.1
    gc.freeze()
    for _ in sys.stdin:
        # Nobody waits for lives that are over.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        if number := os.fork():
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)  # its log is not for who counts lives
        asyncio.run(live(Path(folder), url, lease))
        os._exit(0)


class Lives:
    """The lives of a test."""

    def __init__(self, process: asyncio.subprocess.Process, lease: float) -> None:
        self._process = process
        self.lease = lease
        self.alive: list[int] = []

    async def begin(self) -> None:
        """Begin one more."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(b"\n")
        self.alive.append(int(await self._process.stdout.readline()))

    def send(self, life: int, number: signal.Signals) -> None:
        """Send a signal to one of them."""
        os.kill(life, number)
        if number is signal.SIGKILL:
            self.alive.remove(life)


@asynccontextmanager
async def lives(folder: Path, url: str) -> AsyncIterator[Lives]:
    """Begin lives in the block; at its end all of them end."""
    lease = patience(LEASE)
    program = f"from tests.support.job_lives import main; main({str(folder)!r}, {url!r}, {lease})"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    made = Lives(process, lease)
    try:
        yield made
    finally:
        for life in list(made.alive):
            made.send(life, signal.SIGKILL)
        process.kill()
        await process.wait()
