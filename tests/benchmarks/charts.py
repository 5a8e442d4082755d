"""Pictures of charts: the first, which starts a process and loads its library, one that follows; and whole reports.

Every cold round has processes of its own; the fonts of the machine are known to them, as they are after the first ever.
Reports are asked for in Discord, twenty at once, no two of them equal; the serving process tells how late its loop was.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from adapters.charts.pictures import DrawnCharts
from adapters.processes.pool import open_processes
from bot.wiring.bootstrap import open_product
from bot.wiring.serving import console_space
from core.chat.reply import Chart, Series
from core.sales.model import SaleLine
from core.sales.repository import SALES
from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Target, percentile
from tests.benchmarks.processes import BenchError
from tests.benchmarks.stage import DATABASE, scratch, settings_in
from tests.support.discord import Channel, DiscordPlatform, Person

COLD = Target("ours", "<", 1.5)
WARM = Target("ours", "<", 0.5)
STALL = Target("ours", "<", 20)
AT_ONCE = 20
ANSWER_SECONDS = 60.0

_DAYS = tuple(f"{day} Nov" for day in range(1, 31))
_FIRST, _SOLD_DAYS, _EACH = date(2026, 1, 1), 90, 20


async def run(*, is_quick: bool) -> list[Figure]:
    """Medians of single pictures; the 99th percentile of how late the loop came round beside twenty reports."""
    rounds = 2 if is_quick else 5
    cold: list[float] = []
    warm: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with open_processes(Path(folder)) as pool:
            await _drawn(DrawnCharts(pool), 0)
        for _ in range(rounds):
            async with open_processes(Path(folder)) as pool:
                pictures = DrawnCharts(pool)
                cold.append(await _drawn(pictures, 1))
                warm += [await _drawn(pictures, number) for number in range(2, 7)]
    late, together = await _while_reporting()
    note = f"command to answer with its picture; the longest {max(late):.0f} ms; all {AT_ONCE} in {together:.1f} s"
    return [
        _figure("picture of a chart, cold", "s", cold, 0.5, COLD),
        _figure("picture of a chart, warm", "s", warm, 0.5, WARM),
        _figure(f"stall of the loop, p99, {AT_ONCE} reports at once", "ms", late, 0.99, STALL, note),
    ]


def _chart(number: int) -> Chart:
    """A month of days against the month before; no two are equal."""
    series = tuple(Series(name, tuple(float(number * day % 977) for day in range(30))) for name in ("This", "Before"))
    return Chart(f"Sales {number}", "line", _DAYS, series, "", "GBP", "Day", "Sales", "Nov 2026, days of Europe/London")


async def _drawn(pictures: DrawnCharts, number: int) -> float:
    start = time.perf_counter()
    assert await pictures.picture(_chart(number))
    return time.perf_counter() - start


async def _while_reporting() -> tuple[list[float], float]:
    """Let twenty people ask for a report each; how late the loop of who serves them was, and how long all took."""
    async with scratch() as folder, DiscordPlatform() as discord:
        await _sold(folder)
        people = [discord.person(discord.world.user(f"person{number}")) for number in range(AT_ONCE)]
        channel = discord.world.channel("general", [person.user for person in people])
        told, port = folder / "late", processes.free_port()
        command = processes.module("tests.benchmarks.product", str(told))
        async with processes.running(command, folder, _environment(discord, folder, port)) as process:
            await processes.until_ready(f"http://127.0.0.1:{port}/readyz", process, folder)
            for person in people:
                await _reported(person, channel, 1)
            begun = time.time()
            await asyncio.gather(*(_reported(person, channel, 2 + n) for n, person in enumerate(people)))
            ended = time.time()
        late = [late for at, late in json.loads(told.read_text("utf-8")) if begun <= at <= ended]
    return late, ended - begun


async def _reported(person: Person, channel: Channel, days: int) -> None:
    """Ask for what was sold from a day on, and wait for the answer with its picture."""
    first = _FIRST + timedelta(days=days)
    given = {"from": first.isoformat(), "to": (first + timedelta(days=30)).isoformat(), "by": "day"}
    asked = await person.command("/report sales", channel=channel, **given)
    answer = await asked.answer(ANSWER_SECONDS)
    if not answer.files:
        raise BenchError(f"a report without a picture: {answer.shown[:200]}")


async def _sold(folder: Path) -> None:
    """Keep what was sold on each of some days."""
    async with open_product(settings_in(folder)) as (_, parts):
        space = await console_space(parts)
        async with parts.storage.workspace(space.workspace_id).write() as work:
            work.of(SALES).add([_line(day, number) for day in range(_SOLD_DAYS) for number in range(_EACH)])
            await work.commit()


def _line(day: int, number: int) -> SaleLine:
    amount = Decimal(10 + (day * 7 + number * 13) % 89)
    digest = f"{day} {number}"
    return SaleLine(_FIRST + timedelta(days=day), amount, Decimal(1), amount, "EUR", "import", digest=digest)


def _environment(discord: DiscordPlatform, folder: Path, port: int) -> dict[str, str]:
    return {
        "QM_DATA_DIR": str(folder),
        "QM_DATABASE_URL": f"sqlite+aiosqlite:///{folder / DATABASE}",
        "QM_PORT": str(port),
        "DISCORD_BOT_TOKEN": discord.bot_token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


def _figure(name: str, unit: str, samples: list[float], share: float, target: Target, note: str = "") -> Figure:
    return Figure(name, unit, percentile(samples, share), target, note=note, samples=tuple(samples))
