"""`/qm channel`: what is said in a channel is on its own clock, and so are those there who have none."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import BACK, Stage, button, staged
from tests.unit.bot.test_digests import at, said

TOKYO = ChannelRef("C2", "tokyo", ChannelKind.PUBLIC)
SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
DIRECT = ChannelRef("D1", "", ChannelKind.DIRECT)
ANN = UserRef("U1", "Ann", zone="America/New_York", is_admin=True)
CLEO = UserRef("U2", "Cleo")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A workspace in Berlin, with Ann, who is in New York, and Cleo, who is nowhere known, in a channel in Tokyo."""
    async with staged(tmp_path, engine=PlainEngine()) as made:
        jobs = made.product.jobs
        assert jobs.launcher
        jobs.launcher.start(jobs.runner.run)
        await made.type("/user whoami")
        for person in (ANN, CLEO):
            made.chat.profiles[person.id] = person
            await typed(made, "/user whoami", person, SHOP)
        assert (await typed(made, "/qm channel Asia/Tokyo")).ok
        yield made
        await made.product.drain()
        await jobs.launcher.stop()


async def typed(stage: Stage, line: str, by: UserRef = ANN, channel: ChannelRef = TOKYO, **more: Any) -> Reply:
    return await stage.type(line, by.id, platform=Platform.SLACK, channel=channel, user=by, **more)


async def test_a_zone_is_set_shown_and_taken_back(stage: Stage) -> None:
    made = await typed(stage, "/qm channel europe/london", channel=SHOP)
    assert said(made) == [
        "The time zone of #shop is now Europe/London, Fri 20 Nov 2026 09:00 (was Europe/Berlin).",
        "Digests and schedules that are there already keep theirs.",
    ]
    assert made.visibility is Visibility.CHANNEL
    again = await typed(stage, "/qm channel Europe/London", channel=SHOP)
    assert said(again) == ["The time zone of #shop is Europe/London, Fri 20 Nov 2026 09:00 already."]
    assert again.visibility is Visibility.PRIVATE
    shown = await typed(stage, "/qm channel channel:#shop")
    assert said(shown)[0] == "The time zone of #shop is Europe/London, Fri 20 Nov 2026 09:00."
    undone = await typed(stage, "", channel=SHOP, action=button(made, "Undo").id)
    assert said(undone) == [
        "Undone: the time zone of #shop is Europe/Berlin (the workspace's), Fri 20 Nov 2026 10:00 again."
    ]


async def test_none_goes_back_to_the_workspaces(stage: Stage) -> None:
    assert said(await typed(stage, "/qm channel none"))[0] == (
        "The time zone of #tokyo is now Europe/Berlin (the workspace's), Fri 20 Nov 2026 10:00 (was Asia/Tokyo)."
    )
    assert said(await typed(stage, "/user zone", CLEO))[0].startswith("Your time zone is Europe/Berlin: ")


async def test_what_was_set_again_since_is_not_taken_back(stage: Stage) -> None:
    made = await typed(stage, "/qm channel UTC")
    await typed(stage, "/qm channel Asia/Seoul")
    undone = await typed(stage, "", action=button(made, "Undo").id)
    assert undone.problem
    assert undone.problem.message == "The time zone of that channel has been changed since."


@pytest.mark.parametrize(
    ("line", "channel", "message"),
    [
        ("/qm channel Mars/Base", TOKYO, "“Mars/Base” is no time zone."),
        ("/qm channel UTC channel:all", TOKYO, "I know no channel “all”."),
        ("/qm channel UTC channel:#back", TOKYO, "I know no channel “#back”."),
        ("/qm channel UTC", DIRECT, "This conversation is yours alone: it goes by your own time zone."),
    ],
)
async def test_what_has_no_zone_is_refused(stage: Stage, line: str, channel: ChannelRef, message: str) -> None:
    await stage.type("/user whoami", channel=BACK)
    refused = await typed(stage, line, channel=channel)
    assert refused.problem
    assert refused.problem.message == message


async def test_only_managers_set_it(stage: Stage) -> None:
    refused = await typed(stage, "/qm channel UTC", CLEO)
    assert refused.problem
    assert refused.problem.code == "forbidden"


async def test_the_audit_trail_names_the_channel_and_its_zones(stage: Stage) -> None:
    await typed(stage, "/qm channel Asia/Seoul channel:#tokyo", channel=SHOP)
    await stage.type("/qm settings zone:Europe/Paris")
    trail = (await stage.type("/qm audit")).tables[0].rows
    assert [(row.cells[3], *row.cells[6:]) for row in trail[:2]] == [
        ("settings", "Time zone", "Europe/Berlin", "Europe/Paris"),
        ("#tokyo", "Time zone", "Asia/Tokyo", "Asia/Seoul"),
    ]


