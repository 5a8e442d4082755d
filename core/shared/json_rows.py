"""JSON files of objects, read and written one object at a time, so that no file has to fit into memory."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from core.shared.errors import RefusedError
from core.shared.tabular import TextFile

OBJECT_LIMIT = 1_000_000
"""Characters of one object; no sensible file comes near it."""

_BETWEEN = re.compile(r"[ \t\r\n,]*")


def read_json(text: TextFile) -> Iterator[tuple[int, Any]]:
    """Yield the objects of an array, or of a file of objects one after the other, with the lines they begin on.

    Objects that share a line, as programs write them, are counted on from it: each is found by a number of its own.
    Raises `RefusedError` with reason `file_json_broken` where the file stops being JSON.
    """
    reader = _JsonReader()
    for block in text.blocks():
        yield from reader.feed(block)
    yield from reader.feed("", last=True)
    reader.check_end()


class _JsonReader:
    """Cuts values off a growing text."""

    def __init__(self) -> None:
        self._decode = json.JSONDecoder().raw_decode
        self._text = ""
        self._line = 1
        self._told = 0
        self._is_array: bool | None = None
        self._wanted = 0

    def feed(self, block: str, *, last: bool = False) -> Iterator[tuple[int, Any]]:
        """Take more text and yield what it completes."""
        self._text += block
        # A value that was incomplete is looked at again once there is twice as much, so that the work stays linear.
        if len(self._text) < self._wanted and not last:
            return
        position = self._skip(0)
        if self._is_array is None and position < len(self._text):
            self._is_array = self._text[position] == "["
            position = self._skip(position + 1) if self._is_array else position
        while position < len(self._text):
            try:
                value, end = self._decode(self._text, position)
            except (ValueError, RecursionError):
                # Most likely the rest of the value is still to come; if not, the end of the file tells.
                break
            self._told = max(self._line, self._told + 1)
            yield self._told, value
            self._line += self._text.count("\n", position, end)
            position = self._skip(end)
        self._text = self._text[position:]
        self._wanted = 2 * len(self._text)
        if len(self._text) > OBJECT_LIMIT:
            raise RefusedError("file_json_broken", field="file", line=self._line)

    def _skip(self, position: int) -> int:
        """Return where the next value begins, past blanks and commas."""
        match = _BETWEEN.match(self._text, position)
        end = match.end() if match else position
        self._line += self._text.count("\n", position, end)
        return end

    def check_end(self) -> None:
        """Refuse a file that breaks off or goes on after its array."""
        if self._text.strip() != ("]" if self._is_array else ""):
            raise RefusedError("file_json_broken", field="file", line=self._line)


class JsonWriter:
    """Writes an array of objects, one a line, in pieces."""

    def __init__(self) -> None:
        """Begin a file."""
        self._written = False

    def write(self, objects: Iterable[object]) -> bytes:
        """Return the next bytes of the file."""
        lines = [json.dumps(value, ensure_ascii=False) for value in objects]
        if not lines:
            return b""
        lead = ",\n" if self._written else "[\n"
        self._written = True
        return (lead + ",\n".join(lines)).encode("utf-8", "replace")

    def end(self) -> bytes:
        """Return the last bytes of the file."""
        return b"\n]\n" if self._written else b"[]\n"
