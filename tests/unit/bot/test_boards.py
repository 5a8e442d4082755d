"""Boards of channels: put up, kept up to date, taken away, whatever the platform does meanwhile."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from core.ports.platform import (
    NOT_ALLOWED,
    Destination,
    PostDelayedError,
    PostOutcomeUnknownError,
    PostRejectedError,
)
from tests.support.statements import statements
from tests.unit.bot.stage import Stage, button, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
ANNA = UserRef("U1", "Anna")


class Shop:
    """A channel on the recording platform, and the loop that keeps its board."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.chat = stage.chat

    async def type(self, line: str, **more: Any) -> Any:
        reply = await self.stage.type(line, platform=Platform.SLACK, channel=SHOP, user=ANNA, **more)
        assert reply.problem is None, reply.problem
        return reply

    async def turn(self, seconds: float = 3) -> None:
        """Some seconds pass, then the boards' loop has its turn."""
        self.stage.clock.moment += timedelta(seconds=seconds)
        (loop,) = [loop for loop in self.stage.product.jobs.others if loop.name == "boards"]
        while await loop.step():
            pass

    @property
    def shown(self) -> str:
        """The words of the board's newest state."""
        reply = self.chat.edits[-1][1] if self.chat.edits else self.chat.posts[-1][1]
        return plain(reply.text)

    async def notices(self) -> list[str]:
        """What waits to be posted to people."""
        items = await self.stage.parts.storage.outbox.claim(self.stage.clock.now(), 50)
        return [item.post.reply.title for item in items]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with staged(tmp_path) as stage:
        stage.chat.profiles["U1"] = ANNA
        yield Shop(stage)


async def test_a_board_is_posted_and_pinned_and_shows_the_tasks_of_its_channel(shop: Shop) -> None:
    await shop.type("/task add Buy milk due:tomorrow assign:@me priority:high")
    await shop.type("/task add Sweep the floor")
    said = await shop.type("/task board")
    assert "comes up here" in plain(said.text)
    await shop.turn()
    ((where, reply, _),) = shop.chat.posts
    assert (where.channel, shop.chat.pinned) == ("C1", ["m1"])
    assert reply.title == "Tasks in #shop"
    assert plain(reply.text).splitlines()[0] == "Open (2)"
    assert "#1 Buy milk · high · due tomorrow, " in plain(reply.text)
    assert "· Anna" in plain(reply.text)
    assert [action.label for action in reply.actions] == ["Add a task", "Work on them"]


async def test_a_board_tells_dates_in_one_format_on_one_clock_and_says_whose(shop: Shop) -> None:
    await shop.type("/task add Buy milk due:tomorrow")
    await shop.type("/task add Sweep due:tomorrow 5pm")
    await shop.type("/task add Count the tins due:2027-01-04 9:00")
    await shop.type("/task board")
    await shop.turn()
    ((_, reply, _),) = shop.chat.posts
    assert plain(reply.text).splitlines()[1:] == [
        "• #2 Sweep · due tomorrow, Sat 21 Nov 2026 17:00",
        "• #1 Buy milk · due tomorrow, Sat 21 Nov 2026",
        "• #3 Count the tins · due Mon 4 Jan 2027 09:00",
        "Times are those of Europe/Berlin.",
    ]


