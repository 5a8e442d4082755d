"""A desk for every test that brings sales in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.task_files import Desk, open_desk
from tests.unit.bot.stage import Stage, staged


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A workspace with a few people and channels."""
    async with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The whole application."""
    async with staged(tmp_path) as made:
        yield made
