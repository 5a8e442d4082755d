"""What a member may see: asked of the platforms, kept a minute, and nothing where they do not answer."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

import bot.identity.audiences
from bot.identity.audiences import MEMBERSHIP_LIFE, Audiences
from core.chat.actor import Actor
from core.chat.reply import Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.ports.platform import PostRejectedError
from core.workspaces.model import Audience
from tests.unit.bot.conftest import Log
from tests.unit.bot.stage import Chat, Stage, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
BACK = ChannelRef("G1", "back", ChannelKind.PRIVATE)
OWN = ChannelRef("D1", "", ChannelKind.DIRECT)


class Floor:
    """A team with a public channel, a private one and Ann's direct messages, as Ann knows them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.chat: Chat = stage.chat
        self.audiences = Audiences(stage.parts.messengers, stage.clock)
        self.actors: dict[str, Actor] = {}

    async def open(self) -> None:
        for user, channels in {"U1": (BACK, OWN, SHOP), "U2": (SHOP,)}.items():
            for channel in channels:
                request = self.stage.request(platform=Platform.SLACK, channel=channel, user=UserRef(user, user))
                actor = await self.stage.product.application.identify(request)
                self.actors[f"{user} {channel.id}"] = actor
        self.chat.asked.clear()

    async def of(self, who: str = "U1 C1", *, everywhere: bool = True) -> Audience:
        actor = self.actors[who]
        directory = await self.stage.product.identities.directory(actor.workspace_id)
        spaces = {space.id: space for space in await self.stage.product.identities.all_spaces()}
        return await self.audiences.of(actor, directory, spaces, everywhere=everywhere)

    def id(self, channel: str) -> int:
        return self.actors[f"U1 {channel}"].channel_id


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    async with staged(tmp_path) as stage:
        made = Floor(stage)
        await made.open()
        yield made


async def test_here_needs_no_question(floor: Floor) -> None:
    found = await floor.of(everywhere=False)
    assert found == Audience(floor.actors["U1 C1"].member_id, frozenset({floor.id("C1")}))
    assert floor.chat.asked == []


async def test_everywhere_asks_the_platform_which_private_channels(floor: Floor) -> None:
    floor.chat.private["U1"] = frozenset({"G1", "D1", "C1", "G9"})
    found = await floor.of()
    assert found.channels == {floor.id("C1"), floor.id("G1"), floor.id("D1")}
    assert not found.everything


async def test_somebody_who_is_in_no_private_channel_sees_none(floor: Floor) -> None:
    floor.chat.private["U1"] = frozenset({"G1"})
    assert floor.id("G1") not in (await floor.of("U2 C1")).channels


async def test_whoever_speaks_in_a_private_channel_sees_it(floor: Floor) -> None:
    assert (await floor.of("U1 G1")).channels == {floor.id("G1")}


async def test_the_answer_is_kept_for_a_minute(floor: Floor) -> None:
    floor.chat.private["U1"] = frozenset({"G1"})
    await floor.of()
    floor.chat.private["U1"] = frozenset()
    floor.stage.clock.moment += MEMBERSHIP_LIFE - timedelta(seconds=1)
    assert floor.id("G1") in (await floor.of()).channels
    assert floor.chat.asked == ["channels U1"]
    floor.stage.clock.moment += timedelta(seconds=1)
    assert floor.id("G1") not in (await floor.of()).channels
    assert floor.chat.asked == ["channels U1", "channels U1"]


