"""A desk for every test that moves tasks in or out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.task_files import Desk, open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A workspace with a few people and channels."""
    async with open_desk(tmp_path) as opened:
        yield opened
