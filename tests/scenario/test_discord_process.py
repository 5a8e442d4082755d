"""The product as a process of its own, killed in the middle of work that comes from Discord."""

from pathlib import Path

from tests.support.killed_discord import assert_a_kill_loses_nothing


async def test_after_a_kill_in_the_middle_everything_answered_is_there_and_nothing_twice(tmp_path: Path) -> None:
    await assert_a_kill_loses_nothing(tmp_path, adds=100, killed_after=20)