async def test_a_platform_that_refuses_shows_nothing_and_is_asked_again(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    async def refuse(*_: object) -> frozenset[str]:
        raise PostRejectedError("missing_scope")

    with monkeypatch.context() as patched:
        patched.setattr(floor.chat, "private_channels", refuse)
        assert (await floor.of()).channels == {floor.id("C1")}
    assert log.entries("memberships_unavailable")
    floor.chat.private["U1"] = frozenset({"G1"})
    assert floor.id("G1") in (await floor.of()).channels


async def test_a_platform_that_does_not_answer_shows_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> frozenset[str]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(floor.chat, "private_channels", never)
    monkeypatch.setattr(bot.identity.audiences, "MEMBERSHIP_TIMEOUT", 0.01)
    assert (await floor.of()).channels == {floor.id("C1")}


async def test_a_client_that_breaks_shows_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    async def broken(*_: object) -> frozenset[str]:
        raise RuntimeError("xoxb-1-secret")

    monkeypatch.setattr(floor.chat, "private_channels", broken)
    assert (await floor.of()).channels == {floor.id("C1")}
    assert "xoxb-1-secret" not in log.text


async def test_a_platform_that_is_not_connected_shows_nothing(floor: Floor) -> None:
    floor.chat.private["U1"] = frozenset({"G1"})
    floor.stage.parts.messengers.clear()
    assert (await floor.of()).channels == {floor.id("C1")}


async def test_the_memory_is_bounded(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.identity.audiences, "_MOST_KEPT", 1)
    await floor.of("U1 C1")
    await floor.of("U2 C1")
    assert len(floor.audiences._kept) == 1


async def test_a_workspace_without_private_channels_asks_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        reply = await stage.type("/task list channel:all", "U1", platform=Platform.SLACK, channel=SHOP)
        assert reply.problem is None
        assert [asked for asked in stage.chat.asked if asked.startswith("channels")] == []


@pytest.mark.parametrize(
    "line", ["/task done 1", "/task edit 1 priority:high", "/task assign 1 @me", "/task due 1 fri"]
)
async def test_what_is_done_elsewhere_to_a_task_of_a_private_channel_is_told_to_nobody_else(
    floor: Floor, line: str
) -> None:
    there = {"platform": Platform.SLACK}
    added = await floor.stage.type("/task add Count the till", "U1", channel=BACK, **there)
    assert added.visibility is Visibility.CHANNEL
    floor.chat.private["U1"] = frozenset({"G1"})
    assert (await floor.stage.type(line, "U1", channel=SHOP, **there)).visibility is Visibility.PRIVATE
    assert (await floor.stage.type("/qm undo", "U1", channel=SHOP, **there)).visibility is Visibility.PRIVATE
    assert (await floor.stage.type(line, "U1", channel=BACK, **there)).visibility is Visibility.CHANNEL
    assert (await floor.stage.type(line, "U1", channel=OWN, **there)).visibility is Visibility.CHANNEL
    await floor.stage.type("/task add Open the shop", "U1", channel=SHOP, **there)
    elsewhere = await floor.stage.type("/task done 2", "U1", channel=BACK, **there)
    assert elsewhere.visibility is Visibility.CHANNEL


async def test_a_refused_undo_tells_nothing_of_a_task_that_is_not_for_its_author_any_more(floor: Floor) -> None:
    there = {"platform": Platform.SLACK}
    await floor.stage.type("/task add Count the till", "U1", channel=BACK, **there)
    await floor.stage.type("/task due 1 fri", "U2", channel=BACK, **there)
    await floor.stage.type("/task edit 1 Count the takings", "U1", channel=BACK, **there)
    await floor.stage.type("/task due 1 none", "U1", channel=BACK, **there)
    outside = await floor.stage.type("/qm undo", "U2", channel=SHOP, **there)
    assert outside.problem is not None
    assert outside.problem.code == "not_found"
    assert "Count" not in str(outside)
    inside = await floor.stage.type("/qm undo", "U2", channel=BACK, **there)
    assert inside.problem is not None
    assert inside.problem.code == "conflict"


async def test_a_task_of_a_private_channel_is_shown_to_those_inside_only(floor: Floor) -> None:
    there = {"platform": Platform.SLACK}
    await floor.stage.type("/task add Count the till", "U1", channel=BACK, **there)
    floor.chat.private["U1"] = frozenset({"G1"})
    inside = await floor.stage.type("/task list channel:all", "U1", channel=SHOP, **there)
    outside = await floor.stage.type("/task list channel:all", "U2", channel=SHOP, **there)
    assert [row.cells[1] for table in inside.tables for row in table.rows] == ["Count the till"]
    assert [row for table in outside.tables for row in table.rows] == []
    shown = await floor.stage.type("/task show 1", "U2", channel=SHOP, **there)
    assert shown.problem is not None
    assert shown.problem.code == "not_found"
    assert "till" not in repr(shown)
