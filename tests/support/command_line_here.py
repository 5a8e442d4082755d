"""The program's commands within the test's own process: as many as a test likes, without a start for each."""

import asyncio
import os
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from bot.cli.commands import app
from tests.support.command_line import Ended, foreign_settings
from tests.support.logs import logs_put_back


@dataclass
class CommandLineHere:
    """Runs commands in `folder`, with no settings but `settings`.

    One at a time, since a process has one working directory; and no `serve`, whose signals are the process's.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    async def run(self, *words: str, stdin: str = "") -> Ended:
        """Run to the end."""
        return await asyncio.to_thread(self._run, words, stdin)

    async def exec(self, *words: str) -> Ended:
        """Run `exec --json`."""
        return await self.run("exec", "--json", *words)

    def _run(self, words: tuple[str, ...], stdin: str) -> Ended:
        with (
            chdir(self.folder),
            mock.patch.dict(os.environ, {**foreign_settings(), **self.settings}, clear=True),
            logs_put_back(),
        ):
            result = CliRunner().invoke(app, words, input=stdin)
        return Ended(result.exit_code, result.stdout, result.stderr)
