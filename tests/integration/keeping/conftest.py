"""Databases and stored files to be copied, backed up and brought back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.databases import DATABASES, STAND_IN, fresh_database
from tests.support.filled import fill
from tests.support.keeping import ROWS, Shop, store_files

WAYS = [f"{source} to {target}" for source in DATABASES for target in DATABASES]
WAYS += [f"sqlite to {STAND_IN}", f"{STAND_IN} to postgresql"]
BOTH_WAYS = ["sqlite to postgresql", "postgresql to sqlite"]
"""What a test takes that does not ask for all ways."""


@pytest.fixture(params=BOTH_WAYS)
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[str, str]]:
    """A filled database and an empty one."""
    kinds = request.param.split(" to ")
    async with AsyncExitStack() as stack:
        (tmp_path / "from").mkdir()
        (tmp_path / "to").mkdir()
        source = await stack.enter_async_context(fresh_database(kinds[0], tmp_path / "from"))
        target = await stack.enter_async_context(fresh_database(kinds[1], tmp_path / "to", empty=True))
        await fill(source, ROWS)
        yield source, target


@pytest.fixture(scope="session")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a filled database file with its stored files and keys, made once a test process; to be left alone."""
    folder = tmp_path_factory.mktemp("backup")
    made = asyncio.run(_filled(folder / "shop"))
    asyncio.run(made.back_up(folder / "backup.tar"))
    return folder / "backup.tar"


@pytest.fixture
async def shop(tmp_path: Path) -> Shop:
    """A filled database file with its stored files and keys."""
    return await _filled(tmp_path / "shop")


async def _filled(folder: Path) -> Shop:
    folder.mkdir()
    made = Shop.at(folder)
    await fill(made.url, 5)
    await store_files(made.url, made.store)
    return made
