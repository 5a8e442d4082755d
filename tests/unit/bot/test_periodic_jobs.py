"""`/job every …`: jobs that run again and again by a name, each for itself; and reports that come by themselves."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.chat.reply import Reply
from core.chat.request import Platform
from core.chat.text import plain
from core.jobs.model import Job, JobFilter
from core.schedules.tick import Ticking
from core.workspaces.model import Audience
from tests.support.patience import until
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import Stage, button, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The application with something that runs jobs."""
    async with staged(tmp_path, engine=PlainEngine()) as made:
        jobs = made.product.jobs
        assert jobs.launcher
        jobs.launcher.start(jobs.runner.run)
        await made.type("/user whoami")
        yield made
        await made.product.drain()
        await jobs.launcher.stop()


def said(reply: Reply) -> list[str]:
    assert reply.problem is None, reply.problem
    return plain(reply.text).splitlines()


def refused(reply: Reply) -> tuple[str | None, str]:
    assert reply.problem is not None, reply
    return reply.problem.field, reply.problem.message


async def fields(stage: Stage, name: str) -> dict[str, object]:
    return {field.key: field.value for field in (await stage.type(f"/job every {name}")).fields}


async def jobs(stage: Stage) -> list[Job]:
    async with stage.parts.storage.workspace(1).read() as work:
        page = await work.jobs.page(JobFilter(), Audience(1, frozenset(), everything=True), limit=100)
    return [*page.items]


async def pass_time(stage: Stage, **by: float) -> None:
    """Let time pass, make what is due then, and wait until it is over."""
    stage.clock.forward(**by)
    while await Ticking(stage.parts.storage, stage.clock).run():
        pass

    async def is_over() -> bool:
        return all(job.state.is_over for job in await jobs(stage))

    await until(is_over, what="all jobs to be over")


async def posts(stage: Stage) -> list[tuple[str, str]]:
    """Where something was posted, and what it says."""
    await stage.deliver_posts()
    return [(where.channel or where.user, plain(reply.text) or reply.title) for where, reply, _ in stage.chat.posts]


async def test_periodic_jobs_run_and_count_and_harm_no_other(stage: Stage) -> None:
    made = await stage.type("/job every good 10m wait seconds:1")
    assert said(made)[0] == "Owner scheduled #1 good for every 10 minutes (Europe/Berlin) in #general."
    await stage.type('/job every bad 10m command line:"/task done 99"')
    await stage.type("/job every other 10m /task list")
    new = await fields(stage, "good")
    assert (new["runs"], new["errors"]) == (0, 0)
    for _ in range(3):
        await pass_time(stage, minutes=10)
    good, bad = await fields(stage, "good"), await fields(stage, "bad")
    assert (good["runs"], good["errors"], good["state"]) == (3, 0, "active")
    assert (bad["runs"], bad["errors"], bad["state"]) == (3, 3, "failing")
    assert bad["last_error"] == "There is no task #99."
    assert "last_error" not in good
    assert datetime.fromisoformat(str(good["next"])) > stage.clock.now()
    listed = await stage.type("/job every")
    assert said(listed) == ["3 periodic jobs."]
    assert [(row.cells[1], *row.cells[7:10], row.mark) for row in listed.tables[0].rows] == [
        ("good", 3, 0, "wait seconds:1", ""),
        ("bad", 3, 3, "/task done 99", "warning"),
        ("other", 3, 0, "/task list", ""),
    ]


async def test_a_periodic_job_is_run_now_by_its_name_and_that_counts(stage: Stage) -> None:
    await stage.type("/job every good 10m wait seconds:1")
    due = (await fields(stage, "good"))["next"]
    assert said(await stage.type("/job run GOOD"))[0].startswith("#1 good runs now; its times stay as they are.")
    await pass_time(stage)
    good = await fields(stage, "good")
    assert (good["runs"], good["errors"], good["next"]) == (1, 0, due)
    assert (await stage.type("/job run wait 1")).ok
    assert refused(await stage.type("/job run god"))[1].startswith("There is no kind of job “god”.")
    assert refused(await stage.type("/job run good", by="mia"))[1].startswith("Schedule #1 is somebody else")


async def test_a_stopped_job_runs_no_more_until_it_is_started(stage: Stage) -> None:
    await stage.type("/job every sweep 10m wait seconds:1")
    stopped = await stage.type("/job stop SWEEP")
    assert said(stopped) == ["Owner stopped #1 sweep."]
    await pass_time(stage, minutes=25)
    assert await jobs(stage) == []
    started = await stage.press(button(stopped, "Start"))
    assert said(started)[0].startswith("Owner let #1 sweep run again.")
    await pass_time(stage, minutes=10)
    assert len(await jobs(stage)) == 1


