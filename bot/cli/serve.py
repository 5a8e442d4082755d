"""`quartermaster serve`: run until told to stop, then finish what was acknowledged."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable

import structlog

from bot.cli.running import end, run, say
from bot.commands.late import load_late
from bot.settings.model import Settings
from bot.texts import cli as words
from bot.wiring.bootstrap import Tuning
from bot.wiring.serving import serving

INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = structlog.get_logger(__name__)


def start() -> None:
    """Serve until told to stop; the entry of `quartermaster serve`."""
    run(lambda settings: serve(settings, say))
    end()


async def serve(settings: Settings, say: Callable[[str], None], tuning: Tuning | None = None) -> None:
    """Serve until SIGINT or SIGTERM; `say` prints a line for whoever started it. A second signal ends it at once."""
    for warning in settings.warnings:
        log.warning("setting_without_effect", about=warning)
    stop = stop_on_signal(say)
    async with serving(settings, tuning=tuning) as served:
        server = served.server
        say(
            words.banner(
                str(server.main),
                served.sign_in_url,
                str(server.public),
                _ways(settings),
                discord=settings.discord.is_on,
            )
        )
        # From here on it serves: neither who waits for that nor whoever types the first such command waits for this.
        await asyncio.to_thread(load_late)
        spare_collections()
        await stop.wait()
    log.info("stopped")


def spare_collections() -> None:
    """Leave what the start made out of every later garbage collection: looking through it holds the loop up 0.1 s."""
    gc.collect()
    gc.freeze()
    gc.enable()


def stop_on_signal(say: Callable[[str], None]) -> asyncio.Event:
    """Return the event that the first signal sets."""
    stop = asyncio.Event()

    def stopping() -> None:
        if stop.is_set():
            # Nothing is lost that was committed: the next start goes on from there.
            os._exit(INTERRUPTED)
        stop.set()
        say(words.STOPPING)

    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stopping)
    return stop


def _ways(settings: Settings) -> list[str]:
    ways = {"Socket Mode": settings.slack.uses_socket, "HTTP": settings.slack.uses_http}
    return [way for way, is_used in ways.items() if is_used]
