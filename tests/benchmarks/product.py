"""`quartermaster serve` with limits that a load generator does not run into: python -m tests.benchmarks.product [FILE].

With a file, it tells there in the end how late its event loop came round, time after time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from bot.cli.serve import serve
from bot.middleware.rate_limit import Limit
from bot.settings.model import load_settings
from bot.wiring import bootstrap
from core.chat.spec import Cost

PAUSE = 0.002

Late = list[tuple[float, float]]
"""The time of day, and by how many milliseconds the loop was late then."""


async def watch(late: Late) -> None:
    """Note how late the event loop comes round, until cancelled."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(PAUSE)
        late.append((time.time(), max(0.0, time.perf_counter() - before - PAUSE) * 1000))


async def main(told: Path | None) -> None:
    """Serve until told to end."""
    settings = load_settings(None)
    bootstrap.start_logs(settings)
    limits = {cost: Limit(1e9, 1e9) for cost in Cost}
    late: Late = []
    watching = asyncio.create_task(watch(late)) if told else None
    await serve(settings, print, bootstrap.Tuning(limits=limits))
    if told and watching:
        watching.cancel()
        told.write_text(json.dumps(late), "utf-8")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if sys.argv[1:] else None))
