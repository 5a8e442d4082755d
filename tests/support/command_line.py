"""The installed program as a process of its own, in a folder of its own."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.patience import patiently

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "bot.cli.main")
_OURS = ("QM_", "SLACK_", "DISCORD_", "STRIPE_", "SMTP_", "MAIL_", "NO_COLOR")


def foreign_settings() -> dict[str, str]:
    """Return the environment without anybody's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The rows of the first table of its document, by column."""
        table = self.document["tables"][0]
        return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


@dataclass
class CommandLine:
    """Runs the program in `folder`, with no settings but `settings`."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment without anybody's own settings."""
        kept = foreign_settings()
        path = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH", "")]))
        return {**kept, "PYTHONPATH": path, "PYTHONWARNINGS": "error", **self.settings}

    async def run(self, *words: str | bytes, stdin: bytes | None = None) -> Ended:
        """Run to the end."""
        process = await self._start(words, stdin is not None)
        async with patiently(30):
            out, err = await process.communicate(stdin)
        return Ended(process.returncode or 0, out.decode(), err.decode())

    async def exec(self, *words: str | bytes) -> Ended:
        """Run `exec --json`."""
        return await self.run("exec", "--json", *words)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Served"]:
        """Serve within the block, on a free port; killed at the end if it still runs."""
        self.settings.setdefault("QM_PORT", "0")
        process = await self._start(["serve"])
        served = Served(process)
        try:
            await served.ready()
            yield served
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await served.end()

    async def _start(self, words: Sequence[str | bytes], has_input: bool = False) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *PROGRAM,
            *words,
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.PIPE if has_input else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )


class Served:
    """A serving process and what it has said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        assert process.stderr is not None
        self._log = asyncio.create_task(process.stderr.read())

    @property
    def url(self) -> str:
        """Where it is."""
        return self._found(r"running at (http://\S+)")

    @property
    def sign_in_url(self) -> str:
        """The link into the console."""
        return self._found(r"(http://\S+/login\?token=\S+)")

    @property
    def public_url(self) -> str:
        """Where other machines call it."""
        return self._found(r"call it at (http://\S+)")

    def _found(self, pattern: str) -> str:
        match = re.search(pattern, "\n".join(self.lines))
        assert match, self.lines
        return match[1]

    async def ready(self) -> None:
        """Read until it says how to stop it."""
        assert self.process.stdout is not None
        async with patiently(30):
            while line := await self.process.stdout.readline():
                self.lines.append(line.decode().rstrip())
                if line.startswith(b"Ctrl-C"):
                    return
        raise AssertionError(f"it ended at once: {self.lines}, {(await self._log).decode()}")

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop and return its exit code."""
        self.process.send_signal(number)
        async with patiently(30):
            return await self.process.wait()

    async def end(self) -> str:
        """Return its log, once it has ended."""
        return (await self._log).decode()
