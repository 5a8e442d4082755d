"""What is posted of a job that a schedule made: to its channel, to its owner, or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.jobs.scheduled import posts_of
from bot.texts.schedules import notices
from core.chat.reply import Problem, Reply, Visibility
from core.chat.text import plain
from core.jobs.model import Job
from core.ports.storage import Post
from core.schedules.model import Schedule, ScheduleState
from core.schedules.repository import SCHEDULES
from core.schedules.service import ScheduleService, Which
from tests.contract.storage.test_schedules import add, schedule_of, stored
from tests.contract.storage.world import Place
from tests.integration.schedules.asked import actor_of
from tests.support.clock import NOON

DONE = Reply(text=("Sold nothing.",), visibility=Visibility.CHANNEL)
WRONG = Reply(problem=Problem("internal", "It broke.", "Try again."))
FORBIDDEN = Reply(problem=Problem("forbidden", "Only a manager can do that."))


def job_of(schedule: Schedule, **fields: Any) -> Job:
    new = schedule.job(NOON)
    job = Job(7, new.kind, new.arguments, new.key, new.member_id, new.channel_id, NOON)
    return replace(job, **fields)


async def posted(
    here: Place, schedule: Schedule, reply: Reply, *, at: datetime = NOON, **fields: Any
) -> Sequence[Post]:
    async with here.writing() as work:
        return await posts_of(work, job_of(schedule, **fields), reply, at)


@pytest.fixture
async def schedule(here: Place) -> Schedule:
    [kept] = await add(here, schedule_of(here, title="sales"))
    return kept


async def test_what_went_well_is_posted_to_the_channel(here: Place, schedule: Schedule) -> None:
    signed = notices.signed(DONE, schedule, "Ann")
    assert await posted(here, schedule, DONE) == (Post(signed, here.general.id, schedule=schedule.number),)
    assert (await stored(here, schedule.number)).runs == 1


async def test_it_says_whose_it_is_and_how_to_be_rid_of_it(here: Place, schedule: Schedule) -> None:
    [post] = await posted(here, schedule, DONE)
    number = schedule.number
    assert plain(post.reply.footer) == (
        f"#{number} sales, scheduled by Ann, every minute (Europe/Berlin). "
        f"To pause or stop it: /report pause {number} or /report unschedule {number}"
    )
    assert [action.label for action in post.reply.actions] == ["Pause", "Stop"]
    [periodic] = await add(here, schedule_of(here, title="tidy", area="job"))
    [post] = await posted(here, periodic, DONE)
    assert [one.command for one in post.reply.actions] == [
        f"/job {verb} {periodic.number}" for verb in ("pause", "stop")
    ]


async def test_what_its_asker_alone_is_told_goes_to_the_owner(here: Place, schedule: Schedule) -> None:
    private = replace(DONE, visibility=Visibility.PRIVATE)
    signed = notices.signed(private, schedule, "Ann")
    assert await posted(here, schedule, private) == (Post(signed, member_id=here.ann, schedule=schedule.number),)


async def test_what_comes_late_says_so(here: Place, schedule: Schedule) -> None:
    assert await posted(here, schedule, DONE, at=NOON + timedelta(seconds=59)) == (
        Post(notices.signed(DONE, schedule, "Ann"), here.general.id, schedule=schedule.number),
    )
    [post] = await posted(here, schedule, DONE, at=NOON + timedelta(minutes=9))
    assert plain(post.reply.text).splitlines() == [
        "Late: this was for Fri 20 Nov 2026 13:00 (Europe/Berlin).",
        "Sold nothing.",
    ]


async def test_an_empty_report_is_posted_unless_that_is_not_wanted(here: Place, schedule: Schedule) -> None:
    empty = replace(DONE, is_empty=True)
    assert len(await posted(here, schedule, empty)) == 1
    [silent] = await add(here, schedule_of(here, skip_empty=True))
    assert await posted(here, silent, empty) == ()
    assert len(await posted(here, silent, DONE)) == 1


async def test_jobs_that_only_do_something_post_nothing(here: Place, schedule: Schedule) -> None:
    assert await posted(here, schedule, DONE, kind="wait", arguments={}) == ()
    assert await posted(here, schedule, Reply(zone="UTC")) == ()


async def test_a_failure_is_told_to_the_owner_once_until_it_works_again(here: Place, schedule: Schedule) -> None:
    [post] = await posted(here, schedule, WRONG)
    assert (post.channel_id, post.member_id) == (None, here.ann)
    assert plain(post.reply.text).splitlines()[:2] == [
        f"#{schedule.number} sales, for Fri 20 Nov 2026 13:00 (Europe/Berlin), failed: It broke.",
        "Try again.",
    ]
    assert [(one.label, one.command) for one in post.reply.actions] == [
        ("Retry", "/job retry 7"),
        ("Pause", f"/report pause {schedule.number}"),
    ]
    assert await posted(here, schedule, WRONG, at=NOON + timedelta(minutes=1)) == ()
    over, answer = await posted(here, schedule, DONE)
    assert (over.channel_id, over.member_id, answer.channel_id) == (None, here.ann, here.general.id)
    assert plain(over.reply.text) == (
        f"#{schedule.number} sales works again. "
        "It had failed 2 times in a row, first on Fri 20 Nov 2026 13:00 (Europe/Berlin)."
    )
    assert len(await posted(here, schedule, DONE)) == 1
    assert len(await posted(here, schedule, WRONG)) == 1
    after = await stored(here, schedule.number)
    assert (after.runs, after.errors, after.last_error) == (5, 3, "It broke.")


async def test_what_was_resumed_or_put_to_rest_is_not_said_to_work_again(
    here: Place, schedule: Schedule, service: ScheduleService
) -> None:
    ann, which = actor_of(here, here.ann), Which("report", str(schedule.number))
    for wrong in (WRONG, FORBIDDEN):
        await posted(here, schedule, wrong)
        await service.pause(ann, here.everything, which, "report pause")
        await service.resume(ann, here.everything, which, "report resume")
        assert [post.channel_id for post in await posted(here, schedule, DONE)] == [here.general.id]


async def test_what_only_does_something_tells_its_owner_too_that_it_works_again(
    here: Place, schedule: Schedule
) -> None:
    await posted(here, schedule, WRONG, kind="wait", arguments={})
    [over] = await posted(here, schedule, DONE, kind="wait", arguments={})
    assert over.member_id == here.ann


async def test_what_its_owner_may_not_do_any_more_rests_and_the_channel_hears_it_once(
    here: Place, schedule: Schedule
) -> None:
    [post] = await posted(here, schedule, FORBIDDEN)
    assert (post.channel_id, post.member_id) == (here.general.id, None)
    assert plain(post.reply.text).splitlines()[0] == (
        f"I paused #{schedule.number} sales: Ann, whose it is, may not do that any more."
    )
    assert await posted(here, schedule, FORBIDDEN) == ()
    assert (await stored(here, schedule.number)).state is ScheduleState.PAUSED


async def test_what_has_no_owner_any_more_rests_until_somebody_takes_it_over(
    here: Place, schedule: Schedule, service: ScheduleService
) -> None:
    async with here.writing() as work:
        assert await work.members.forget(here.ann, NOON)
    [post] = await posted(here, schedule, WRONG)
    assert plain(post.reply.text).splitlines()[0].endswith("is not active here any more.")
    ben = actor_of(here, here.ben)
    resumed = await service.resume(ben, here.everything, Which("report", str(schedule.number)), "report resume")
    assert resumed.schedule.author_id == here.ben


async def test_of_a_schedule_that_is_gone_nothing_is_posted(here: Place, schedule: Schedule) -> None:
    async with here.writing() as work:
        await work.of(SCHEDULES).change_many([replace(schedule, removed_at=NOON)])
    assert await posted(here, schedule, DONE) == ()
