"""The database held by another process while commands keep coming: is each acknowledged soon, and answered at all?"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from tests.benchmarks import load, processes
from tests.benchmarks.figures import Figure, Target, percentile
from tests.benchmarks.processes import BenchError
from tests.benchmarks.stage import Server, Stage, both_servers, expect_tasks, open_stage, until_idle

PER_SECOND = 50
STALL_SECONDS = 5.0
LEAD_SECONDS = 1.0
"""Commands come this long before the stall and after it."""
OPEN_CONNECTIONS = 400
ACKNOWLEDGED = Target("ours", "<", 600)
ANSWERED = Target("ours", "=", 100)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answers to what was sent during the stall and to all, and when the lock was let go."""

    during: list[load.Answer]
    everything: list[load.Answer]
    released_at: float


async def run(*, is_quick: bool) -> list[Figure]:
    """The 99th percentile of the acknowledgement, and the share of answers that came."""
    seconds = 2.0 if is_quick else STALL_SECONDS
    async with open_stage() as stage, both_servers(stage) as (ours, bare):
        found = await _stalled(stage, ours, seconds)
        await until_idle(ours.port)
        reference = await _stalled(stage, bare, seconds)
    acknowledged = [answer.acknowledged * 1000 for answer in found.during]
    others = [answer.acknowledged * 1000 for answer in reference.during]
    last = max(answer.sent_at + answer.final for answer in found.everything) - found.released_at
    ours_p99, others_p99 = percentile(acknowledged, 0.99), percentile(others, 0.99)
    note = f"{len(acknowledged)} commands sent within {seconds:g} s of stall; all answered {last:.2f} s after it"
    share = 100 * len(found.everything) / _expected(seconds)
    return [
        Figure(
            f"ack p99, database stalled {seconds:g} s",
            "ms",
            ours_p99,
            ACKNOWLEDGED,
            others_p99,
            ours_p99 / others_p99,
            note=note,
            samples=tuple(acknowledged),
            reference_samples=tuple(others),
        ),
        Figure("answered once it is back", "%", share, ANSWERED),
    ]


def _expected(seconds: float) -> int:
    return int(PER_SECOND * (seconds + 2 * LEAD_SECONDS))


async def _stalled(stage: Stage, server: Server, seconds: float) -> Outcome:
    """Send at a steady rate whatever happens, stall the database meanwhile, and wait for every answer."""
    await load.all_clients(stage.slack, server.port, [stage.asks(user, 3) for user in stage.people])
    before = server.tasks()
    people = stage.people
    asks = [stage.asks(people[number % len(people)], 1)[0] for number in range(_expected(seconds))]
    async with load.connections(server.port, min(OPEN_CONNECTIONS, len(asks))) as opened:
        sending = asyncio.create_task(_steadily(stage, opened, asks))
        await asyncio.sleep(LEAD_SECONDS)
        taken_at, released_at = await _hold(server, seconds)
        answers = await sending
    expect_tasks(server, before, answers)
    during = [answer for answer in answers if taken_at <= answer.sent_at < released_at]
    return Outcome(during, answers, released_at)


async def _steadily(stage: Stage, opened: list[load.Connection], asks: list[load.Ask]) -> list[load.Answer]:
    """Send each command at its moment, whether or not earlier ones were answered."""
    start = time.perf_counter()
    free = list(opened)
    under_way: list[asyncio.Task[load.Answer]] = []
    for number, one in enumerate(asks):
        await asyncio.sleep(max(0.0, start + number / PER_SECOND - time.perf_counter()))
        if not free:
            raise BenchError("no connection is free")
        under_way.append(asyncio.create_task(_once(stage, free, one)))
    return await asyncio.gather(*under_way)


async def _once(stage: Stage, free: list[load.Connection], one: load.Ask) -> load.Answer:
    connection = free.pop()
    answer = await load.ask(stage.slack, connection, one)
    free.append(connection)
    return answer


async def _hold(server: Server, seconds: float) -> tuple[float, float]:
    """Let another process hold the database; from when to when, by this process's own clock."""
    command = processes.module("tests.benchmarks.stall", str(server.database), str(seconds))
    process = await asyncio.create_subprocess_exec(
        *command, env=processes.environment({}), stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise BenchError("no output")
        moments = [float(await process.stdout.readline()) for _ in range(2)]
    finally:
        await processes.stop(process)
    shift = time.perf_counter() - time.time()
    return moments[0] + shift, moments[1] + shift
