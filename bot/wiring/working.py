"""Working: jobs and schedules, beside processes that serve; nothing is listened to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

from bot.settings.model import Settings
from bot.wiring.bootstrap import Tuning, open_product, shares_jobs
from bot.wiring.chats import open_slack
from bot.wiring.product import Product
from bot.wiring.serving import console_space
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError


class WorkerAloneError(QuartermasterError):
    """Jobs are kept in a file here, which is of the one process that serves."""

    code: ClassVar[str] = "worker_alone"


@asynccontextmanager
async def working(
    settings: Settings, *, clock: Clock | None = None, tuning: Tuning | None = None
) -> AsyncIterator[Product]:
    """Run jobs within the block, and make those of schedules; afterwards leave what is not at its end to others.

    What they post is sent by whoever serves. Raises `WorkerAloneError` where no two processes can run jobs.
    """
    if not shares_jobs(settings):
        raise WorkerAloneError
    tuning = replace(tuning or Tuning(), engine_seconds=0.0)
    async with open_product(settings, clock=clock, tuning=tuning, runs_jobs=True) as (product, parts):
        await console_space(parts)
        # Who is in a channel is asked of Slack; of Discord only the process knows that is connected to it.
        slack = open_slack(product, parts, takes_events=False) if settings.slack.is_on else None
        if slack:
            await slack.start()
        await product.jobs.start_working()
        try:
            yield product
        finally:
            await product.leave_jobs()
            await product.drain()
            if slack:
                await slack.stop()