async def test_one_that_still_goes_on_at_its_next_time_is_left_alone_then(stage: Stage) -> None:
    await stage.type("/job every slow 1m wait seconds:600")
    ticking = Ticking(stage.parts.storage, stage.clock)
    for _ in range(3):
        stage.clock.forward(minutes=1)
        await ticking.run()
    assert len(await jobs(stage)) == 1
    assert (await fields(stage, "slow"))["skipped"] == 2
    await stage.type("/job cancel 1")
    stage.clock.forward(minutes=1)
    await ticking.run()
    assert len(await jobs(stage)) == 2
    await stage.type("/job cancel 2")


async def test_a_paused_job_keeps_its_rhythm_and_a_removed_one_can_be_brought_back(stage: Stage) -> None:
    await stage.type("/job every sweep 1h wait seconds:1")
    due = (await fields(stage, "sweep"))["next"]
    assert said(await stage.type("/job pause sweep")) == ["Owner paused #1 sweep."]
    assert (await fields(stage, "sweep"))["state"] == "paused"
    await stage.type("/job resume sweep")
    assert (await fields(stage, "sweep"))["next"] == due
    removed = await stage.type("/job remove sweep")
    assert refused(await stage.type("/job every sweep"))[1] == "There is no such periodic job here."
    await stage.press(button(removed, "Undo"))
    assert (await fields(stage, "sweep"))["next"] == due


async def test_which_kinds_there_are_is_shown_to_who_names_none(stage: Stage) -> None:
    told = said(await stage.type("/job run"))
    assert told[0] == "/job run wait seconds:2 – Do nothing for a while."
    assert "/job run command line:/task list – Run a command, as whoever it is for." in told
    assert any(line.startswith("/job run backup – Back everything up") for line in told)
    running_commands = {"report", "import", "export"}
    for usage in (line.partition(" – ")[0] for line in told):
        if running_commands & set(usage.split()):
            await stage.type(usage)
    assert {job.kind for job in await jobs(stage)} == running_commands
    await stage.type("/user whoami", by="mia")
    members = said(await stage.type("/job run", by="mia"))
    assert members == [line for line in told if "/job run backup" not in line]


async def test_a_wait_that_is_too_long_is_refused_at_once_and_one_that_is_too_short_fails_as_a_job(
    stage: Stage,
) -> None:
    for line in ("/job run wait seconds:999999", "/job every long 1d wait 999999"):
        assert refused(await stage.type(line)) == (
            "seconds",
            "A wait of 999,999 seconds is too long: the longest is 86,400, a day.",
        )
    assert await jobs(stage) == []
    await stage.type("/job run wait seconds:-1")
    await pass_time(stage, seconds=1)
    [failed] = await jobs(stage)
    assert failed.state.value == "failed"
    assert failed.result
    assert failed.result.problem
    assert failed.result.problem.message.endswith("A wait of -1 seconds is too short: the shortest is 1.")


MORE_AND_MORE = "starts jobs of its own: again and again, they would become more and more."
REFUSED = {
    "/job every 12 2h wait seconds:1": ("name", "`name`: “12” can't be the name of a job."),
    "/job every sync 2h": ("what", "`what`: Say what is to be done."),
    "/job every sync 2h weight seconds:1": ("kind", "There is no kind of job “weight”."),
    "/job every sync 2h wait": ("with", "Such a job needs `seconds:`."),
    "/job every sync 2h report /task list": ("with", "“/task list” is no report, so it can't be a job of that kind."),
    "/job every sync 2h /task lits": ("what", "`what`: There is no command “/task lits” that you may run."),
    "/job every sync 10s wait seconds:1": ("when", "“10s” is too often, or doesn't say when."),
    "/job every known 2h wait seconds:1": ("name", "`name`: There is one called “known” already."),
    "/job every sync 2h import": ("with", "A job can't be handed a file, but every import is a job by itself."),
    "/job every sync 2h /task import mode:all": (
        "with",
        "A job can't be handed a file, but every import is a job by itself.",
    ),
    "/job every loop 1m /job every again 1m wait 5": ("what", MORE_AND_MORE),
    '/job every loop 1m command "/job run wait 5"': ("what", MORE_AND_MORE),
    "/job every loop 1m /report run 1": ("what", MORE_AND_MORE),
    "/job every night 2m backup": ("when", "Every 2 minutes is too often for a backup: the shortest is every hour."),
    '/job every night "daily 3:00 and 3:30" backup': ("when", "too often for a backup: the shortest is every hour."),
    "/job start sync": (None, "There is no such periodic job here."),
}


