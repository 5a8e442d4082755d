"""The log within the tests' own process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


def plain_logs() -> None:
    """Write entries as plain lines: what structlog does unasked draws every local of a failure, which takes seconds."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )


@contextmanager
def logs_put_back() -> Iterator[None]:
    """Leave the logs as they were, whatever the product sets up."""
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:], logging.raiseExceptions = handlers, raising
        root.setLevel(level)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
        plain_logs()
