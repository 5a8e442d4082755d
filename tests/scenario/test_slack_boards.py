"""Boards in Slack, over the wire: one message that keeps itself up to date, whatever becomes of it."""

import asyncio
import time

import pytest

from tests.scenario.conftest import By
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.messages import Message
from tests.support.slack_product import BOARD_SECONDS, SlackShop

both_ways = pytest.mark.parametrize("way", ["http", "socket"])
"""For what Slack sends; what the product does of itself takes the same way always."""


async def _said(person: Person, line: str, channel: Channel) -> Message:
    return await (await person.command(line, channel=channel)).answer()


async def _board(slack: SlackPlatform, person: Person, channel: Channel, line: str = "/task board") -> Message:
    """Put a board up and wait until it stands there, pinned."""
    before = len(channel.pinned)
    await _said(person, line, channel)
    await slack.until(lambda: len(channel.pinned) > before, what="the pin")
    found = channel.find(channel.pinned[-1])
    assert found is not None
    return found


@both_ways
async def test_a_board_is_pinned_and_follows_what_everybody_does(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    board = await _board(slack, anna, general)
    assert "Nothing to do" in board.shown
    await _said(ben, "/task add Buy milk assign:@me due:tomorrow", general)
    await slack.until(lambda: "#1 Buy milk" in board.shown, what="the task on the board")
    assert "ben" in board.shown
    await _said(anna, "/task done 1", general)
    await slack.until(lambda: "Done today" in board.shown, what="the task done")
    assert general.pinned == [board.ts]


@both_ways
async def test_buttons_of_a_board_are_for_whoever_presses_them(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    board = await _board(slack, anna, general)
    pressed = await ben.press(board, "Add a task")
    form = await pressed.view()
    await ben.submit(form, {"Title": "Buy milk"})
    # The board that was pressed on may tell of the task before the answer does.
    await slack.until(lambda: any("ben added #1" in one.shown for one in slack.messages(general)), what="the answer")
    await slack.until(lambda: "#1 Buy milk" in board.shown, what="the task on the board")
    listed = await (await ben.press(board, "Work on them")).answer()
    assert listed.is_ephemeral
    assert "Tasks in #general" in board.shown


async def test_a_burst_of_changes_is_a_few_edits(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    board = await _board(slack, anna, general)
    begun = time.monotonic()
    await asyncio.gather(*(_said(anna, f"/task add Number {number}", general) for number in range(10)))
    await slack.until(lambda: "Open (10)" in board.shown, what="all tasks on the board")
    # One at once, and one for each pause that the burst lasts on this machine.
    assert len(slack.calls_of("chat.update")) <= 2 + (time.monotonic() - begun) / BOARD_SECONDS


async def test_a_board_moves_down_and_is_taken_down(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    first = await _board(slack, anna, general)
    second = await _board(slack, anna, general, "/task board by:assignee")
    await slack.until(lambda: first.deleted, what="the former board's end")
    await _said(anna, "/task unboard", general)
    await slack.until(lambda: second.deleted, what="the board's end")


async def test_a_channel_without_the_bot_is_told_how_to_invite_it(slack: SlackPlatform, by: By) -> None:
    anna = by("anna")
    public = slack.world.channel("window", [anna.user], with_bot=False)
    private = slack.world.channel("safe", [anna.user], private=True, with_bot=False)
    for channel in (public, private):
        refused = await _said(anna, "/task board", channel)
        assert refused.is_ephemeral
        assert "/invite @quartermaster" in refused.shown
        assert not channel.messages


@pytest.mark.parametrize("end", ["deleted", "archived", "removed"])
async def test_a_board_whose_place_is_gone_is_off_and_its_maker_told_once(
    slack: SlackPlatform, by: By, general: Channel, end: str
) -> None:
    anna, ben = by("anna"), by("ben")
    back = slack.world.channel("back", [anna.user, ben.user], private=True)
    board = await _board(slack, anna, back)
    if end == "deleted":
        board.deleted = True
    elif end == "archived":
        back.is_archived = True
    else:
        back.members.remove(slack.installation.bot)
    for number in range(3):
        await _said(ben, f"/task add Number {number}", back)
    await slack.until(lambda: slack.direct_messages(anna.user), what="the notice")
    (notice,) = slack.direct_messages(anna.user)
    assert "The board of #back is off" in notice.shown or "is off" in notice.text
    assert not slack.direct_messages(ben.user)


async def test_a_board_outlives_rate_limits_and_faults(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    board = await _board(slack, anna, general)
    slack.faults.add("chat.update", status=429, retry_after=1)
    slack.faults.add("chat.update", status=503)
    slack.faults.drop("chat.update")
    await _said(anna, "/task add Buy milk", general)
    await slack.until(lambda: "#1 Buy milk" in board.shown, what="the task on the board")
    assert not slack.direct_messages(anna.user)


async def test_a_post_that_slack_took_without_saying_so_is_not_repeated(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    slack.faults.drop("chat.postMessage")
    board = await _board(slack, anna, general)
    assert [message for message in slack.messages(general) if message.by_bot] == [board]


async def test_without_the_scope_for_pins_a_board_stands_unpinned(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    slack.installation.scopes.remove("pins:write")
    anna = by("anna")
    await _said(anna, "/task board", general)
    board = await slack.until(lambda: next((m for m in general.messages if m.by_bot), None), what="the board")
    await _said(anna, "/task add Buy milk", general)
    await slack.until(lambda: "#1 Buy milk" in board.shown, what="the task on the board")
    assert general.pinned == []
    assert not slack.direct_messages(anna.user)


@both_ways
async def test_a_restart_goes_on_with_the_board(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    anna = by("anna")
    board = await _board(slack, anna, general)
    await shop.stop()
    await shop.start()
    anna = slack.person(anna.user)
    await _said(anna, "/task add Buy milk", general)
    await slack.until(lambda: "#1 Buy milk" in board.shown, what="the task on the board")
    assert [message for message in slack.messages(general) if message.text.startswith("Tasks in")] == [board]
