"""Pictures of charts: the first, which starts a process and loads its library; one that follows; and twenty at once.

Every cold round has processes of its own; the fonts of the machine are known to them, as they are after the first ever.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from adapters.charts.pictures import DrawnCharts
from adapters.processes.pool import open_processes
from core.chat.reply import Chart, Series
from tests.benchmarks.figures import Figure, Target, percentile

COLD = Target("ours", "<", 1.5)
WARM = Target("ours", "<", 0.5)
STALL = Target("ours", "<", 20)
AT_ONCE = 20

_DAYS = tuple(f"{day} Nov" for day in range(1, 31))
_PAUSE = 0.002


def _chart(number: int) -> Chart:
    """A month of days against the month before; no two are equal."""
    series = tuple(Series(name, tuple(float(number * day % 977) for day in range(30))) for name in ("This", "Before"))
    return Chart(f"Sales {number}", "line", _DAYS, series, "", "GBP", "Day", "Sales", "Nov 2026, days of Europe/London")


async def _drawn(pictures: DrawnCharts, number: int) -> float:
    start = time.perf_counter()
    assert await pictures.picture(_chart(number))
    return time.perf_counter() - start


async def _watch(late: list[float]) -> None:
    """Note how late the event loop comes round, time after time."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(_PAUSE)
        late.append(max(0.0, time.perf_counter() - before - _PAUSE) * 1000)


async def run(*, is_quick: bool) -> list[Figure]:
    """Medians of the single ones; the 99th percentile of how late the loop came round while twenty were drawn."""
    rounds = 2 if is_quick else 5
    cold: list[float] = []
    warm: list[float] = []
    late: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with open_processes(Path(folder)) as processes:
            await _drawn(DrawnCharts(processes), 0)
        for _ in range(rounds):
            async with open_processes(Path(folder)) as processes:
                pictures = DrawnCharts(processes)
                cold.append(await _drawn(pictures, 1))
                warm += [await _drawn(pictures, number) for number in range(2, 7)]
        async with open_processes(Path(folder)) as processes:
            pictures = DrawnCharts(processes)
            watcher = asyncio.create_task(_watch(late))
            start = time.perf_counter()
            await asyncio.gather(*(_drawn(pictures, number) for number in range(AT_ONCE)))
            together = time.perf_counter() - start
            watcher.cancel()
    note = f"the longest {max(late):.0f} ms; all {AT_ONCE} in {together:.1f} s"
    return [
        _figure("picture of a chart, cold", "s", cold, 0.5, COLD),
        _figure("picture of a chart, warm", "s", warm, 0.5, WARM),
        _figure(f"stall of the loop, p99, {AT_ONCE} charts at once", "ms", late, 0.99, STALL, note),
    ]


def _figure(name: str, unit: str, samples: list[float], share: float, target: Target, note: str = "") -> Figure:
    return Figure(name, unit, percentile(samples, share), target, note=note, samples=tuple(samples))
