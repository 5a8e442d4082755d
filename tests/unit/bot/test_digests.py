"""`/task digest`: once a day, for somebody alone or a channel, and never when there is nothing to look at."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from core.jobs.model import Job, JobFilter
from core.schedules.model import ScheduleFilter
from core.schedules.repository import SCHEDULES
from core.schedules.tick import Ticking
from core.workspaces.model import Audience
from tests.support.patience import until
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import Stage, button, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
ANN = UserRef("U1", "Ann", zone="Europe/Berlin")
BO = UserRef("U2", "Bo", zone="America/New_York")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The application with something that runs jobs, in a Slack team with two people far from each other."""
    async with staged(tmp_path, engine=PlainEngine()) as made:
        jobs = made.product.jobs
        assert jobs.launcher
        jobs.launcher.start(jobs.runner.run)
        for person in (ANN, BO):
            made.chat.profiles[person.id] = person
            await slack(made, "/user whoami", person)
        yield made
        await made.product.drain()
        await jobs.launcher.stop()


async def slack(stage: Stage, line: str, by: UserRef = ANN) -> Reply:
    return await stage.type(line, by.id, platform=Platform.SLACK, channel=SHOP, user=by)


async def pressed(stage: Stage, reply: Reply, label: str, by: UserRef = ANN) -> Reply:
    return await stage.press(button(reply, label), by.id, platform=Platform.SLACK, channel=SHOP, user=by)


def said(reply: Reply) -> list[str]:
    assert reply.problem is None, reply.problem
    return plain(reply.text).splitlines()


async def jobs(stage: Stage) -> list[Job]:
    async with stage.parts.storage.workspace(1).read() as work:
        page = await work.jobs.page(JobFilter(), Audience(1, frozenset(), everything=True), limit=100)
    return [*page.items]


async def at(stage: Stage, moment: str) -> list[tuple[str, str, Reply]]:
    """Let it be that time (UTC), and return what is posted by then: where, by which title, and all of it."""
    stage.clock.moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    while await Ticking(stage.parts.storage, stage.clock).run():
        pass

    async def is_over() -> bool:
        return all(job.state.is_over for job in await jobs(stage))

    await until(is_over, what="all jobs to be over")
    before = len(stage.chat.posts)
    await stage.deliver_posts()
    new = stage.chat.posts[before:]
    return [(where.channel or where.user, reply.title, reply) for where, reply, _ in new]


async def test_it_tells_when_it_comes_and_can_be_taken_back(stage: Stage) -> None:
    made = await slack(stage, "/task digest on at:weekdays 8:30")
    assert said(made) == [
        "You get your digest of tasks, every weekday at 08:30 (Europe/Berlin).",
        "Next: Mon 23 Nov 2026 08:30, Tue 24 Nov 2026 08:30 and Wed 25 Nov 2026 08:30.",
        "It comes in your direct messages. When there is nothing to look at, there is none.",
    ]
    assert made.visibility is Visibility.PRIVATE
    shown = await slack(stage, "/task digest")
    assert said(shown)[0] == "Your digest of tasks comes every weekday at 08:30 (Europe/Berlin)."
    await pressed(stage, made, "Undo")
    assert said(await slack(stage, "/task digest"))[0] == "Your digest of tasks is off."
    assert said(await slack(stage, "/task digest off"))[0].startswith("There is none already")


async def test_there_is_one_for_each_person_and_channel(stage: Stage) -> None:
    await slack(stage, "/task digest on")
    changed = await slack(stage, "/task digest at:daily 7:15")
    assert said(changed)[0] == "You get your digest of tasks, daily at 07:15 (Europe/Berlin)."
    assert said(await slack(stage, "/task digest", BO))[0] == "Your digest of tasks is off."
    channels = await slack(stage, "/task digest on channel:here", BO)
    assert said(channels)[0] == "Bo turned on the digest of tasks in #shop, every weekday at 09:00 (Europe/Berlin)."
    assert channels.visibility is Visibility.CHANNEL
    again = await slack(stage, "/task digest on at:10:00 channel:here zone:UTC", ANN)
    assert said(again)[0] == "Ann turned on the digest of tasks in #shop, daily at 10:00 (UTC)."
    async with stage.parts.storage.workspace(1).read() as work:
        page = await work.of(SCHEDULES).page(ScheduleFilter("task"), Audience(1, frozenset(), everything=True))
    assert [(one.title, one.personal, one.zone) for one in page.items] == [
        ("digest", True, "Europe/Berlin"),
        ("digest", False, "UTC"),
    ]
    off = await slack(stage, "/task digest off channel:here")
    assert said(off) == ["Ann turned off the digest of tasks in #shop."]


