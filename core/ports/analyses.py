"""Shaping of figures that takes libraries of numbers: matrices, and files that somebody hands in to be looked at."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.shared.value_objects import value_object


class FigureFault(StrEnum):
    """Why a file has no figures to look at; the values are reasons of a `RefusedError`, details in brackets."""

    NO_COLUMN = "figures_no_column"
    """(`name` of what is missing, `found`: what there is)"""

    NOT_A_NUMBER = "figures_not_a_number"
    """(`line`, `column`, `value`)"""

    RAGGED = "figures_ragged"
    """(`line`, `cells`, `columns`)"""

    NONE = "figures_none"
    TOO_MANY = "figures_too_many"
    """(`limit`)"""

    SLOW = "figures_slow"
    """They take more time or memory than there is."""


@value_object
class MatrixRow:
    """One row: its values by column, their sum and average, and each between the least (0) and the most (1) of them.

    Where all are the same, each is 0.
    """

    name: str
    values: tuple[Decimal, ...]
    total: Decimal
    average: Decimal
    scaled: tuple[float, ...]


@value_object
class Matrix:
    """Rows by columns, with sums along both; `largest` are the places of the rows whose sums are the largest.

    `missing` is how many values were not there and count as 0.
    """

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    by_column: tuple[Decimal, ...]
    total: Decimal
    largest: tuple[int, ...]
    missing: int = 0


@value_object
class Spender:
    """A customer (empty: nobody named any), what they are called, how often they bought, and what they spent."""

    customer: str
    name: str
    lines: int
    amount: Decimal


@value_object
class Spending:
    """What the customers of a file spent, the largest first; what nobody is named with comes last.

    `lines` are those that count, `repeated` those that are wholly equal to one before, `missing` those without an
    amount, which count as 0. `customers` is how many there are in all.
    """

    spenders: tuple[Spender, ...]
    total: Decimal
    lines: int
    repeated: int
    missing: int
    customers: int


@value_object
class MatrixCell:
    """A value by the places of its row and its column; those of one place are added up."""

    row: int
    column: int
    value: Decimal


class Analyses(Protocol):
    """Looks at figures in processes of its own. All of it may raise `BusyError`."""

    async def matrix(
        self, rows: Sequence[str], columns: Sequence[str], cells: Sequence[MatrixCell], *, top: int
    ) -> Matrix:
        """Shape values to a matrix; what is not there is 0, and is not counted as missing."""
        ...

    async def matrix_of_file(self, chunks: AsyncIterator[bytes], *, top: int) -> Matrix:
        """Shape a CSV or XLSX file, with headings and names or without.

        Raises `RefusedError` with a `FigureFault`, or a `SheetFault` of a workbook.
        """
        ...

    async def spending_of_file(self, chunks: AsyncIterator[bytes], *, top: int) -> Spending:
        """Add up what each customer of such a file spent; raises as `matrix_of_file` does."""
        ...
