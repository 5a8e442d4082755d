"""Whether memory stays where it is while many different commands are done."""

from __future__ import annotations

import random

from tests.benchmarks import load, processes
from tests.benchmarks.figures import Figure, Target
from tests.benchmarks.stage import Server, Stage, both_servers, open_stage, until_idle

ROUNDS = 10
OPERATIONS = 100
GROWTH = Target("ours", "<", 50)
LINES = (
    "/task add Call the supplier about item {n} due:tomorrow priority:high",
    "/task add Count shelf {n} assign:@me",
    "/task list",
    "/task show {n}",
    "/task edit {n} A better title for {n}",
    "/task snooze {n} in 3 h",
    "/task done {n}",
    "/task reopen {n}",
    "/task summary",
    "/task remove {n}",
    "/task due {n} tomorrow 25:00",
    "/task shwo {n}",
    "/qm help",
    "/qm help task",
    "/user whoami",
)


async def run(*, is_quick: bool) -> list[Figure]:
    """The growth of the serving process over ten times a hundred mixed commands."""
    rounds = 2 if is_quick else ROUNDS
    async with open_stage() as stage, both_servers(stage) as (ours, bare):
        grown = [await _grown(stage, server, rounds, server is ours) for server in (ours, bare)]
    (first, levels), (first_bare, levels_bare) = grown
    note = f"from {first:.0f} MB to {levels[-1]:.0f} MB; after each hundred: {' '.join(f'{one:.0f}' for one in levels)}"
    growth, bare_growth = levels[-1] - first, levels_bare[-1] - first_bare
    return [
        Figure(
            f"growth over {rounds} × {OPERATIONS} commands",
            "MB",
            growth,
            GROWTH,
            bare_growth,
            growth / bare_growth if bare_growth > 0 else None,
            note=note,
            samples=tuple(levels),
            reference_samples=tuple(levels_bare),
        )
    ]


async def _grown(stage: Stage, server: Server, rounds: int, is_ours: bool) -> tuple[float, list[float]]:
    """The memory at the start, and after each round."""
    chance = random.Random(28)
    first = processes.resident(server.process.pid)
    levels = []
    for _ in range(rounds):
        lines = [chance.choice(LINES).format(n=chance.randint(1, CREATED)) for _ in range(OPERATIONS)]
        asks = [stage.asks(chance.choice(stage.people), 1, line) for line in lines]
        for start in range(0, len(asks), 4):
            await load.all_clients(stage.slack, server.port, asks[start : start + 4])
        if is_ours:
            await until_idle(server.port)
        levels.append(processes.resident(server.process.pid))
    return first, levels


CREATED = 40
"""Numbers are chosen up to here: tasks that were there from the start, and some that are added on the way."""
