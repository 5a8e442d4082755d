"""`/report …` as people type it, through the whole application."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.chat.reply import Reply, Visibility
from core.chat.text import plain
from tests.unit.bot.stage import BACK, Stage, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


def said(reply: Reply) -> str:
    assert reply.problem is None, reply.problem
    return plain(reply.text)


async def test_the_report_on_tasks_counts_those_done_in_its_channel(stage: Stage) -> None:
    for line in ("/task add Buy milk", "/task add Bake due:2001-01-01", "/task add Sweep", "/task done 1 2"):
        await stage.type(line)
    await stage.type("/task add Elsewhere", channel=BACK)
    await stage.type("/task done 4", channel=BACK)
    reply = await stage.type("/report tasks")
    assert said(reply) == "2 tasks done in 8 weeks, 1 of them late."
    assert reply.visibility is Visibility.CHANNEL


async def test_the_report_on_tasks_of_all_channels_is_for_the_asker_alone(stage: Stage) -> None:
    reply = await stage.type("/report tasks channel:all")
    assert reply.visibility is Visibility.PRIVATE
