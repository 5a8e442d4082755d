"""Workbooks of spreadsheet programs: the rows of a sheet in, rows out into a new one.

What a file holds is never run: formulas are read by the value they had when the file was saved, and nothing that is
written is a formula. Whoever implements this bounds the time and the memory that any file can cost.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol

from core.shared.value_objects import value_object

STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What files of spreadsheet programs begin with, the new and the old."""

ROWS_EVER = 1_048_576
"""The last row that a spreadsheet has."""

CELL_LIMIT = 32_767
"""Characters that a cell of a spreadsheet holds."""

DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""


class SheetFault(StrEnum):
    """Why a workbook can't be read or written; the values are reasons of a `RefusedError`, details in brackets."""

    LOCKED = "sheet_locked"
    OLD = "sheet_old"
    OTHER = "sheet_other"
    DAMAGED = "sheet_damaged"
    UNSAFE = "sheet_unsafe"
    TOO_LARGE = "sheet_too_large"
    SLOW = "sheet_slow"
    NOT_WRITTEN = "sheet_not_written"
    """There is too much for one sheet, or it would take too long."""

    EMPTY = "sheet_empty"
    """(`name` of the sheet)"""
    CELL_TOO_LONG = "sheet_cell_too_long"
    """(`line`, `limit`)"""
    TOO_MANY_COLUMNS = "file_too_many_columns"
    """(`line`, `limit`)"""
    TOO_MANY_ROWS = "file_too_many_rows"
    """(`limit`)"""


class Flaw(StrEnum):
    """Why a cell has no value."""

    ERROR = "error"
    """It shows an error such as `#REF!`."""

    UNCALCULATED = "uncalculated"
    """It has a formula, and the file does not say what came of it."""


@value_object
class FlawedCell:
    """A cell without a value, and what it shows."""

    flaw: Flaw
    shown: str = ""


class Percentage(float):
    """A number that a spreadsheet shows as a percentage: 0.5 is 50 %."""

    __slots__ = ()


class Money(float):
    """A number that a spreadsheet shows as an amount of money."""

    __slots__ = ()


SheetValue = str | int | float | bool | date | datetime | time | FlawedCell | None
"""What a cell holds; None is an empty one. A float may be a `Percentage` or `Money`.

A date-time is a wall clock without a zone, in whole seconds.
"""

SheetRow = Sequence[SheetValue]


class Sheet(Protocol):
    """One sheet of a workbook, read."""

    @property
    def name(self) -> str:
        """Return what the sheet is called."""
        ...

    @property
    def hidden(self) -> int:
        """Return how many rows with something in them the spreadsheet does not show."""
        ...

    @property
    def merged(self) -> int:
        """Return how many times cells are merged; the first of them has the value, the others are empty."""
        ...

    @property
    def size(self) -> int:
        """Return how much there is to read, in the unit of `position`."""
        ...

    @property
    def position(self) -> int:
        """Return how much of it has been read."""
        ...

    def rows(self) -> Iterator[tuple[int, list[SheetValue]]]:
        """Yield the rows that hold anything with their numbers, once; blocking, for a worker thread."""
        ...


class SheetWriter(Protocol):
    """A workbook with one sheet in the making."""

    async def add(self, rows: Sequence[SheetRow]) -> None:
        """Append rows, the very first as header; raises `RefusedError` for more than a sheet has."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Finish the workbook and yield its bytes, once; raises `RefusedError` if it is too much, and `BusyError`."""
        ...


class Workbooks(Protocol):
    """Reads and writes workbooks."""

    def reading(
        self, chunks: AsyncIterator[bytes], *, prefer: str, row_limit: int
    ) -> AbstractAsyncContextManager[Sheet]:
        """Read the sheet called `prefer`, or else the first that is shown, of about so many rows at most.

        Raises `RefusedError` with the reason of a `SheetFault`, `FileTooLargeError`, and `BusyError`.
        """
        ...

    def writing(self, name: str) -> AbstractAsyncContextManager[SheetWriter]:
        """Write a workbook whose only sheet has that name; it can be given up before its end."""
        ...
