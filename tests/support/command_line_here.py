"""The program's commands within the test's own process: as many as a test likes, without a start for each."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from bot.cli.commands import app
from tests.support.command_line import Ended
from tests.support.logs import logs_put_back


@dataclass
class CommandLineHere:
    """Runs commands with no settings but `settings`; one at a time, and no `serve`, whose signals are the process's."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    async def run(self, *words: str) -> Ended:
        """Run to the end."""
        return await asyncio.to_thread(self._run, words)

    def _run(self, words: tuple[str, ...]) -> Ended:
        settings = {"QM_DATA_DIR": str(self.folder / "data"), **self.settings}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("QM_")}
        with mock.patch.dict(os.environ, {**kept, **settings}, clear=True), logs_put_back():
            result = CliRunner().invoke(app, words)
        return Ended(result.exit_code, result.stdout, result.stderr)
