"""A workspace on SQLite at noon, and a schedule service on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.schedules.service import ScheduleService
from tests.contract.storage.world import Place, build_place
from tests.support.clock import NOON, HeldClock
from tests.support.databases import fresh_storage


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(NOON)


@pytest.fixture
async def here(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Place]:
    async with fresh_storage("sqlite", tmp_path, clock=clock) as storage:
        yield await build_place(storage, "here")


@pytest.fixture
def service(here: Place, clock: HeldClock) -> ScheduleService:
    return ScheduleService(here.storage.workspace(here.id), clock)
