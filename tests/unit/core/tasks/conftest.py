"""What the tests of tasks share."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.core.tasks.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A workspace on a database of its own."""
    made = await World.open()
    yield made
    await made.storage.close()
