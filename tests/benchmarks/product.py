"""`quartermaster serve` with limits that a load generator does not run into: python -m tests.benchmarks.product."""

from __future__ import annotations

import asyncio

from bot.cli.serve import serve
from bot.middleware.rate_limit import Limit
from bot.settings.model import load_settings
from bot.wiring import bootstrap
from core.chat.spec import Cost

if __name__ == "__main__":
    settings = load_settings(None)
    bootstrap.start_logs(settings)
    limits = {cost: Limit(1e9, 1e9) for cost in Cost}
    asyncio.run(serve(settings, print, bootstrap.Tuning(limits=limits)))
