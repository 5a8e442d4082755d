"""The application with a trial area beside the real ones."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.telemetry import configure_logs
from tests.support.logs import logs_put_back
from tests.unit.bot.stage import Stage, staged
from tests.unit.bot.trial_area import Trial


@pytest.fixture
def trial() -> Trial:
    return Trial()


@pytest.fixture
async def stage(tmp_path: Path, trial: Trial) -> AsyncIterator[Stage]:
    async with staged(tmp_path, areas=[trial.area]) as made:
        yield made


@dataclass
class Log:
    """What the product logged, as it would be written."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def entries(self, event: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.text.splitlines()]
        return [entry for entry in found if entry["event"] == event]


@pytest.fixture(autouse=True)
def log() -> Iterator[Log]:
    """The product's own log, as JSON."""
    made = Log()
    with logs_put_back():
        configure_logs("json", stream=made.stream, level=logging.DEBUG)
        # Here every entry counts; that the same one is told once a second is tried where the log itself is.
        for handler in logging.getLogger().handlers:
            handler.filters.clear()
        yield made
