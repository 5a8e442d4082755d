"""A copy of a hundred thousand tasks needs hardly more memory than one of ten thousand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.copy_memory import megabytes_of_a_copy

FEW, MANY = 10_000, 100_000
MORE = 30.0
"""Megabytes that ten times as many rows may need; kept in memory they would need hundreds."""


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_hundred_thousand_tasks_need_hardly_more_than_ten_thousand(
    tmp_path: Path, kind: str, record_property: Callable[[str, object], None]
) -> None:
    needed = [await megabytes_of_a_copy(kind, tmp_path / str(count), count) for count in (FEW, MANY)]
    record_property(f"megabytes for {FEW:,} and for {MANY:,}", f"{needed[0]:.0f} {needed[1]:.0f}")
    assert needed[1] - needed[0] < MORE
