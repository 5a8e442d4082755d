"""`/task add` from Slack, signed, committed and answered, beside a bare bolt handler that runs the same statements."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field

from tests.benchmarks import load, processes
from tests.benchmarks.figures import PER_SECOND, Figure, Target, compared
from tests.benchmarks.stage import CLIENTS, Server, Stage, both_servers, expect_tasks, open_stage, until_idle

THROUGHPUT = Target("ratio", "≥", 0.6)
LATENCY = Target("ratio", "≤", 3)


@dataclass(slots=True)
class Series:
    """What was measured of one server, round by round."""

    per_second: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


async def run(*, is_quick: bool) -> list[Figure]:
    """Throughput with many clients, the median latency with one, and what the processor does for it."""
    rounds, each = (2, 15) if is_quick else (11, 30)
    ours, bare = Series(), Series()
    async with open_stage() as stage, both_servers(stage) as (our_server, bare_server):
        turns = ((our_server, ours), (bare_server, bare))
        for server, _ in turns:
            await _throughput(stage, server, 10, server is our_server)
        for _ in range(rounds):
            for server, series in turns:
                await _round(stage, server, series, each, server is our_server)
    note = f"{len(stage.statements)} statements an add; rounds of ours and of the bare handler in turn"
    busy = "of the serving process with all its threads, per add"
    return [
        compared(f"slack add, {CLIENTS} clients", PER_SECOND, ours.per_second, bare.per_second, THROUGHPUT, note),
        compared("slack add, 1 client, p50", "ms", ours.milliseconds, bare.milliseconds, LATENCY),
        compared("slack add, processor time", "ms", ours.processor, bare.processor, None, busy),
    ]


async def _round(stage: Stage, server: Server, series: Series, each: int, is_ours: bool) -> None:
    """Many clients, then one; the processor time is that of both, per add."""
    before, alone = processes.processor_seconds(server.process.pid), 4 * each
    series.per_second.append(await _throughput(stage, server, each, is_ours))
    series.milliseconds.append(await _latency(stage, server, alone))
    used = processes.processor_seconds(server.process.pid) - before
    series.processor.append(used * 1000 / (CLIENTS * each + alone))


async def _throughput(stage: Stage, server: Server, each: int, is_ours: bool) -> float:
    """Adds per second of all clients together, until the last is answered and nothing is left to do."""
    asks = [stage.asks(user, each) for user in stage.people]
    before = server.tasks()
    seconds, answers = await load.all_clients(stage.slack, server.port, asks)
    start = time.perf_counter()
    if is_ours:
        await until_idle(server.port)
    seconds += time.perf_counter() - start
    expect_tasks(server, before, answers)
    return len(answers) / seconds


async def _latency(stage: Stage, server: Server, count: int) -> float:
    """The median time of one client's adds, in milliseconds."""
    async with load.connections(server.port, 1) as (connection,):
        answers = await load.one_after_another(stage.slack, connection, stage.asks(stage.people[0], count))
    return statistics.median(answer.final for answer in answers) * 1000