async def test_people_without_a_zone_have_that_of_the_channel_and_others_their_own(stage: Stage) -> None:
    assert said(await typed(stage, "/user zone", CLEO))[0] == (
        "Your time zone is Asia/Tokyo, that of this channel: Fri 20 Nov 2026 18:00."
    )
    for person, channel, told in (
        (CLEO, TOKYO, "Sat 21 Nov 2026 09:00 (Asia/Tokyo)"),
        (CLEO, SHOP, "Sat 21 Nov 2026 09:00 (Europe/Berlin)"),
        (ANN, TOKYO, "Sat 21 Nov 2026 09:00 (America/New_York)"),
    ):
        made = await typed(stage, "/task add Tea due:2026-11-21 9:00", person, channel)
        assert told in plain(made.text)
    assert "Asia/Tokyo" in said(await typed(stage, "/user zone none"))[0]


async def test_a_channels_digest_is_on_its_clock_unless_it_is_given_another(stage: Stage) -> None:
    shown = await typed(stage, "/task digest now channel:here")
    assert shown.zone == "Asia/Tokyo"
    made = await typed(stage, "/task digest on at:daily 9:00 channel:here")
    assert said(made)[0] == "Ann turned on the digest of tasks in #tokyo, daily at 09:00 (Asia/Tokyo)."
    other = await typed(stage, "/task digest on channel:here zone:UTC")
    assert "(UTC)" in said(other)[0]
    again = await typed(stage, "/task digest at:daily 10:00 channel:here")
    assert "daily at 10:00 (UTC)" in said(again)[0]


async def test_what_is_scheduled_for_a_channel_is_on_its_clock(stage: Stage) -> None:
    made = await typed(stage, '/report schedule sales "daily 9:00"')
    assert "daily at 09:00 (Asia/Tokyo) in #tokyo" in said(made)[0]
    other = await typed(stage, '/report schedule sales "daily 9:00" channel:#tokyo', channel=SHOP)
    assert "daily at 09:00 (Asia/Tokyo) in #tokyo" in said(other)[0]
    assert "(Asia/Tokyo)" in said(await typed(stage, '/job every tea "daily 9:00" /task list'))[0]
    elsewhere = await typed(stage, '/report schedule sales "daily 9:00"', channel=SHOP)
    assert "daily at 09:00 (America/New_York) in #shop" in said(elsewhere)[0]


async def test_what_a_schedule_posts_is_told_in_its_zone_whosever_it_is(stage: Stage) -> None:
    await typed(stage, "/task add Tea due:2026-11-21 9:00", CLEO)
    await typed(stage, '/job every tea "daily 9:00" /task list')
    await typed(stage, '/job every cake "daily 9:00" /task list zone:UTC')
    [(_, _, here)] = await at(stage, "2026-11-21T00:00")
    [(_, _, utc)] = await at(stage, "2026-11-21T09:00")
    assert (here.zone, utc.zone) == ("Asia/Tokyo", "UTC")


async def test_a_digest_of_ones_own_keeps_the_clock_that_one_has_where_it_was_turned_on(stage: Stage) -> None:
    await typed(stage, "/task add Tea due:2026-11-20 assign:@Cleo", CLEO)
    made = await typed(stage, "/task digest on at:9:00", CLEO)
    assert "daily at 09:00 (Asia/Tokyo)" in said(made)[0]
    [(where, title, told)] = await at(stage, "2026-11-21T00:00")
    assert (where, title, told.zone) == ("U2", "Your tasks, Sat 21 Nov 2026", "Asia/Tokyo")
    await typed(stage, "/qm channel UTC")
    assert await at(stage, "2026-11-22T00:00") == []
    assert len(await at(stage, "2026-11-22T09:00")) == 1


async def test_what_one_is_given_is_told_on_the_clock_of_its_channel(stage: Stage) -> None:
    await typed(stage, "/task add Tea due:2026-11-21 9:00 assign:@Cleo", ANN)
    await stage.deliver_posts()
    [(given, reply, _)] = stage.chat.posts
    assert (given.user, "Sat 21 Nov 2026 23:00 (Asia/Tokyo)" in plain(reply.text)) == ("U2", True)


async def test_a_board_is_on_the_clock_of_its_channel(stage: Stage) -> None:
    await typed(stage, "/task add Tea due:2026-11-20 21:00", CLEO)
    await typed(stage, "/task board")
    (boards,) = [loop for loop in stage.product.jobs.others if loop.name == "boards"]
    await boards.step()
    assert "Times are those of Asia/Tokyo." in plain(stage.chat.posts[-1][1].text)
