"""Work runs in a bounded, tracked queue, to its end, whether or not anybody waits for it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.application.application import QuartermasterApplication
from bot.application.queue import MOMENT, Lane, QueueFullError
from bot.jobs.loop import Loop
from bot.jobs.operations import OperationLog
from bot.wiring.composition import Pace
from core.chat.reply import Reply
from core.chat.request import Platform
from core.chat.text import plain
from core.ports.storage import Operation, StorageUnavailableError
from tests.unit.bot.conftest import Log
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import NO_LIMITS, Stage, button, staged
from tests.unit.bot.trial_area import Trial

LONG = 30.0
"""Seconds that nothing in these tests takes."""


def code(reply: Reply) -> str:
    return reply.problem.code if reply.problem else "ok"


# ---------------------------------------------------------------- the lane


async def test_no_more_than_its_width_runs_at_once_and_the_rest_waits_in_order() -> None:
    lane, gate, running, done = Lane(2, 10), asyncio.Event(), [], []

    async def work(number: int) -> None:
        running.append(number)
        await gate.wait()
        done.append(number)

    for number in range(5):
        lane.start(lambda number=number: work(number), "work")  # type: ignore[misc]
    await asyncio.sleep(0)
    assert (running, lane.waiting) == ([0, 1], 5)
    gate.set()
    assert await lane.drain(LONG) == 0
    assert (running, done, lane.waiting) == ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], 0)


async def test_a_full_lane_refuses_and_takes_again_once_there_is_room() -> None:
    lane, gate = Lane(1, 1), asyncio.Event()
    lane.start(gate.wait, "one")
    lane.start(gate.wait, "two")
    with pytest.raises(QueueFullError):
        lane.start(gate.wait, "three")
    gate.set()
    await lane.drain(LONG)
    lane.start(gate.wait, "three")
    assert await lane.drain(LONG) == 0


async def test_what_takes_too_long_is_given_up_and_counted() -> None:
    lane = Lane(2, 2)
    lane.start(asyncio.Event().wait, "never")
    lane.start(lambda: asyncio.sleep(0), "soon")
    assert await lane.drain(0.05) == 1
    assert lane.waiting == 0


async def test_a_lane_serves_while_something_is_under_way_of_which_some_was_begun_a_moment_ago(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, lane, gate = 100.0, Lane(2, 2), asyncio.Event()
    monkeypatch.setattr("bot.application.queue.perf_counter", lambda: now)
    assert not lane.is_serving()
    lane.start(gate.wait, "long")
    assert lane.is_serving()
    now += MOMENT
    assert not lane.is_serving()
    lane.start(lambda: asyncio.sleep(0), "soon")
    assert lane.is_serving()
    gate.set()
    await lane.drain(LONG)
    assert not lane.is_serving()


async def test_an_empty_lane_is_drained_at_once() -> None:
    assert await Lane(1, 1).drain(0) == 0


async def test_work_that_breaks_leaves_the_lane_alive(log: Log) -> None:
    async def broken() -> None:
        raise RuntimeError("xoxb-1-secret")

    lane, ran = Lane(1, 5), asyncio.Event()

    async def work() -> None:
        ran.set()

    lane.start(broken, "broken")
    lane.start(work, "work")
    await lane.drain(LONG)
    assert ran.is_set()
    assert log.entries("work_failed")[0]["kind"] == "RuntimeError"
    assert "xoxb-1-secret" not in log.text


# ---------------------------------------------------------------- requests in it


async def test_a_ticket_answers_within_a_time_or_later(stage: Stage, trial: Trial) -> None:
    trial.gate.clear()
    ticket = stage.product.application.submit(stage.request("/trial slow"))
    await trial.arrived.wait()
    assert await ticket.within(0.0) is None
    assert ticket.progress == 0.5
    trial.gate.set()
    reply = await ticket.reply()
    assert plain(reply.text) == "done"
    assert await ticket.within(0.0) == reply


async def test_a_request_runs_to_its_end_although_nobody_waits_any_more(stage: Stage, trial: Trial) -> None:
    trial.gate.clear()
    waiting = asyncio.create_task(stage.type("/trial keep milk"))
    await trial.arrived.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    trial.gate.set()
    await stage.product.application.quick.drain(LONG)
    assert len((await stage.type("/task list")).tables[0].rows) == 1


async def test_a_full_queue_answers_busy_at_once(tmp_path: Path, trial: Trial) -> None:
    pace = Pace(limits=NO_LIMITS.limits, quick_width=1, quick_depth=1, job_width=1, job_depth=0)
    async with staged(tmp_path, areas=[trial.area], pace=pace) as stage:
        await stage.type("/task list")
        trial.gate.clear()
        tickets = [stage.product.application.submit(stage.request(f"/trial keep {number}")) for number in range(4)]
        replies = [await ticket.within(0.0) for ticket in tickets]
        assert [reply and code(reply) for reply in replies] == [None, None, "busy", "busy"]
        job = stage.product.application.submit(stage.request("/trial slow"))
        assert await job.within(0.0) is None
        assert code(await stage.type("/trial slow")) == "busy"
        trial.gate.set()
        assert {code(await ticket.reply()) for ticket in tickets[:2]} == {"ok"}
        assert code(await job.reply()) == "ok"


async def test_jobs_do_not_hold_back_quick_commands(tmp_path: Path, trial: Trial) -> None:
    pace = Pace(limits=NO_LIMITS.limits, quick_width=1, job_width=1)
    async with staged(tmp_path, areas=[trial.area], pace=pace) as stage:
        trial.gate.clear()
        job = stage.product.application.submit(stage.request("/trial slow"))
        await trial.arrived.wait()
        assert code(await stage.type("/trial read")) == "ok"
        trial.gate.set()
        assert code(await job.reply()) == "ok"


async def test_a_job_started_by_a_button_waits_for_a_slot_like_a_typed_one(tmp_path: Path, trial: Trial) -> None:
    pace = Pace(limits=NO_LIMITS.limits, job_width=1)
    async with staged(tmp_path, areas=[trial.area], pace=pace) as stage:
        slow = button(await stage.type("/trial offer"), "Slow")
        trial.gate.clear()
        typed = stage.product.application.submit(stage.request("/trial slow"))
        await trial.arrived.wait()
        pressed = stage.product.application.submit(stage.request(action=slow.id))
        assert code(await stage.type("/trial read")) == "ok"
        assert trial.ran == ["slow"]
        trial.gate.set()
        assert [code(await ticket.reply()) for ticket in (typed, pressed)] == ["ok", "ok"]
        assert trial.ran == ["slow", "slow"]


async def test_draining_takes_nothing_new_and_finishes_what_was_taken(stage: Stage, trial: Trial) -> None:
    trial.gate.clear()
    application = stage.product.application
    taken = application.submit(stage.request("/trial keep milk"))
    await trial.arrived.wait()
    draining = asyncio.create_task(application.drain(LONG))
    await asyncio.sleep(0)
    assert code(await application.handle(stage.request("/trial read"))) == "busy"
    trial.gate.set()
    assert await draining == 0
    assert code(await taken.reply()) == "ok"


async def test_what_is_still_running_when_draining_ends_is_answered_too(stage: Stage, trial: Trial) -> None:
    trial.gate.clear()
    taken = stage.product.application.submit(stage.request("/trial keep milk"))
    await trial.arrived.wait()
    assert await stage.product.application.drain(0.01) == 1
    assert code(await taken.reply()) == "busy"


async def test_an_answer_does_not_wait_for_its_line_in_the_log(stage: Stage, log: Log) -> None:
    ticket = stage.product.application.submit(stage.request("/trial read"))
    assert code(await ticket.reply()) == "ok"
    assert not log.entries("command")
    assert await stage.product.application.drain(LONG) == 0
    assert [entry["outcome"] for entry in log.entries("command")] == ["ok"]


async def test_who_asks_for_the_end_finds_everything_recorded(stage: Stage, log: Log) -> None:
    await stage.product.application.handle(stage.request("/trial read"))
    assert [entry["command"] for entry in log.entries("command")] == ["trial read"]
    await stage.product.operations.step()
    async with stage.parts.storage.workspace(1).read() as work:
        assert [entry.command for entry in await work.operations.latest(5)] == ["trial read"]


async def test_an_impatient_end_loses_no_record_of_what_was_answered(stage: Stage, log: Log) -> None:
    ticket = stage.product.application.submit(stage.request("/trial read"))
    assert code(await ticket.reply()) == "ok"
    assert ticket.work
    ticket.work.cancel()
    await asyncio.gather(ticket.work, return_exceptions=True)
    assert [entry["command"] for entry in log.entries("command")] == ["trial read"]


async def test_hundreds_of_requests_at_once_are_all_done(stage: Stage) -> None:
    replies = await asyncio.gather(*(stage.type(f"/task add Number {number}") for number in range(200)))
    assert {code(reply) for reply in replies} == {"ok"}
    async with stage.parts.storage.workspace(1).read() as work:
        assert len(await work.audit.latest(500)) == 200


async def test_a_failure_outside_every_answer_still_ends_the_ticket(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    application = stage.product.application
    assert isinstance(application, QuartermasterApplication)

    async def broken(_run: object) -> Reply:
        raise RuntimeError

    monkeypatch.setattr(application, "_run", broken)
    assert code(await stage.type("/trial read")) == "busy"
    assert log.entries("work_failed")


# ---------------------------------------------------------------- loops


async def test_a_loop_goes_on_at_once_while_more_waits_then_rests_until_woken() -> None:
    steps: list[int] = []
    rested = asyncio.Event()

    async def step() -> bool:
        steps.append(len(steps))
        if len(steps) % 3 == 0:
            rested.set()
            return False
        return True

    loop = Loop("test", step, LONG)
    loop.start()
    await rested.wait()
    assert len(steps) == 3
    rested.clear()
    loop.wake()
    await rested.wait()
    assert len(steps) == 6
    await loop.stop()


async def test_a_loop_begins_again_after_its_seconds() -> None:
    seen = asyncio.Semaphore(0)

    async def step() -> bool:
        seen.release()
        return False

    loop = Loop("test", step, 0.001)
    loop.start()
    for _ in range(3):
        await seen.acquire()
    await loop.stop()


async def test_a_loop_that_can_wait_begins_after_its_seconds_or_when_woken() -> None:
    stepped = asyncio.Event()

    async def step() -> bool:
        stepped.set()
        return False

    loop = Loop("test", step, LONG, can_wait=True)
    loop.start()
    await asyncio.sleep(0)
    assert not stepped.is_set()
    loop.wake()
    await stepped.wait()
    await loop.stop()


async def test_a_loop_outlives_its_failures_and_tells_of_them(monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    monkeypatch.setattr("bot.jobs.loop.PAUSE_AFTER_FAILURE", 0.001)
    again = asyncio.Event()
    failed: list[str] = []
    tries: list[int] = []

    async def step() -> bool:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("xoxb-1-secret")
        again.set()
        return False

    loop = Loop("test", step, LONG, failed.append)
    loop.start()
    await again.wait()
    await loop.stop()
    assert failed == ["test", "test"]
    assert [entry["loop"] for entry in log.entries("loop_failed")] == ["test", "test"]
    assert "xoxb-1-secret" not in log.text


async def test_a_loop_outlives_a_database_that_is_away_and_tells_of_it_in_a_line_each(
    monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    monkeypatch.setattr("bot.jobs.loop.PAUSE_WITHOUT_DATABASE", 0.001)
    again = asyncio.Event()
    failed: list[str] = []

    async def step() -> bool:
        if len(failed) < 2:
            raise StorageUnavailableError("cannot_connect") from OSError("postgres://bob:hush@db/qm")
        again.set()
        return False

    loop = Loop("test", step, LONG, failed.append)
    loop.start()
    await again.wait()
    await loop.stop()
    told = log.entries("loop_without_database")
    assert [(entry["loop"], entry["reason"]) for entry in told] == [("test", "cannot_connect")] * 2
    assert "hush" not in log.text
    assert "Traceback" not in log.text


async def test_a_loop_that_is_told_to_stop_ends_its_step() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def step() -> bool:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return False

    loop = Loop("test", step, LONG)
    await loop.stop()
    loop.start()
    await begun.wait()
    await loop.stop()
    assert ended.is_set()


async def test_a_loop_woken_during_its_step_does_not_miss_it() -> None:
    begun, go_on, seen = asyncio.Semaphore(0), asyncio.Semaphore(0), []

    async def step() -> bool:
        seen.append(1)
        begun.release()
        await go_on.acquire()
        return False

    loop = Loop("test", step, LONG)
    loop.start()
    await begun.acquire()
    loop.wake()
    go_on.release()
    await begun.acquire()
    assert len(seen) == 2
    go_on.release()
    await loop.stop()


# ---------------------------------------------------------------- the operation log


def operation(number: int) -> Operation:
    return Operation(1, None, f"task {number}", NOW, NOW, "", f"R{number}")


async def test_operations_that_could_not_be_written_are_kept_in_order(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailableError("locked")

    await stage.type("/task list")
    await stage.product.operations.step()
    log_of_operations = OperationLog(stage.parts.storage.system)
    assert await log_of_operations.step() is False
    log_of_operations.record(operation(1))
    with monkeypatch.context() as patched:
        patched.setattr(type(stage.parts.storage.system), "record_operations", away)
        with pytest.raises(StorageUnavailableError):
            await log_of_operations.step()
    log_of_operations.record(operation(2))
    await log_of_operations.step()
    async with stage.parts.storage.workspace(1).read() as work:
        latest = await work.operations.latest(2)
    assert sorted(entry.command for entry in latest) == ["task 1", "task 2"]


async def test_a_database_that_was_just_found_to_be_away_is_not_waited_for_once_more(stage: Stage, log: Log) -> None:
    await stage.type("/task list")
    log_of_operations = OperationLog(stage.parts.storage.system)
    log_of_operations.record(replace(operation(1), error="busy"))
    await log_of_operations.close()
    assert [entry["reason"] for entry in log.entries("operations_not_recorded")] == ["busy"]
    log_of_operations.record(operation(2))
    await log_of_operations.close()
    async with stage.parts.storage.workspace(1).read() as work:
        assert {entry.command for entry in await work.operations.latest(5)} == {"task 1", "task 2"}


async def test_too_many_operations_lose_the_oldest_and_say_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    monkeypatch.setattr("bot.jobs.operations.MOST_KEPT", 3)
    log_of_operations = OperationLog(stage.parts.storage.system)
    for number in range(5):
        log_of_operations.record(operation(number))
    assert [entry.command for entry in log_of_operations._entries] == ["task 2", "task 3", "task 4"]
    assert [entry["count"] for entry in log.entries("operations_dropped")] == [1, 1]


async def test_the_platform_is_named_in_the_log_of_a_command(stage: Stage, log: Log) -> None:
    await stage.type("/task list", platform=Platform.TERMINAL)
    assert log.entries("command")[0]["platform"] == "terminal"
