"""`quartermaster serve` with limits that a load generator does not run into: python -m tests.benchmarks.product."""

from __future__ import annotations

import asyncio
import signal

from bot.bootstrap import Tuning, serving
from bot.middleware.rate_limit import Limit
from bot.settings import load_settings
from core.chat.spec import Cost


async def serve() -> None:
    """Serve until told to stop."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    tuning = Tuning(limits={cost: Limit(1e9, 1e9) for cost in Cost})
    async with serving(load_settings(None), tuning=tuning):
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(serve())
