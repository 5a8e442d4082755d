"""What `serve` costs while nothing happens: the memory and processor time of all its processes, jobs and chats on.

Memory is what each process occupies (RSS), added up: what two of them share counts twice. The note has it counted once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Target
from tests.benchmarks.processes import BenchError
from tests.benchmarks.stage import Stage, bare_command, open_stage
from tests.benchmarks.start import compile_ours
from tests.support.discord import DiscordPlatform

MEMORY = Target("ours", "<", 160)
SHARE = Target("ours", "<", 3)
SETTLING, WATCHED = 10.0, 40.0
READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Megabytes, those of them that are counted once where processes share them, and the share of a core in percent."""

    memory: float
    once: float
    share: float


async def run(*, is_quick: bool) -> list[Figure]:
    """Ours, with Slack, Discord and the engine of jobs, beside the bare handler of Slack alone."""
    settling, watched = (1.0, 4.0) if is_quick else (SETTLING, WATCHED)
    await asyncio.to_thread(compile_ours)
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(open_stage())
        discord = await stack.enter_async_context(DiscordPlatform())
        ours, bare = [await stack.enter_async_context(one) for one in (_ours(stage, discord), _bare(stage))]
        await asyncio.sleep(settling)
        mine, other = await asyncio.gather(*(_cost(pid, watched) for pid in (ours.pid, bare.pid)))
    note = f"Slack, Discord, jobs; {mine.once:.0f} MB with what is shared counted once; reference: bolt, aiosqlite"
    ratio = mine.memory / other.memory
    return [
        Figure("serve idle, all processes", "MB", mine.memory, MEMORY, other.memory, ratio, note=note),
        Figure(f"serve idle for {watched:g} s, of a core", "%", mine.share, SHARE, other.share),
    ]


@asynccontextmanager
async def _ours(stage: Stage, discord: DiscordPlatform) -> AsyncIterator[asyncio.subprocess.Process]:
    folder, port = stage.copy("ours"), processes.free_port()
    settings = stage.environment(folder, port) | {
        "DISCORD_BOT_TOKEN": discord.bot_token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }
    async with processes.running(processes.quartermaster("serve"), folder, settings) as process:
        ready = f"http://127.0.0.1:{port}/readyz"
        await processes.until_ready(ready, process, folder)
        await _until_everything_is_up(ready)
        yield process


@asynccontextmanager
async def _bare(stage: Stage) -> AsyncIterator[asyncio.subprocess.Process]:
    folder, port = stage.copy("bare"), processes.free_port()
    async with processes.running(bare_command(stage, folder, port), folder) as process:
        await processes.until_ready(f"http://127.0.0.1:{port}/readyz", process, folder)
        yield process


async def _until_everything_is_up(ready: str) -> None:
    """Wait until the chats are connected, and the engine of jobs has come up behind them."""
    wanted = {"database": "ok", "jobs": "ready", "slack": "ok", "discord": "ok"}
    parts: dict[str, str] = {}
    try:
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            while parts != wanted:
                await asyncio.sleep(0.1)
                async with session.get(ready) as answer:
                    parts = (await answer.json())["parts"]
    except TimeoutError:
        raise BenchError(f"not all is up: {parts}") from None


async def _cost(pid: int, seconds: float) -> Cost:
    """Watch a process and those that it has started."""
    before = {one: processes.processor_seconds(one) for one in processes.tree(pid)}
    await asyncio.sleep(seconds)
    after = processes.tree(pid)
    used = sum(processes.processor_seconds(one) - before.get(one, 0.0) for one in after)
    occupied = sum(processes.resident(one) for one in after)
    return Cost(occupied, sum(processes.proportional(one) for one in after), 100 * used / seconds)
