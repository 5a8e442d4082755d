"""Text files of rows as people send them: read without trusting anything, and written so that nothing runs.

Everything here is plain, blocking Python over an iterator of byte chunks; whoever works on an event loop runs it in a
thread. Only a bounded piece of a file is held at a time. What can't be read raises `RefusedError`, reason `file_…`.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from core.shared.errors import RefusedError

LINE_LIMIT = 1_000_000
"""Characters of one physical line; no sensible file comes near it."""

COLUMN_LIMIT = 200
"""Cells of one row."""

HEAD_SIZE = 64 * 1024
"""Bytes that are looked at to tell what a file is."""

DELIMITERS = (",", ";", "\t", "|")

_ACTIVE = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - some spreadsheets take the full-width signs for formulas too
_SUSPECT = _ACTIVE | {"'"}
_BUFFER_SIZE = 64 * 1024
_BLOCK_SIZE = 32 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def guard(cell: str) -> str:
    """Defuse a cell that a spreadsheet would run as a formula by a leading `'`; `unguard` gives the same cell back."""
    first = cell[:1]
    if first in _ACTIVE and first:
        return f"'{cell}"
    # A cell that looks guarded already is guarded once more, so that taking the guard away never eats its own quote.
    return f"'{cell}" if first == "'" and (cell[1:2] in _ACTIVE or cell[1:2] == "'") and len(cell) > 1 else cell


def unguard(cell: str) -> str:
    """Take away the leading `'` that defuses a cell; any other cell comes back as it is."""
    guarded = len(cell) > 1 and cell[0] == "'" and (cell[1] in _ACTIVE or cell[1] == "'")
    return cell[1:] if guarded else cell


def reguarded(cells: list[str]) -> list[str]:
    """Return cells of somebody's file so that they are defused and mean what they meant; most come back untouched."""
    if _SUSPECT.isdisjoint([cell[:1] for cell in cells]):
        return cells
    return [guard(unguard(cell)) for cell in cells]


class _ChunkReader(io.RawIOBase):
    """Makes an iterator of byte chunks readable as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = memoryview(b"")
        self.position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer)  # type: ignore[arg-type]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self.position += count
        return count


class TextFile:
    """The decoded lines of a file: UTF-8 with or without byte order marks, or UTF-16 with them.

    Iterate it once. `line` counts the physical lines handed out, `ended` tells that there are no more. `encoding` is
    what a file going back to the same person is written in. Refuses what is empty, binary or in another encoding.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Look at the beginning of the file."""
        source = iter(chunks)
        self._head = _first_bytes(source)
        codec = _codec_of(self._head)
        self._head = _marked_once(self._head)
        self.encoding = "utf-8" if codec == "utf-8" else "utf-8-sig"
        self.line = 0
        self.ended = False
        self._source = _ChunkReader(chain((self._head,), source))
        stream = io.BufferedReader(self._source, _BUFFER_SIZE)
        self._text = io.TextIOWrapper(stream, encoding=codec, newline="")
        self._codec = codec

    @property
    def position(self) -> int:
        """Return how many bytes have been read, in steps of a buffer."""
        return self._source.position

    def sample(self) -> list[str]:
        """Return whole lines from the beginning, up to `HEAD_SIZE` bytes of them, without using them up."""
        whole = len(self._head) < HEAD_SIZE
        decoder = codecs.getincrementaldecoder(self._codec)(errors="replace")
        text = decoder.decode(self._head[:HEAD_SIZE], final=whole)
        lines = io.StringIO(text, newline="").readlines()
        return lines if whole or len(lines) < 2 else lines[:-1]

    def __iter__(self) -> Iterator[str]:
        """Yield the lines with their ends."""
        try:
            for line in iter(partial(self._text.readline, LINE_LIMIT), ""):
                self.line += 1
                if len(line) >= LINE_LIMIT:
                    raise RefusedError("file_line_too_long", field="file", line=self.line, limit=LINE_LIMIT)
                if "\0" in line:
                    raise RefusedError("file_binary", field="file", line=self.line)
                yield line
        except UnicodeDecodeError as error:
            raise self._bad_encoding(error) from error
        self.ended = True

    def blocks(self) -> Iterator[str]:
        """Yield the text in pieces of some size, whatever its lines."""
        try:
            for block in iter(partial(self._text.read, _BLOCK_SIZE), ""):
                if "\0" in block:
                    raise RefusedError("file_binary", field="file", line=self.line + 1)
                self.line += block.count("\n")
                yield block
        except UnicodeDecodeError as error:
            raise self._bad_encoding(error) from error
        self.ended = True

    def _bad_encoding(self, error: UnicodeDecodeError) -> RefusedError:
        line = self.line + 1 + error.object[: error.start].count(b"\n")
        return RefusedError("file_encoding", field="file", line=line)


def _first_bytes(source: Iterator[bytes]) -> bytes:
    """Read the beginning of a file; an empty one is refused."""
    head = b""
    while len(head) < HEAD_SIZE:
        chunk = next(source, None)
        if chunk is None:
            break
        head += chunk
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise RefusedError("file_empty", field="file")
    return head


def _codec_of(head: bytes) -> str:
    """Tell the codec of a text file by its first bytes."""
    if head.startswith(_WORKBOOKS):
        raise RefusedError("file_workbook", field="file")
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    if found := _NOT_TEXT.search(head, 0, HEAD_SIZE):
        raise RefusedError("file_binary", field="file", line=head[: found.start()].count(b"\n") + 1)
    return "utf-8"


def _marked_once(head: bytes) -> bytes:
    """Return the beginning of a file with one byte order mark where programs have put several."""
    for mark, _ in _MARKS:
        while head.startswith(mark * 2):
            head = head[len(mark) :]
    return head


Row = tuple[int, list[str]]
"""The physical line on which a row begins, counted from 1, and its cells."""


def read_csv(text: TextFile, delimiter: str, *, skips_blanks: bool = False) -> Iterator[Row]:
    """Yield the rows of a CSV file that hold anything; one that `skips_blanks` may have them before a quote.

    A quote that is never closed is refused with the line of its row, and so is a cell of more than 131,072 characters,
    which usually is one, and a row of more than 200 cells.
    """
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=skips_blanks)
    line = 1
    try:
        for cells in reader:
            # The reader only asks for another line after the last one when a quote is still open.
            if text.ended:
                raise RefusedError("file_unclosed_quote", field="file", line=line)
            if len(cells) > COLUMN_LIMIT:
                raise RefusedError("file_too_many_columns", field="file", line=line, limit=COLUMN_LIMIT)
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise RefusedError("file_cell_too_long", field="file", line=line, limit=csv.field_size_limit()) from error


def csv_rows_of(
    sample: Iterable[str], delimiter: str, limit: int = 20, *, skips_blanks: bool = False
) -> list[list[str]]:
    """Return the first rows of a sample as that delimiter cuts them, for telling which one is meant."""
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(sample, delimiter=delimiter, skipinitialspace=skips_blanks):
            if any(cells):
                rows.append(cells)
            if len(rows) == limit:
                break
    except csv.Error:
        # A sample may end within a cell or be no CSV at all; the real reading says what is wrong.
        return rows
    return rows


def csv_writer(delimiter: str = ",", encoding: str = "utf-8") -> Callable[[Iterable[Sequence[object]]], bytes]:
    """Return a function that turns rows into the next bytes of a CSV file; `utf-8-sig` puts a mark before the first."""
    encoder = codecs.getincrementalencoder(encoding)(errors="replace")

    def write(rows: Iterable[Sequence[object]]) -> bytes:
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
        return encoder.encode(buffer.getvalue())

    return write
