"""`/task list` and `/task summary` in a channel with 100,000 open tasks, beside one with 1,000."""

from __future__ import annotations

import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.application.application import QuartermasterApplication
from bot.wiring.bootstrap import Tuning, open_product
from core.chat.actor import Actor
from core.dates.due import Due
from core.tasks.model import Priority, Status, Task
from core.tasks.repository import TASKS
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.stage import PLENTY, obeyed, said, scratch, settings_in

FEW, MANY = 1_000, 100_000
LINES = {
    "/task list": Target("ratio", "≤", 1.5),
    "/task list assignee:@me": Target("ratio", "≤", 3),
    "/task summary": Target("ratio", "≤", 5),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """An application whose channel #general has that many open tasks."""

    application: QuartermasterApplication
    count: int


async def run(*, is_quick: bool) -> list[Figure]:
    """The times of the list, of one's own, and of the summary."""
    rounds, each = (2, 10) if is_quick else (7, 25)
    async with scratch() as folder, AsyncExitStack() as stack:
        many = await stack.enter_async_context(_filled(folder / "many", MANY))
        few = await stack.enter_async_context(_filled(folder / "few", FEW))
        found = []
        for line, target in LINES.items():
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(rounds):
                for filled, place in ((many, 0), (few, 1)):
                    times[place].append(await _listed(filled, line, each))
            name = f"{line}, {MANY:,} open (reference: {FEW:,})"
            found.append(compared(name, "ms", *times, target))
        return found


@asynccontextmanager
async def _filled(folder: Path, count: int) -> AsyncIterator[Filled]:
    async with open_product(settings_in(folder), tuning=Tuning(limits=PLENTY)) as (product, parts):
        actor = await product.application.identify(said("/task list"))
        now = parts.clock.now()
        async with parts.storage.workspace(actor.workspace_id).write() as work:
            first = await work.of(TASKS).reserve_numbers(count)
            work.of(TASKS).add_all([_task(number, actor, now) for number in range(first, first + count)])
            await work.commit()
        yield Filled(product.application, count)


def _task(number: int, actor: Actor, now: datetime) -> Task:
    """An open task: every other one due, some of them overdue, one in ten the asker's own."""
    day = (now + timedelta(days=number % 90 - 10)).date()
    return Task(
        number=number,
        title=f"Count the boxes on shelf {number} and write it down",
        notes="",
        status=Status.PENDING,
        priority=list(Priority)[number % 4],
        due=Due(day, None, "UTC") if number % 2 else None,
        channel_id=actor.channel_id,
        author_id=actor.member_id,
        assignees=(actor.member_id,) if number % 10 == 0 else (),
        origin="",
        created_at=now,
        completed_at=None,
        completed_by=None,
        remind_at=None,
        version=1,
    )


async def _listed(filled: Filled, line: str, times: int) -> float:
    """The median time of a command, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        await obeyed(filled.application, said(line))
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000
