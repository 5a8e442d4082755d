"""Platforms are asked what somebody may see before the write lock is held, and once a request."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.application.context import Context
from bot.grammar.arguments import Rest
from bot.grammar.declaration import Area
from core.chat.reply import Action, Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform
from core.chat.spec import Undo
from core.people.model import Role
from core.ports.platform import PostRejectedError
from core.tasks.requests import NewTask
from core.tasks.service import TaskService
from core.workspaces.model import Space
from tests.unit.bot.stage import Stage, staged

SHOP = {"platform": Platform.SLACK, "channel": ChannelRef("C1", "shop", ChannelKind.PUBLIC)}
BACK = {"platform": Platform.SLACK, "channel": ChannelRef("G1", "back", ChannelKind.PRIVATE)}

area = Area("trial", "Trials")


@area.command(role=Role.GUEST, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def keep(ctx: Context, words: Rest) -> Reply:
    """Keep words as a task, without a look at what is there.

    Args:
        words: the title
    """
    await ctx.services.get(TaskService).add(ctx.actor, NewTask(words))
    return Reply(title=f"kept {words}")


@area.command(role=Role.GUEST)
async def offer(ctx: Context) -> Reply:
    """Offer a button that changes something and shows everything anew."""
    return Reply(actions=(Action("Keep", "/trial keep something", then="/task list channel:all"),))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, areas=[area]) as made:
        await made.type("/task add In private", "U1", **BACK)
        yield made


class Lookout:
    """Stands in for the platform's answer and notes how often somebody else could write while it was asked."""

    def __init__(self, stage: Stage, *, fails: bool) -> None:
        self.asked = self.writes = 0
        self._stage = stage
        self._fails = fails

    async def private_channels(self, space: Space, user: str) -> frozenset[str]:
        self.asked += 1
        async with self._stage.parts.storage.workspace(1).write() as work:
            await work.members.all()
        self.writes += 1
        if self._fails:
            raise PostRejectedError("not_now")
        return frozenset({"G1"})


@pytest.mark.parametrize(("fails", "shown"), [(False, ["In private", "something"]), (True, ["something"])])
async def test_what_a_refresh_may_show_is_asked_once_and_before_the_first_write(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, fails: bool, shown: list[str]
) -> None:
    lookout = Lookout(stage, fails=fails)
    (button,) = (await stage.type("/trial offer", "U2", **SHOP)).actions
    monkeypatch.setattr(stage.chat, "private_channels", lookout.private_channels)
    reply = await stage.press(button, "U2", **SHOP)
    assert reply.title == "kept something"
    assert reply.original is not None
    assert sorted(str(row.cells[1]) for row in reply.original.tables[0].rows) == shown
    assert (lookout.asked, lookout.writes) == (1, 1)


async def test_a_platform_that_does_not_answer_is_waited_for_once_a_request(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.type("/task add In public", "U2", **SHOP)
    listed = await stage.type("/task list", "U2", **SHOP)
    done = next(action for action in listed.tables[0].rows[0].actions if action.label == "Done")
    lookout = Lookout(stage, fails=True)
    monkeypatch.setattr(stage.chat, "private_channels", lookout.private_channels)
    assert (await stage.press(done, "U2", **SHOP)).problem is None
    assert (lookout.asked, lookout.writes) == (1, 1)