@pytest.mark.parametrize("line", REFUSED)
async def test_what_can_not_run_again_and_again_is_refused_in_words(stage: Stage, line: str) -> None:
    await stage.type("/job every known 2h wait seconds:1")
    reply = await stage.type(line)
    assert refused(reply)[0] == REFUSED[line][0]
    assert refused(reply)[1].endswith(REFUSED[line][1].removeprefix(f"`{REFUSED[line][0]}`: "))
    assert reply.problem
    assert reply.problem.hint


async def test_what_a_kind_of_job_lacks_is_said_with_the_line_that_would_do(stage: Stage) -> None:
    reply = await stage.type('/job every sync "every 2 hours" wait')
    assert reply.problem
    assert reply.problem.hint == 'Type `/job every sync "every 2 hours" wait seconds:2`.'


async def test_an_import_is_a_job_without_being_asked_for_as_one(stage: Stage) -> None:
    of_any, of_one = await stage.type("/job run import"), await stage.type("/job run import /task import mode:all")
    assert of_any.problem
    assert of_one.problem
    assert "Attach the file to `/task import`; " in of_one.problem.hint
    assert "`/task import`" in of_any.problem.hint
    assert "`/report import`" in of_any.problem.hint
    assert await jobs(stage) == []


async def test_a_report_comes_at_its_times_and_says_when_it_is_late(stage: Stage) -> None:
    await stage.type('/report schedule sales "every 2 hours"', platform=Platform.SLACK)
    await pass_time(stage, hours=2, minutes=-1)
    assert await posts(stage) == []
    await pass_time(stage, minutes=1)
    await posts(stage)
    await pass_time(stage, hours=2, minutes=9)
    [first, second] = await posts(stage)
    signed = stage.chat.posts[0][1]
    assert plain(signed.footer) == (
        "#1 sales, scheduled by Owner, every 2 hours (Europe/Berlin). "
        "To pause or stop it: /report pause 1 or /report unschedule 1"
    )
    assert [(one.label, one.command) for one in signed.actions[-2:]] == [
        ("Pause", "/report pause 1"),
        ("Stop", "/report unschedule 1"),
    ]
    assert first[0] == second[0] == "general"
    assert "Late" not in first[1]
    assert second[1].startswith("Late: this was for Fri 20 Nov 2026 ")


async def test_a_report_with_nothing_to_tell_is_left_out_where_that_was_asked(stage: Stage) -> None:
    await stage.type('/report schedule sales "every 2 hours" skip-empty:yes', platform=Platform.SLACK)
    await pass_time(stage, hours=2)
    assert await posts(stage) == []
    assert [job.state.value for job in await jobs(stage)] == ["completed"]


async def test_a_report_whose_owner_may_not_any_more_rests(stage: Stage) -> None:
    await stage.type("/user whoami", by="mia", platform=Platform.SLACK)
    await stage.type('/report schedule sales "every 2 hours"', by="mia", platform=Platform.SLACK)
    assert (await stage.type("/user role @mia guest")).ok
    await pass_time(stage, hours=2)
    [(where, words)] = await posts(stage)
    assert where == "general"
    assert words.startswith("I paused #1 sales: Mia, whose it is, may not do that any more.")
    await pass_time(stage, hours=2)
    assert len(await posts(stage)) == 1


async def test_a_report_that_was_asked_for_now_comes_once_and_leaves_its_times(stage: Stage) -> None:
    made = await stage.type('/report schedule sales "every 2 hours"', platform=Platform.SLACK)
    await stage.press(button(made, "Run now"), platform=Platform.SLACK)
    await pass_time(stage, seconds=1)
    assert len(await posts(stage)) == 1
    stage.clock.moment += timedelta(hours=2)
    await pass_time(stage, seconds=1)
    assert len(await posts(stage)) == 2


@pytest.mark.parametrize("action", ["start", "resume"])
async def test_nobody_lets_run_with_the_rights_of_another_what_they_may_not_do(stage: Stage, action: str) -> None:
    for name in ("ben", "eve"):
        await stage.type("/user whoami", by=name)
    await stage.type("/user role @ben manager")
    await stage.type("/job every promote 1d /user role @eve admin")
    assert (await stage.type("/job stop promote", by="ben")).ok
    again = await stage.type(f"/job {action} promote", by="ben")
    assert refused(again) == (None, "Only an admin can do that; you are a manager.")
    assert (await fields(stage, "promote"))["state"] == "stopped"
    assert (await stage.type(f"/job {action} promote")).ok
