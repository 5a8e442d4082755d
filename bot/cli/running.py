"""How a command of the command line is run: its settings, its log, its output, and what becomes of a failure."""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from bot.settings.model import Settings

T = TypeVar("T")

FAILED = 1
INTERRUPTED = 130

THREADS_SECONDS = 2.0
"""How long threads have to end when all is done."""


def run(work: Callable[["Settings"], Coroutine[Any, Any, T]], *, is_quiet: bool = False, as_json: bool = False) -> T:
    """Load the settings, run the work, and turn every failure into plain lines and an exit code."""
    from bot.settings.model import load_settings
    from bot.texts import cli as words
    from bot.wiring.bootstrap import start_logs
    from core.shared.errors import QuartermasterError

    try:
        settings = load_settings()
        start_logs(settings, is_quiet=is_quiet)
        return asyncio.run(work(settings))
    except QuartermasterError as error:
        said = words.failure(error)
        if said is None:
            _report()
        fail(error.code, said or words.INTERNAL, as_json=as_json)
    except OSError as error:
        fail("system", words.system_failure(error), as_json=as_json)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:  # why: the last line of defence; people get a sentence, the log gets the cause
        _report()
        fail("internal", words.INTERNAL, as_json=as_json)


def end() -> None:
    """End the process although a thread waits, for a database that does not answer perhaps: all else is done."""
    until = time.monotonic() + THREADS_SECONDS
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    waiting = [thread for thread in others if not thread.daemon]
    for thread in waiting:
        thread.join(max(0.0, until - time.monotonic()))
    if any(thread.is_alive() for thread in waiting):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _report() -> None:
    """Log the exception being handled."""
    import structlog

    structlog.get_logger(__name__).exception("command_line_failed")


def fail(code: str, message: str, *, as_json: bool) -> NoReturn:
    """End with a failure: its lines on standard error, or as JSON its document on standard output."""
    if as_json:
        print_json({"ok": False, "error": {"code": code, "message": message}})
    else:
        sys.stderr.write(f"{message}\n")
    sys.exit(FAILED)


def say(text: str) -> None:
    """Print a text, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_json(document: Mapping[str, object]) -> None:
    """Print a document as people and programs can both read it."""
    say(json.dumps(document, ensure_ascii=False, indent=2))
