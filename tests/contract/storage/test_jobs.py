"""Jobs: one of a key, each state reached only from those before it, and shown to those whom they are for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.chat.reply import Problem, Reply
from core.jobs.model import Job, JobCount, JobFilter, JobState, NewJob
from core.ports.storage import Committed
from core.shared.errors import InvalidArgumentError
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place

LATER = NOON + timedelta(minutes=5)
DONE = Reply(title="Done", problem=None)
FAILED = Reply(problem=Problem("too_short", "That is too short.", "Take longer."))
EVERYTHING = JobFilter()


async def queued(place: Place, key: str = "", **fields: Any) -> Job:
    new = {"kind": "wait", "arguments": {"seconds": 2}, "member_id": place.ann, "channel_id": place.general.id}
    async with place.writing() as work:
        job = await work.jobs.queue(NewJob(**{**new, "key": key, **fields}), NOON)
    assert job
    return job


async def running(place: Place, executor: str = "one") -> Job:
    job = await queued(place)
    async with place.writing() as work:
        claimed = await work.jobs.claim(job.number, executor, LATER)
    assert claimed
    return claimed


async def stored(place: Place, number: int) -> Job:
    async with place.reading() as work:
        job = await work.jobs.get(number, place.everything)
    assert job
    return job


async def numbers(place: Place, audience: Audience, wanted: JobFilter = EVERYTHING) -> Sequence[int]:
    async with place.reading() as work:
        page = await work.jobs.page(wanted, audience)
    assert page.total == len(page.items)
    return [job.number for job in page.items]


async def test_a_job_comes_back_as_it_was_kept(here: Place) -> None:
    given = {"seconds": 2, "of": "Käse 🧀", "loud": True, "share": 0.5, "none": None}
    job = await queued(here, "command:1", arguments=given)
    assert await stored(here, job.number) == job
    assert (job.state, job.attempts, job.key, job.arguments) == (JobState.QUEUED, 0, "command:1", given)


async def test_there_is_one_job_of_a_key_in_a_workspace(here: Place, there: Place) -> None:
    await queued(here, "schedule:1:2026-11-20T09:00Z")
    async with here.writing() as work:
        again = NewJob("wait", {}, here.ann, here.general.id, "schedule:1:2026-11-20T09:00Z")
        assert await work.jobs.queue(again, NOON) is None
        assert await work.jobs.queue(NewJob("wait", {}, here.ann, here.general.id), NOON) is not None
        found = await work.jobs.of_key("schedule:1:2026-11-20T09:00Z")
        assert found is not None
        assert found.number == 1
        assert await work.jobs.of_key("schedule:2") is None
    assert (await queued(there, "schedule:1:2026-11-20T09:00Z")).number == 1
    assert len(await numbers(here, here.everything)) == 2


async def test_of_many_those_are_kept_whose_key_is_new(here: Place) -> None:
    await queued(here, "schedule:2")
    new = [NewJob("wait", {"seconds": n}, here.ann, here.general.id, f"schedule:{n}") for n in (1, 2, 3)]
    async with here.writing() as work:
        kept = await work.jobs.queue_many(new, NOON)
        assert await work.jobs.queue_many([], NOON) == ()
    assert [job.key for job in kept] == ["schedule:1", "schedule:3"]
    assert [await stored(here, job.number) for job in kept] == list(kept)


async def test_any_delivery_can_be_a_key(here: Place) -> None:
    job = await queued(here, f"command:{'ä' * 500}")
    async with here.writing() as work:
        again = NewJob("wait", {}, here.ann, here.general.id, f"command:{'ä' * 500}")
        assert await work.jobs.queue(again, NOON) is None
    assert await stored(here, job.number) == job


async def test_the_watchers_are_told_that_a_job_waits(here: Place) -> None:
    heard: list[Committed] = []
    here.storage.watch(heard.append)
    job = await queued(here)
    async with here.writing() as work:
        await work.jobs.claim(job.number, "one", NOON)
    assert [committed.has_jobs for committed in heard] == [True, False]


async def test_of_many_those_are_told_that_are_under_way(here: Place, there: Place) -> None:
    first = await queued(here, "schedule:1:a")
    for key in ("schedule:1:b", "schedule:2:c"):
        await queued(here, key)
    await queued(there, "schedule:1:d")
    async with here.writing() as work:
        await work.jobs.cancel(first.number, LATER)
        keys = ["schedule:1:a", "schedule:1:b", "schedule:2:c", "schedule:1:d", "schedule:9:e"]
        assert sorted(await work.jobs.under_way(keys)) == ["schedule:1:b", "schedule:2:c"]
        assert not await work.jobs.under_way([])


async def test_a_job_is_run_by_whoever_took_it_last(here: Place) -> None:
    job = await running(here)
    assert (job.state, job.executor, job.attempts, job.started_at) == (JobState.RUNNING, "one", 1, LATER)
    async with here.writing() as work:
        taken = await work.jobs.claim(job.number, "two", LATER + timedelta(minutes=1))
        assert taken
        assert (taken.executor, taken.attempts, taken.started_at) == ("two", 2, LATER)
        assert not await work.jobs.report(job.number, "one", done=1, total=2, note="")
        assert not await work.jobs.finish(job.number, "one", JobState.COMPLETED, DONE, LATER)
        assert await work.jobs.report(job.number, "two", done=1, total=4, note="line 1\0")
    assert (await stored(here, job.number)).progress == 0.25
    assert (await stored(here, job.number)).note == "line 1?"


@pytest.mark.parametrize(("state", "result"), [(JobState.COMPLETED, DONE), (JobState.FAILED, FAILED)])
async def test_a_job_ends_once_with_its_answer(here: Place, state: JobState, result: Reply) -> None:
    job = await running(here)
    async with here.writing() as work:
        assert await work.jobs.finish(job.number, "one", state, result, LATER, reason="too_short")
        assert not await work.jobs.finish(job.number, "one", JobState.COMPLETED, DONE, LATER)
        assert await work.jobs.claim(job.number, "one", LATER) is None
        assert not await work.jobs.cancel(job.number, LATER)
    ended = await stored(here, job.number)
    assert (ended.state, ended.result, ended.reason, ended.ended_at) == (state, result, "too_short", LATER)
    assert ended.version > job.version


@pytest.mark.parametrize(("result", "state"), [(DONE, JobState.COMPLETED), (FAILED, JobState.FAILED)])
async def test_what_is_over_already_is_kept_as_that(here: Place, result: Reply, state: JobState) -> None:
    async with here.writing() as work:
        await work.jobs.record(NewJob("import", {}, here.ann, here.general.id), result, NOON, LATER)
    job = await stored(here, 1)
    assert (job.state, job.result, job.attempts, job.reason) == (
        state,
        result,
        1,
        "too_short" if result.problem else "",
    )
    assert (job.created_at, job.started_at, job.ended_at) == (NOON, NOON, LATER)


async def test_what_is_not_over_can_be_cancelled_and_is_then_nobodys(here: Place) -> None:
    waiting, under_way = await queued(here), await running(here)
    async with here.writing() as work:
        assert await work.jobs.cancel(waiting.number, LATER)
        assert await work.jobs.cancel(under_way.number, LATER, reason="broken_off")
        assert not await work.jobs.cancel(99, LATER)
        assert not await work.jobs.report(under_way.number, "one", done=1, total=2, note="")
        assert not await work.jobs.finish(under_way.number, "one", JobState.COMPLETED, DONE, LATER)
        assert await work.jobs.claim(waiting.number, "one", LATER) is None
    both = [await stored(here, job.number) for job in (waiting, under_way)]
    assert [(job.state, job.reason) for job in both] == [(JobState.CANCELLED, ""), (JobState.CANCELLED, "broken_off")]


async def test_what_failed_or_was_cancelled_can_be_asked_for_again(here: Place) -> None:
    job, done = await running(here), await running(here)
    async with here.writing() as work:
        assert await work.jobs.ask_again(job.number, LATER, job.arguments) is None
        await work.jobs.report(job.number, "one", done=1, total=2, note="here")
        await work.jobs.finish(job.number, "one", JobState.FAILED, FAILED, LATER, reason="too_short")
        await work.jobs.finish(done.number, "one", JobState.COMPLETED, DONE, LATER)
        assert await work.jobs.ask_again(done.number, LATER, {}) is None
        await work.jobs.ask_again(job.number, LATER, {"seconds": 3})
    again = await stored(here, job.number)
    assert again.arguments == {"seconds": 3}
    assert (again.state, again.attempts, again.rounds, again.progress) == (JobState.QUEUED, 0, 1, None)
    assert (again.note, again.reason, again.result, again.ended_at, again.started_at) == ("", "", None, None, None)


async def test_no_engine_knows_what_is_asked_for_by_an_id_of_before(here: Place) -> None:
    """A database that was brought back does not tell which ids were given since its backup; an engine knows them."""
    job = await running(here)
    ids = {job.ref(here.id)}
    for at in (LATER, LATER + timedelta(microseconds=1)):
        async with here.writing() as work:
            await work.jobs.cancel(job.number, at)
            await work.jobs.ask_again(job.number, at, job.arguments)
        ids.add(replace(await stored(here, job.number), rounds=1).ref(here.id))
    assert len(ids) == 3


async def test_pages_come_newest_first_by_state_kind_and_channel(here: Place) -> None:
    first, second = await queued(here), await running(here)
    third = await queued(here, kind="report", channel_id=here.board.id)
    assert await numbers(here, here.everything) == [third.number, second.number, first.number]
    assert await numbers(here, here.everything, JobFilter(JobState.QUEUED)) == [third.number, first.number]
    assert await numbers(here, here.everything, JobFilter(kind="report")) == [third.number]
    assert await numbers(here, here.everything, JobFilter(channel_id=here.general.id)) == [second.number, first.number]
    async with here.reading() as work:
        page = await work.jobs.page(EVERYTHING, here.everything, limit=2)
        assert page.next_cursor
        rest = await work.jobs.page(EVERYTHING, here.everything, cursor=page.next_cursor, limit=2)
        with pytest.raises(InvalidArgumentError):
            await work.jobs.page(EVERYTHING, here.everything, cursor="n.x.y")
    assert [job.number for job in rest.items] == [first.number]


async def test_a_private_channels_jobs_are_for_those_in_it_and_for_who_asked(here: Place) -> None:
    open_, closed = await queued(here), await queued(here, channel_id=here.board.id)
    in_it = Audience(here.ben, frozenset({here.board.id}))
    assert await numbers(here, here.public) == [open_.number]
    assert await numbers(here, in_it) == [closed.number, open_.number]
    assert await numbers(here, Audience(here.ann, frozenset())) == [closed.number, open_.number]
    async with here.reading() as work:
        assert await work.jobs.get(closed.number, here.public) is None
        assert await work.jobs.suggest("wa", here.public) == [open_]
        assert await work.jobs.suggest(str(closed.number), in_it) == [closed]


async def test_jobs_are_counted_by_kind_and_state_those_that_ended_long_ago_left_out(here: Place, there: Place) -> None:
    await queued(there)
    for kind in ("wait", "wait", "command"):
        await queued(here, kind=kind)
    await running(here)
    over = await running(here)
    async with here.writing() as work:
        await work.jobs.finish(over.number, "one", JobState.FAILED, FAILED, LATER, reason="too_short")
    open_ = [
        JobCount("command", JobState.QUEUED, 1),
        JobCount("wait", JobState.QUEUED, 2),
        JobCount("wait", JobState.RUNNING, 1),
    ]
    failed = JobCount("wait", JobState.FAILED, 1)
    async with here.reading() as work:
        assert list(await work.jobs.counts(LATER)) == sorted([*open_, failed], key=lambda one: (one.kind, one.state))
        assert list(await work.jobs.counts(LATER + timedelta(seconds=1))) == open_
    counted = await here.storage.system.to_do(LATER, LATER)
    assert list(counted.jobs) == [open_[0], JobCount("wait", JobState.QUEUED, 3), open_[2]]


async def test_retention_removes_jobs_that_were_over_before(here: Place) -> None:
    old, new, open_ = await running(here), await running(here), await queued(here)
    async with here.writing() as work:
        await work.jobs.finish(old.number, "one", JobState.COMPLETED, DONE, NOON)
        await work.jobs.finish(new.number, "one", JobState.COMPLETED, DONE, LATER)
    await here.storage.system.purge(
        deliveries_before=LATER, outbox_before=LATER, operations_before=LATER, events_before=LATER, now=LATER
    )
    assert await numbers(here, here.everything) == [open_.number, new.number]
