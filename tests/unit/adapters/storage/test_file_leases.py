"""Leases beside a file: one process has them all, others see that, and who it is."""

import os
from pathlib import Path

import pytest

from adapters.storage.system.file_leases import FileLeases, process_beside


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "quartermaster.db"


async def test_one_process_has_them_and_the_others_know_which(database: Path) -> None:
    one, other = FileLeases(database), FileLeases(database)
    assert (await other.count("lead"), process_beside(database)) == (0, "")
    assert await one.take("lead", 1)
    try:
        assert not await other.take("executor:2", 1)
        assert [await leases.count("lead") for leases in (one, other)] == [1, 1]
        assert process_beside(database) == str(os.getpid())
    finally:
        await one.give_back("lead")
    assert await other.count("lead") == 0
    assert await other.take("lead", 1)
    await other.close()


async def test_looking_whether_anybody_has_them_keeps_nobody_from_them(database: Path) -> None:
    one, other = FileLeases(database), FileLeases(database)
    for _ in range(3):
        assert await other.count("lead") == 0
    assert await one.take("lead", 1)
    await one.close()
