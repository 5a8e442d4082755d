"""The product in a process of its own, which can be told to stop, killed and started again."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.support.patience import patiently

PROGRAM = "from bot.cli.main import main; main()"
_OURS = ("QM_", "SLACK_", "DISCORD_")


async def ready(origin: str, seconds: float = 30.0) -> None:
    """Return when the product says that it is ready."""
    async with patiently(seconds), aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{origin}/readyz") as response:
                if response.status == 200:
                    return
            await asyncio.sleep(0.05)


class ProductProcess:
    """`quartermaster serve` on a folder of its own; `listening` is told its address before it has to be ready.

    `program` is what it runs, if not the installed program.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        listening: Callable[[str], object] = lambda _origin: None,
        program: str = PROGRAM,
    ) -> None:
        self.folder = folder
        self._program = program
        self.origin = ""
        self.log = ""
        self.process: asyncio.subprocess.Process | None = None
        self._settings = {"QM_DATA_DIR": str(folder), "QM_PORT": "0", **settings}
        self._listening = listening
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it and wait until it is ready."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        command = [sys.executable, "-c", self._program, "serve"]
        self.process = await asyncio.create_subprocess_exec(
            *command,
            env={**kept, **self._settings},
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = ""
        async with patiently(30):
            while not self.origin:
                assert self.process.stdout is not None
                line = (await self.process.stdout.readline()).decode()
                assert line, f"the product ended before it listened; it said:\n{said}"
                said += line
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    self.origin = found.group()
        self._reading = asyncio.create_task(self._swallow())
        self._listening(self.origin)
        await ready(self.origin)

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with patiently(30):
            code = await self.process.wait()
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
async def product_process(
    folder: Path,
    settings: Mapping[str, str],
    listening: Callable[[str], object] = lambda _origin: None,
    program: str = PROGRAM,
) -> AsyncIterator[ProductProcess]:
    """A started process, killed at the end if it still lives."""
    started = ProductProcess(folder, settings, listening, program)
    try:
        await started.start()
        yield started
    finally:
        if started.process is not None and started.process.returncode is None:
            await started.end(signal.SIGKILL)
