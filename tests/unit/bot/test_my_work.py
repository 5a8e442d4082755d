"""One's own open tasks, from all channels."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.chat.text import plain
from tests.unit.bot.stage import BACK, Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def test_my_work_is_what_i_have_to_do_in_all_channels_due_first(stage: Stage) -> None:
    await stage.type("/task add Some day assign:@me")
    await stage.type("/task add Soon due:tomorrow assign:@me", channel=BACK)
    await stage.type("/task add Nobody's")
    await stage.type("/task add Done assign:@me")
    await stage.type("/task done 4")
    mine = await stage.type("/task mine")
    assert mine.title == "My work"
    assert [row.cells[1] for row in mine.tables[0].rows] == ["Soon", "Some day"]
    assert [action.label for action in mine.tables[0].rows[0].actions] == ["Done", "Snooze", "Assign"]
    renewed = await stage.press(mine.tables[0].rows[0].actions[0])
    assert renewed.original
    assert [row.cells[1] for row in renewed.original.tables[0].rows] == ["Some day"]


async def test_without_work_it_says_how_to_take_some_on(stage: Stage) -> None:
    mine = await stage.type("/task mine")
    assert "Nothing is waiting for you." in plain(mine.text)
    assert mine.tables == ()