async def test_a_change_is_one_edit_and_nothing_visible_is_none(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    assert "Nothing to do" in shop.shown
    await shop.type("/task add Buy milk")
    await shop.type("/task add Sweep the floor")
    await shop.type("/task done 1")
    await shop.turn()
    assert len(shop.chat.edits) == 1
    assert shop.shown.splitlines() == ["Open (1)", "• #2 Sweep the floor", "Done today (1)", "• #1 Buy milk"]
    await shop.type("/task edit 2 notes:behind the counter")
    await shop.turn()
    await shop.turn(seconds=61)
    assert len(shop.chat.edits) == 1


async def test_an_edit_costs_one_statement(shop: Shop) -> None:
    await shop.type("/task add Buy milk assign:@me")
    await shop.type("/task board")
    await shop.turn()
    await shop.turn()
    for line in ("/task add Sweep the floor assign:@me", "/task done 1", "/task edit 2 Sweep it well"):
        await shop.type(line)
        edits = len(shop.chat.edits)
        with statements() as seen:
            await shop.turn(seconds=31)
        assert len(shop.chat.edits) == edits + 1
        assert len(seen) <= 1, seen
        await shop.turn(seconds=61)


async def test_edits_of_a_board_keep_their_distance(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    await shop.type("/task add One")
    await shop.turn()
    await shop.type("/task add Two")
    await shop.turn(seconds=0)
    assert len(shop.chat.edits) == 1
    await shop.turn(seconds=2)
    assert len(shop.chat.edits) == 2
    assert "Two" in shop.shown


async def test_a_pressed_button_works_however_often_the_board_was_edited(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    await shop.type("/task add Buy milk")
    await shop.turn(seconds=40 * 24 * 3600)
    listed = await shop.type("", action=button(shop.chat.edits[-1][1], "Work on them").id)
    assert "Buy milk" in listed.tables[0].rows[0].cells


@pytest.mark.parametrize("word", ["person", "assignee"])
async def test_by_person_a_task_stands_with_each_of_its_people(shop: Shop, word: str) -> None:
    ben = UserRef("U2", "Ben")
    shop.chat.profiles["U2"] = ben
    await shop.stage.type("/task list", platform=Platform.SLACK, channel=SHOP, user=ben)
    await shop.type("/task add Buy milk assign:<@U1>,<@U2>")
    await shop.type("/task add Sweep the floor")
    await shop.type(f"/task board by:{word}")
    await shop.turn()
    rows = shop.shown.splitlines()
    assert rows == [
        "Anna (1)",
        "• #1 Buy milk",
        "Ben (1)",
        "• #1 Buy milk",
        "Nobody (1)",
        "• #2 Sweep the floor",
    ]


async def test_the_rest_is_counted(shop: Shop) -> None:
    for number in range(23):
        await shop.type(f"/task add Task {number}")
    await shop.type("/task board")
    await shop.turn()
    assert shop.shown.splitlines()[0] == "Open (23)"
    assert "… and 3 more: /task list" in shop.shown


async def test_a_due_that_passes_and_a_day_that_ends_show_by_themselves(shop: Shop) -> None:
    await shop.type("/task add Buy milk due:in 2h")
    await shop.type("/task add Sweep the floor")
    await shop.type("/task done 2")
    await shop.type("/task board")
    await shop.turn()
    assert "Open (1)" in shop.shown
    await shop.turn(seconds=2 * 3600 + 61)
    assert "Overdue (1)" in shop.shown
    assert "was due today" in shop.shown
    await shop.turn(seconds=24 * 3600)
    assert "Done today" not in shop.shown


async def test_a_board_moves_down_and_its_former_message_goes(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    moved = await shop.type("/task board")
    assert "moves down" in plain(moved.text)
    await shop.turn()
    assert len(shop.chat.posts) == 2
    assert shop.chat.removed == ["m1"]
    await shop.turn(seconds=61)
    assert shop.chat.removed == ["m1"]


async def test_buttons_of_a_board_that_is_gone_are_gone(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    buttons = [shop.chat.posts[0][1].actions[1].id]
    await shop.type("/task board")
    await shop.turn()
    buttons.append(shop.chat.posts[1][1].actions[1].id)
    await shop.type("/task unboard")
    for pressed in buttons:
        reply = await shop.stage.type("", platform=Platform.SLACK, channel=SHOP, user=ANNA, action=pressed)
        assert reply.problem
        assert "too old" in reply.problem.message


async def test_a_board_is_taken_down(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    gone = await shop.type("/task unboard")
    await shop.turn()
    await shop.type("/task add Buy milk")
    await shop.turn(seconds=61)
    assert shop.chat.removed == ["m1"]
    assert shop.chat.edits == []
    again = await shop.type("", action=button(gone, "Put it up again").id)
    assert "comes up" in plain(again.text)
    await shop.turn()
    assert len(shop.chat.posts) == 2


async def test_without_a_board_there_is_none_to_take_down(shop: Shop) -> None:
    reply = await shop.stage.type("/task unboard", platform=Platform.SLACK, channel=SHOP, user=ANNA)
    assert reply.problem
    assert reply.problem.message == "There is no board in this channel."


async def test_where_the_bot_is_not_it_says_how_to_invite_it(shop: Shop) -> None:
    shop.chat.outside.add("C1")
    reply = await shop.stage.type("/task board", platform=Platform.SLACK, channel=SHOP, user=ANNA)
    assert reply.problem
    assert reply.problem.message == "I am not in #shop, so I can't keep a board there."
    assert "/invite @quartermaster" in reply.problem.hint
    await shop.turn()
    assert shop.chat.posts == []


async def test_a_platform_that_does_not_say_where_the_bot_is_is_tried(shop: Shop) -> None:
    shop.chat.unreachable.append(PostOutcomeUnknownError())
    await shop.type("/task board")
    await shop.turn()
    assert len(shop.chat.posts) == 1


async def test_a_deleted_message_switches_the_board_off_and_its_maker_is_told_once(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    shop.chat.gone.add("m1")
    for number in range(3):
        await shop.type(f"/task add Task {number}")
        await shop.turn(seconds=61)
    assert await shop.notices() == ["The board of #shop is off"]
    assert len(shop.chat.posts) == 1
    await shop.type("/task board")
    await shop.turn()
    assert len(shop.chat.posts) == 2


async def test_a_board_that_fails_to_be_switched_off_keeps_no_other_from_being_shown_and_is_off_later(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    yard = ChannelRef("C2", "yard", ChannelKind.PUBLIC)
    for channel in (SHOP, yard):
        await shop.stage.type("/task board", platform=Platform.SLACK, channel=channel, user=ANNA)
    shop.chat.answers.append(_failing(PostRejectedError(NOT_ALLOWED)))
    with monkeypatch.context() as patched:
        patched.delattr("bot.jobs.boards.texts.switched_off")
        await shop.turn()
    # Both are served at once: either of them may be the one that is refused.
    (posted,) = [where.channel for where, _, _ in shop.chat.posts]
    shop.chat.answers.append(_failing(PostRejectedError(NOT_ALLOWED)))
    await shop.turn(seconds=61)
    assert await shop.notices() == [f"The board of {'#shop' if posted == 'C2' else '#yard'} is off"]


async def test_a_board_that_can_not_be_posted_is_off_and_its_maker_is_told(shop: Shop) -> None:
    await shop.type("/task board")
    shop.chat.answers.append(_failing(PostRejectedError(NOT_ALLOWED)))
    await shop.turn()
    await shop.turn(seconds=61)
    assert await shop.notices() == ["The board of #shop is off"]
    assert shop.chat.posts == []


async def test_a_pin_that_is_refused_leaves_the_board_unpinned(shop: Shop) -> None:
    shop.chat.pins_refused = True
    await shop.type("/task board")
    await shop.turn()
    await shop.type("/task add Buy milk")
    await shop.turn()
    assert "#1 Buy milk" in shop.shown
    assert await shop.notices() == []


def _failing(error: Exception) -> Any:
    async def answer(_where: Destination, _key: str) -> None:
        raise error

    return answer


async def test_a_rate_limit_is_waited_out(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    await shop.type("/task add Buy milk")
    shop.chat.answers.append(_failing(PostDelayedError(30)))
    await shop.turn()
    await shop.turn(seconds=25)
    assert shop.chat.edits == []
    await shop.turn(seconds=6)
    assert len(shop.chat.edits) == 1


async def test_a_rate_limit_holds_all_boards_of_the_space(shop: Shop) -> None:
    other = ChannelRef("C2", "back", ChannelKind.PUBLIC)
    await shop.type("/task board")
    await shop.stage.type("/task board", platform=Platform.SLACK, channel=other, user=ANNA)
    await shop.turn()
    await shop.turn()
    assert len(shop.chat.posts) == 2
    await shop.type("/task add Buy milk")
    shop.chat.answers.append(_failing(PostDelayedError(30)))
    await shop.turn()
    await shop.stage.type("/task add Sweep", platform=Platform.SLACK, channel=other, user=ANNA)
    await shop.turn(seconds=20)
    assert shop.chat.edits == []
    await shop.turn(seconds=15)
    assert len(shop.chat.edits) == 2


@pytest.mark.parametrize("error", [PostOutcomeUnknownError(), TimeoutError(), ValueError("broken")])
async def test_an_edit_of_unknown_outcome_is_repeated(shop: Shop, error: Exception) -> None:
    await shop.type("/task board")
    await shop.turn()
    await shop.type("/task add Buy milk")
    shop.chat.answers.append(_failing(error))
    await shop.turn()
    await shop.turn(seconds=10)
    assert len(shop.chat.edits) == 1


async def test_a_post_of_unknown_outcome_is_looked_for_before_it_is_repeated(shop: Shop) -> None:
    async def arrives_all_the_same(where: Destination, key: str) -> None:
        shop.chat.posts.append((where, Reply(), key))
        raise PostOutcomeUnknownError

    await shop.type("/task board")
    shop.chat.answers.append(arrives_all_the_same)
    await shop.turn()
    await shop.turn(seconds=10)
    await shop.turn(seconds=10)
    assert len(shop.chat.posts) == 1
    assert shop.chat.pinned == ["m1"]
    assert [message for message, _ in shop.chat.edits] == ["m1"]


async def test_where_nothing_can_be_read_a_post_in_doubt_is_not_repeated(shop: Shop) -> None:
    await shop.type("/task board")
    shop.chat.answers.append(_failing(PostOutcomeUnknownError()))
    shop.chat.unreadable.extend(PostOutcomeUnknownError() for _ in range(9))
    for _ in range(8):
        await shop.turn(seconds=120)
    assert shop.chat.posts == []
    assert await shop.notices() == ["The board of #shop is off"]


async def test_a_restart_goes_on_with_the_board_and_edits_nothing_without_need(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.chat.profiles["U1"] = ANNA
        before = Shop(stage)
        await before.type("/task board")
        await before.turn()
    async with staged(tmp_path, clock=stage.clock) as stage:
        after = Shop(stage)
        await after.turn()
        assert (after.chat.posts, after.chat.edits) == ([], [])
        await after.type("/task add Buy milk")
        await after.turn()
        assert [message for message, _ in after.chat.edits] == ["m1"]


async def test_a_board_whose_post_was_not_recorded_is_found_after_a_restart(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.chat.profiles["U1"] = ANNA
        await Shop(stage).type("/task board")
        (board,) = await stage.parts.storage.system.boards()
        where = Destination(await stage.product.identities.space(stage.request(platform=Platform.SLACK)), "C1")
    stage.clock.moment += timedelta(seconds=1)
    async with staged(tmp_path, clock=stage.clock) as stage:
        after = Shop(stage)
        after.chat.posts.append((where, Reply(), board.id))
        await after.turn()
        await after.turn()
        assert len(after.chat.posts) == 1
        assert [message for message, _ in after.chat.edits] == ["m1"]


async def test_a_clock_that_is_put_back_leaves_no_board_as_it_was(shop: Shop) -> None:
    await shop.type("/task board")
    await shop.turn()
    await shop.turn(24 * 3600)
    await shop.type("/task add Buy milk")
    await shop.turn()
    await shop.turn(-24 * 3600)
    await shop.type("/task add Sweep the floor")
    await shop.turn()
    assert "Sweep the floor" in shop.shown
