"""One storage a test, on each kind of database there is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.ports.storage import Storage
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, STAND_IN, fresh_storage, why_off_the_stand_in


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(NOON)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try each contract on every database, and on the stand-in where the dialect makes a difference."""
    if "storage" in metafunc.fixturenames:
        stays_off = why_off_the_stand_in(metafunc.function) or why_off_the_stand_in(metafunc.module)
        metafunc.parametrize("storage", DATABASES if stays_off else [*DATABASES, STAND_IN], indirect=True)


@pytest.fixture
async def storage(request: pytest.FixtureRequest, tmp_path: Path, clock: HeldClock) -> AsyncIterator[Storage]:
    """A fresh database of each kind, and of what stands in for SQL Server."""
    async with fresh_storage(request.param, tmp_path, clock=clock) as opened:
        yield opened


@pytest.fixture
async def here(storage: Storage) -> Place:
    return await build_place(storage, "here")


@pytest.fixture
async def there(storage: Storage, here: Place) -> Place:
    return await build_place(storage, "there")


@pytest.fixture
def is_read_slowly(request: pytest.FixtureRequest) -> bool:
    """Whether every statement is read by a parser before it is run: then a tenth of much is enough."""
    return bool(request.node.callspec.params.get("storage") == STAND_IN)