async def test_each_is_told_their_own_on_their_own_clock_and_nobody_twice(stage: Stage) -> None:
    for person in (ANN, BO):
        await slack(stage, "/task digest on at:9:00", person)
    await slack(stage, "/task add Late due:2026-11-20 assign:@Ann")
    await slack(stage, "/task add Today due:2026-11-23 17:00 assign:@Ann,@Bo")
    await slack(stage, "/task add Tomorrow due:2026-11-24 assign:@Ann")
    await at(stage, "2026-11-22T20:00")
    [(where, title, reply)] = await at(stage, "2026-11-23T08:00")
    assert (where, title) == ("U1", "Your tasks, Mon 23 Nov 2026")
    assert said(reply) == ["1 task overdue and 1 task due today."]
    assert [row.cells[1] for row in reply.tables[0].rows] == ["Late", "Today"]
    assert [action.label for action in reply.tables[0].rows[0].actions] == ["Done", "Snooze"]
    assert await at(stage, "2026-11-23T13:59") == []
    [(where, title, reply)] = await at(stage, "2026-11-23T14:00")
    assert (where, [row.cells[1] for row in reply.tables[0].rows]) == ("U2", ["Today"])
    assert await at(stage, "2026-11-24T07:59") == []


async def test_a_day_without_anything_has_none(stage: Stage) -> None:
    await slack(stage, "/task digest on at:9:00")
    await slack(stage, "/task add Some day assign:@Ann")
    await at(stage, "2026-11-22T20:00")
    assert await at(stage, "2026-11-23T08:00") == []
    assert said(await slack(stage, "/task digest now")) == ["Nothing is due."]


async def test_a_channel_hears_what_nobody_has_too(stage: Stage) -> None:
    await slack(stage, "/task digest on at:9:00 channel:here")
    await slack(stage, "/task add Nobody's")
    await slack(stage, "/task add Late due:2026-11-20 assign:@Bo")
    await at(stage, "2026-11-22T20:00")
    [(where, title, reply)] = await at(stage, "2026-11-23T08:00")
    assert (where, title) == ("C1", "Tasks in #shop, Mon 23 Nov 2026")
    assert said(reply) == ["1 task overdue and 1 task for nobody yet."]
    assert [[row.cells[1] for row in table.rows] for table in reply.tables] == [["Late"], ["Nobody's"]]


async def test_whoever_moves_is_told_on_the_clock_of_where_they_are(stage: Stage) -> None:
    await slack(stage, "/task digest on at:9:00")
    await slack(stage, "/task add Late due:2026-11-20 assign:@Ann")
    moved = await slack(stage, "/user zone Asia/Tokyo")
    assert "daily at 09:00 (Asia/Tokyo)" in said(await slack(stage, "/task digest"))[0]
    await pressed(stage, moved, "Undo")
    assert "daily at 09:00 (Europe/Berlin)" in said(await slack(stage, "/task digest"))[0]
    await slack(stage, "/user zone Asia/Tokyo")
    [(where, _, _)] = await at(stage, "2026-11-21T00:00")
    assert where == "U1"
    assert await at(stage, "2026-11-21T08:00") == []


async def test_clocks_that_change_make_no_second_and_no_missing_one(stage: Stage) -> None:
    await slack(stage, "/task digest on at:2:30")
    await slack(stage, "/task add Late due:2026-11-20 assign:@Ann")
    await at(stage, "2027-03-27T12:00")
    # The clocks of Berlin skip from 02:00 to 03:00.
    assert await at(stage, "2027-03-28T00:59") == []
    assert len(await at(stage, "2027-03-28T01:00")) == 1
    await at(stage, "2027-10-30T12:00")
    # 02:30 comes twice.
    assert len(await at(stage, "2027-10-31T00:30")) == 1
    assert await at(stage, "2027-10-31T01:30") == []


async def test_a_long_one_names_the_first_and_says_how_to_see_the_rest(stage: Stage) -> None:
    for number in range(12):
        await slack(stage, f"/task add Late {number} due:2026-11-{number + 1} assign:@Ann")
    reply = await slack(stage, "/task digest now")
    assert said(reply) == ["12 tasks overdue.", "These come first; all of them: /task mine"]
    assert len(reply.tables[0].rows) == 10


async def test_its_buttons_do_what_those_of_tasks_do(stage: Stage) -> None:
    await slack(stage, "/task digest on at:9:00")
    await slack(stage, "/task add Late due:2026-11-20 assign:@Ann")
    await at(stage, "2026-11-22T20:00")
    [(_, _, reply)] = await at(stage, "2026-11-23T08:00")
    done = reply.tables[0].rows[0].actions[0]
    pressed = await stage.press(done, ANN.id, platform=Platform.SLACK, channel=SHOP, user=ANN)
    assert said(pressed)[0].startswith("Ann completed #1 Late")
    assert await at(stage, "2026-11-24T08:00") == []


@pytest.mark.parametrize("line", ["every 2 hours", "9:00 and 17:00", "*/5 * * * *"])
async def test_it_comes_once_a_day_at_most(stage: Stage, line: str) -> None:
    reply = await slack(stage, f'/task digest on at:"{line}"')
    assert reply.problem
    assert "more than once a day" in reply.problem.message
