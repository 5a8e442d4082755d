"""The log: named actions with fields, on standard error, as text or JSON; those of libraries too."""

import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from adapters.telemetry import tracebacks
from adapters.telemetry.redaction import redact_named
from adapters.telemetry.seldom import Seldom
from core.ports.storage import StorageUnavailableError

_QUIET = {
    "aiohttp.access": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "asyncio": logging.WARNING,
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "stripe": logging.WARNING,
}
"""Libraries that tell more than anybody wants to read; some of them would quote requests."""


def configure_logs(form: str, *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every log line of this process through the same steps; `form` is `text` or `json`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _mark_foreign],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                describe_exception,
                redact_event,
                structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _render_text,
            ],
        )
    )
    handler.addFilter(Seldom())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    # A log that can't be written must not disturb the work.
    logging.raiseExceptions = False
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)
    logging.captureWarnings(capture=True)


def _mark_foreign(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep a library's sentence apart from our named actions; only its first line, since asyncio's later ones quote."""
    event["message"] = str(event["event"]).partition("\n")[0]
    event["event"] = "library"
    return event


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its kind and places; a database that is away by why, for no place of ours is at fault."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = _exception_of(given)
    if isinstance(error, StorageUnavailableError):
        event["storage"] = error.reason
    elif error is not None:
        event["exception"] = tracebacks.describe(error)
    return event


def _exception_of(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        _, error, _ = _exc_info(given)
        return error
    return sys.exc_info()[1] if given else None


def _exc_info(given: tuple[Any, ...]) -> tuple[type[BaseException] | None, BaseException | None, TracebackType | None]:
    return given if len(given) == 3 else (None, None, None)


def redact_event(_logger: WrappedLogger, _method: str, event: MutableMapping[str, Any]) -> EventDict:
    """Take secrets out of every field."""
    return {name: value if name == "exception" else redact_named(name, value) for name, value in event.items()}


def _render_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return a line for people: time, level, action, fields; an exception's places below it."""
    exception = event.pop("exception", None)
    moment, level = event.pop("timestamp", ""), event.pop("level", "")
    action, _ = event.pop("event", ""), event.pop("logger", "")
    fields = " ".join(f"{name}={_one_line(value)}" for name, value in event.items())
    line = f"{moment[:19]}Z {level:<8}{action}" + (f"  {fields}" if fields else "")
    return f"{line}\n{tracebacks.as_text(exception)}" if exception else line


def _one_line(value: object) -> str:
    text = str(value)
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return f'"{text}"' if " " in text or not text else text
