"""One storage a test, on each kind of database there is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.ports.storage import Storage
from tests.contract.storage.world import HeldClock, Place, build_place
from tests.support.storage import make_storage


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture(params=["sqlite"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path, clock: HeldClock) -> AsyncIterator[Storage]:
    """A fresh database; more kinds of them are more parameters here."""
    assert request.param == "sqlite"
    opened = await make_storage(tmp_path, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def here(storage: Storage) -> Place:
    return await build_place(storage, "here")


@pytest.fixture
async def there(storage: Storage, here: Place) -> Place:
    return await build_place(storage, "there")
