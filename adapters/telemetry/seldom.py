"""A filter that lets the same trouble be told once a second, however often it comes."""

import logging
import time

SECONDS = 1.0
_MOST_KEPT = 500


class Seldom(logging.Filter):
    """Leaves out a warning or an error that says what one of the same second said, in every field.

    The next one that is written says with `repeated` how many were left out.
    """

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__()
        self._said: dict[object, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to write a record down."""
        if record.levelno < logging.WARNING:
            return True
        cause, now = _cause(record), time.monotonic()
        since, left_out = self._said.get(cause, (float("-inf"), 0))
        if now - since < SECONDS:
            self._said[cause] = since, left_out + 1
            return False
        if left_out:
            self._tell(record, left_out)
        if len(self._said) >= _MOST_KEPT:
            self._said = {cause: seen for cause, seen in self._said.items() if now - seen[0] < SECONDS}
        self._said[cause] = now, 0
        return True

    def _tell(self, record: logging.LogRecord, left_out: int) -> None:
        if isinstance(record.msg, dict):
            record.msg["repeated"] = left_out
        else:
            record.msg, record.args = f"{record.getMessage().partition(chr(10))[0]} (repeated {left_out} times)", ()


def _cause(record: logging.LogRecord) -> object:
    """Return what makes two records tell of the same: all fields but the time, or what a library writes and raises."""
    if isinstance(record.msg, dict):
        return record.name, frozenset((name, str(value)) for name, value in record.msg.items() if name != "timestamp")
    error = record.exc_info[1] if record.exc_info else None
    first_line = str(record.msg).partition("\n")[0]
    return record.name, first_line, type(error), getattr(error, "errno", None)
