"""Exceptions as the log keeps them: kinds and places, not what they say.

The text of an exception may quote what somebody typed, a row of the database or a token; where it happened may not.
"""

import os
import traceback
from types import TracebackType

_FRAMES = 30
_CAUSES = 5
_HERE = f"{os.getcwd()}{os.sep}"


def describe(error: BaseException) -> list[dict[str, object]]:
    """Return the exception and its causes, newest first: kind, what the system said of it, and its stack."""
    chain: list[dict[str, object]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < _CAUSES:
        entry: dict[str, object] = {"kind": _kind(current), "stack": _stack(current.__traceback__)}
        if isinstance(current, OSError) and current.errno is not None:
            entry["system"] = os.strerror(current.errno)
        if isinstance(current, BaseExceptionGroup):
            entry["within"] = [_kind(inner) for inner in current.exceptions[:_CAUSES]]
        chain.append(entry)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return chain


def as_text(chain: list[dict[str, object]]) -> str:
    """Return the description for people, the innermost place last, as they know it from Python."""
    parts = []
    for entry in chain:
        said = f" ({entry['system']})" if "system" in entry else ""
        stack = entry["stack"]
        places = [f"    {place}" for place in stack] if isinstance(stack, list) else []
        parts.append("\n".join([*places, f"  {entry['kind']}{said}"]))
    return "\n  caused by\n".join(parts)


def _kind(error: BaseException) -> str:
    module = type(error).__module__
    return type(error).__qualname__ if module == "builtins" else f"{module}.{type(error).__qualname__}"


def _stack(trace: TracebackType | None) -> list[str]:
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), limit=-_FRAMES, lookup_lines=False)
    return [f"{frame.filename.removeprefix(_HERE)}:{frame.lineno} {frame.name}" for frame in frames]
