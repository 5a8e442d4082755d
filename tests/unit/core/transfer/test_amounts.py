"""Exact amounts and days in the files of any area: numbers and dates where those are exact, and nothing is rounded."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.shared.names import Names
from core.transfer.choices import ExportFormat
from core.transfer.records import NumberedRecords
from core.transfer.roster import Channels, People
from core.transfer.sheet import Column, PlainDraft, Sheet, Surroundings
from core.transfer.workbooks import text_of
from core.transfer.writing import record_writer, sheet_rows
from core.undo.kinds import RecordKind
from tests.support.notes import NOTES

AROUND = Surroundings(People.of([]), Channels(1, {}), datetime(2026, 11, 20, 12, tzinfo=UTC), "UTC")


@dataclass(frozen=True)
class Bill:
    """Something with an amount and a day."""

    number: int
    amount: Decimal | None
    day: date | None = None
    version: int = 1


def _unread(*_given: object) -> object:
    raise AssertionError("only written")


BILLS: Sheet[PlainDraft, Bill] = Sheet(
    called=Names("bill", "bill", "bills"),
    title="Bills",
    columns=(
        Column("amount", _unread, lambda bill, _: bill.amount),
        Column("day", _unread, lambda bill, _: bill.day),
    ),
    required=(),
    records=NumberedRecords(lambda work: work.of(NOTES)),  # type: ignore[arg-type]
    kind=RecordKind("bill", Bill),
)

AMOUNTS = [
    ("12.50", "12.5"),
    ("-12.50", "-12.5"),
    ("0", "0"),
    ("0.10", "0.1"),
    ("1E+2", "100"),
    ("1234567890123.45", "1234567890123.45"),
    ("12345678901234567.89", "12345678901234567.89"),
    ("0.1234567890123456", "0.1234567890123456"),
    ("1E+15", "1000000000000000"),
]
"""Amounts, and the same as a workbook shows them."""


def written(kind: ExportFormat, bills: Iterable[Bill]) -> str:
    writer = record_writer(BILLS, kind, AROUND)
    return (writer.write(list(bills)) + writer.end()).decode("utf-8-sig")


@pytest.mark.parametrize("amount", [amount for amount, _ in AMOUNTS])
def test_an_amount_is_written_out_in_full_without_a_guard(amount: str) -> None:
    bill = Bill(1, Decimal(amount), date(2026, 12, 1))
    plain = f"{Decimal(amount):f}"
    assert list(csv.reader(io.StringIO(written(ExportFormat.CSV, [bill]))))[1] == [plain, "2026-12-01"]
    assert json.loads(written(ExportFormat.JSON, [bill])) == [{"amount": plain, "day": "2026-12-01"}]


@pytest.mark.parametrize(("amount", "shown"), AMOUNTS)
def test_a_workbook_has_numbers_as_far_as_they_are_exact(amount: str, shown: str) -> None:
    ((cell, day),) = sheet_rows(BILLS, AROUND)([Bill(1, Decimal(amount), date(2026, 12, 1))])
    is_exact = len(shown.strip("-0.").replace(".", "")) <= 15 and abs(Decimal(amount)) < 10**15
    assert (type(cell), day) == (float if is_exact else str, date(2026, 12, 1))
    assert text_of(cell) == shown
    assert Decimal(text_of(cell)) == Decimal(amount)


def test_none_is_an_empty_cell() -> None:
    assert list(csv.reader(io.StringIO(written(ExportFormat.CSV, [Bill(1, None)]))))[1] == ["", ""]
    assert json.loads(written(ExportFormat.JSON, [Bill(1, None)])) == [{"amount": None, "day": None}]
    assert sheet_rows(BILLS, AROUND)([Bill(1, None)]) == [[None, None]]
