"""`/task add` from Slack, signed, committed and answered, beside a bare bolt handler that runs the same statements."""

from __future__ import annotations

import statistics
import time

from tests.benchmarks import load
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.stage import CLIENTS, Server, Stage, both_servers, expect_tasks, open_stage, until_idle

THROUGHPUT = Target("ratio", "≥", 0.5)
LATENCY = Target("ratio", "≤", 3)


async def run(*, is_quick: bool) -> list[Figure]:
    """Throughput with many clients, and the median latency with one."""
    rounds, each = (2, 15) if is_quick else (9, 40)
    async with open_stage() as stage, both_servers(stage) as (ours, bare):
        for server in (ours, bare):
            await _throughput(stage, server, 10, server is ours)
        many: tuple[list[float], list[float]] = ([], [])
        single: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for server, fast, alone in zip((ours, bare), many, single, strict=True):
                fast.append(await _throughput(stage, server, each, server is ours))
                alone.append(await _latency(stage, server, 5 * each))
    note = f"{len(stage.statements)} statements an add; rounds of ours and of the bare handler in turn"
    return [
        compared(f"slack add, {CLIENTS} clients", "/s", *many, THROUGHPUT, note),
        compared("slack add, 1 client, p50", "ms", *single, LATENCY),
    ]


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
