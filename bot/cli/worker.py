"""`quartermaster worker`: run jobs until told to stop, and leave what is under way to others."""

from collections.abc import Callable

import structlog

from bot.cli.running import end, run, say
from bot.cli.serve import stop_on_signal
from bot.settings.model import Settings
from bot.texts.cli import WORKING
from bot.wiring.bootstrap import Tuning
from bot.wiring.working import working

log = structlog.get_logger(__name__)


def start() -> None:
    """Work until told to stop; the entry of `quartermaster worker`."""
    run(lambda settings: work(settings, say))
    end()


async def work(settings: Settings, say: Callable[[str], None], tuning: Tuning | None = None) -> None:
    """Work until SIGINT or SIGTERM; a second signal ends it at once."""
    async with working(settings, tuning=tuning):
        stop = stop_on_signal(say)
        say(WORKING)
        await stop.wait()
    log.info("stopped")
