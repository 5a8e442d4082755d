"""`/task digest`: once a day, for somebody alone or a channel, and never when there is nothing to look at."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.platforms.discord.controls import Home
from adapters.platforms.discord.render import render as discord_render
from adapters.platforms.slack.render import render as slack_render
from bot.identity.directory import Directory
from bot.texts.tasks.digests import FREE_SHOWN, SHOWN, DigestContent, digest
from bot.texts.view import View
from core.chat.actions import number_actions
from core.chat.actor import Actor
from core.chat.reply import Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from core.dates.due import Due
from core.jobs.model import Job, JobFilter
from core.people.model import Member, Role
from core.schedules.model import ScheduleFilter
from core.schedules.repository import SCHEDULES
from core.schedules.tick import Ticking
from core.shared.paging import Page
from core.tasks.model import Priority, Status, Task
from core.workspaces.model import Audience, Channel, Workspace
from tests.support.discord import schema as discord_schema
from tests.support.discord.message_form import check_message
from tests.support.patience import until
from tests.support.plain_engine import PlainEngine
from tests.support.slack.blocks import check_blocks, too_long
from tests.support.slack.schema import Report
from tests.unit.bot.sample_area import NOW
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


async def test_a_channels_digest_shows_the_channels_clock_whoever_looks(stage: Stage) -> None:
    await slack(stage, "/user zone America/New_York")
    made = await slack(stage, "/task digest on at:daily 9:00 channel:here zone:Europe/Berlin")
    shown = await slack(stage, "/task digest channel:here")
    for reply in (made, shown):
        assert {field.key: field.value for field in reply.fields}["next"] == "2026-11-21T09:00:00+01:00"
        assert reply.zone == "Europe/Berlin"
    await slack(stage, "/task add Late due:2026-11-20 17:00")
    now = await slack(stage, "/task digest now channel:here")
    [(_, _, posted)] = await at(stage, "2026-11-21T08:00")
    for reply in (now, posted):
        assert reply.zone == "Europe/Berlin"
        assert reply.title.startswith("Tasks in #shop")
    assert plain(posted.footer) == (
        "A digest by Ann, daily at 09:00 (Europe/Berlin). To turn it off: /task digest off channel:here"
    )
    assert button(posted, "Turn off").command == "/task digest off channel:here"


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


async def test_in_quiet_hours_it_waits_for_their_end(stage: Stage) -> None:
    await slack(stage, "/task digest on at:7:00")
    await slack(stage, "/user quiet 20:00-8:00 weekends")
    await slack(stage, "/task add Late due:2026-11-20 assign:@Ann")
    await at(stage, "2026-11-20T12:00")
    # Those of Saturday, Sunday and Monday come as one when the night after the weekend ends.
    assert await at(stage, "2026-11-21T06:00") == []
    assert await at(stage, "2026-11-22T06:00") == []
    assert await at(stage, "2026-11-23T06:59") == []
    [(where, title, reply)] = await at(stage, "2026-11-23T07:00")
    assert (where, title) == ("U1", "Your tasks, Mon 23 Nov 2026")
    assert said(reply) == ["1 task overdue."]
    assert await at(stage, "2026-11-24T06:59") == []
    assert len(await at(stage, "2026-11-24T07:00")) == 1


async def test_when_it_would_be_quiet_it_says_when_it_really_comes(stage: Stage) -> None:
    await slack(stage, "/user quiet 20:00-8:00")
    made = await slack(stage, "/task digest on at:7:00")
    assert said(made)[2] == ("The next one falls into your quiet hours and comes when they end: Sat 21 Nov 2026 08:00.")


async def test_what_comes_by_itself_on_the_day_quiet_ends_comes_then_only(stage: Stage) -> None:
    await slack(stage, "/task digest on at:9:00")
    await slack(stage, "/user quiet weekends")
    await slack(stage, "/task add Late due:2026-11-20 assign:@Ann")
    assert await at(stage, "2026-11-21T08:00") == []
    assert await at(stage, "2026-11-22T23:00") == []
    assert len(await at(stage, "2026-11-23T08:00")) == 1


async def test_quiet_hours_are_shown_set_and_taken_back(stage: Stage) -> None:
    assert said(await slack(stage, "/user quiet"))[0] == "You have no quiet hours."
    made = await slack(stage, "/user quiet 8pm to 8am")
    assert said(made)[0] == "Your quiet hours are now 20:00 to 08:00 (Europe/Berlin)."
    await pressed(stage, made, "Undo")
    assert said(await slack(stage, "/user quiet"))[0] == "You have no quiet hours."
    assert (await slack(stage, "/user quiet soon")).problem


async def test_who_sets_none_has_those_of_the_workspace(stage: Stage) -> None:
    changed = await stage.type('/qm settings quiet:"22:00-6:00"')
    assert {field.key: field.value for field in changed.fields}["quiet"] == "22:00-06:00"
    told = said(await slack(stage, "/user quiet"))[0]
    assert told == "Your quiet hours are 22:00 to 06:00 (Europe/Berlin), those of the workspace."
    assert said(await slack(stage, "/user quiet none"))[0] == "You now have no quiet hours."
    await slack(stage, "/user quiet 20:00-8:00")
    assert said(await slack(stage, "/user quiet off"))[0] == "You now have no quiet hours."
    assert "those of the workspace" in said(await slack(stage, "/user quiet default"))[0]
    await stage.type("/qm settings quiet:none")
    assert said(await slack(stage, "/user quiet"))[0] == "You have no quiet hours."


@pytest.mark.parametrize("line", ["every 2 hours", "9:00 and 17:00", "*/5 * * * *"])
async def test_it_comes_once_a_day_at_most(stage: Stage, line: str) -> None:
    reply = await slack(stage, f'/task digest on at:"{line}"')
    assert reply.problem
    assert "more than once a day" in reply.problem.message


def test_one_of_two_hundred_tasks_fits_into_a_message_of_either_platform() -> None:
    due = Due(date(2026, 11, 20), None, "Europe/Berlin")
    late = [
        Task(n, f"Task {n} {'long ' * 18}", "", Status.PENDING, Priority.HIGH, due, 1, 1, (1,), "", NOW)
        for n in range(1, SHOWN - FREE_SHOWN + 1)
    ]
    free = [replace(task, number=task.number + 100, assignees=()) for task in late[:FREE_SHOWN]]
    content = DigestContent(Page(late, "more", None, 150), 150, Page(free, "more", None, 50))
    actor = Actor(1, 1, "Ann", Role.MEMBER, "Europe/Berlin", "en", Platform.SLACK, 1, 1, "shop", ChannelKind.PUBLIC)
    workspace = Workspace(1, "default", "Europe/Berlin", "EUR", "en")
    ann = Member(1, "Ann", Role.MEMBER, "", "", True)
    shop = Channel(1, 1, Platform.SLACK, "C1", "shop", ChannelKind.PUBLIC)
    told = digest(content, "#shop", View(actor, Directory.of(workspace, [ann], [shop]), NOW))
    reply, _ = number_actions(told, "SET")
    assert said(reply)[0] == "150 tasks overdue and 50 tasks for nobody yet."
    shown, report = slack_render(reply), Report()
    check_blocks(report, "/blocks", list(shown.blocks), "message")
    assert (report.problems, shown.documents, too_long(list(shown.blocks))) == ([], (), False)
    there = discord_render(reply, Home("1234567890123456789", "1234567890123456780"))
    faults = discord_schema.Report()
    check_message(faults, {**there.body(), "flags": there.flags}, {})
    assert (faults.errors if faults else []) == []
