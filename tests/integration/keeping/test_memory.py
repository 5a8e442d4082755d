"""A copy needs the memory of a few rows, however many there are. `make soak` copies a hundred thousand."""

from pathlib import Path

import pytest

from tests.support.copy_memory import megabytes_of_a_copy

FEW, MANY = 2_000, 20_000
MORE = 20.0
"""Megabytes that ten times as many rows may need; kept in memory they would need twice that."""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_twenty_thousand_tasks_need_hardly_more_than_two_thousand(tmp_path: Path, kind: str) -> None:
    needed = [await megabytes_of_a_copy(kind, tmp_path / str(count), count) for count in (FEW, MANY)]
    assert needed[1] - needed[0] < MORE, needed
