"""Sheets whose rows have a key of their own, such as a SKU, which new records keep."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.shared.names import Names
from core.transfer import rows
from core.transfer.applying import Applier, Settled
from core.transfer.findings import Findings
from core.transfer.model import StagedCells, StagedRow
from core.transfer.reading import Checker, RowBatches, keys_of
from core.transfer.records import KeyedRecords
from core.transfer.roster import Channels, People
from core.transfer.sheet import CellError, Column, Importer, PlainDraft, Sheet, Surroundings
from core.transfer.sources import open_source
from core.undo.kinds import RecordKind
from tests.support.notes import NOTES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AROUND = Surroundings(People.of([]), Channels(1, {}), NOW, "UTC")
IMPORTER = Importer(1, 1, "UTC", NOW, "batch")


@dataclass(frozen=True)
class Tool:
    """Something that shops call by a key of their own."""

    number: int
    sku: str
    price: Decimal
    version: int = 1


def _sku(text: str, _around: Surroundings) -> str:
    return text.upper()


def _price(text: str, _around: Surroundings) -> Decimal:
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text):
        raise CellError("price_bad")
    return Decimal(text)


async def _no_storage(*_given: object) -> Sequence[Tool]:
    raise AssertionError("looked up by the test")


TOOLS: Sheet[PlainDraft, Tool] = Sheet(
    called=Names("tool", "tool", "tools"),
    title="Tools",
    columns=(
        Column("sku", _sku, lambda tool, _: tool.sku, "article", repeats=False, field="sku"),
        Column("price", _price, lambda tool, _: tool.price, field="price"),
    ),
    key="sku",
    keeps_key=True,
    required=("sku", "price"),
    records=KeyedRecords(lambda work: work.of(NOTES), _no_storage, lambda tool: tool.sku),  # type: ignore[arg-type]
    kind=RecordKind("tool", Tool, title="sku", aside={"version"}),
)
SAW = Tool(4, "SAW-1", Decimal("12.50"))


def checked(lines: str, *known: Tool) -> tuple[Findings[Tool], Sequence[StagedRow], list[object]]:
    """What a check finds in a file, what is to be applied, and which keys were looked up."""
    source = open_source(TOOLS, "tools.csv", [lines.encode()])
    read = RowBatches(TOOLS, source, AROUND).next()
    checker = Checker(TOOLS, IMPORTER, source, lambda problem: problem.reason, only_bad=True)
    staged = checker.settle(read, {tool.sku: tool for tool in known}).staged
    return checker.findings, staged, keys_of(TOOLS, source.layout, read)


def applied(staged: Sequence[StagedRow], *known: Tool) -> Settled[Tool]:
    """What staged rows come to beside the tools that are there by then."""
    applier = Applier(TOOLS, AROUND, IMPORTER, 10, StagedCells())
    prepared = applier.prepare(staged)
    return applier.settle(prepared, {tool.sku: tool for tool in known if tool.sku in prepared.keys})


def test_a_key_that_is_known_changes_its_record_and_another_makes_a_new_one_that_keeps_it() -> None:
    found, staged, keys = checked("sku,price\nsaw-1,12.90\nAXE,8\n", SAW)
    assert (found.updated, found.new, found.new_keys, found.bad) == (1, 1, 0, 0)
    assert keys == ["SAW-1", "AXE"]
    settled = applied(staged, SAW)
    assert settled.after == [replace(SAW, price=Decimal("12.90"), version=2)]
    assert settled.new == [Tool(10, "AXE", Decimal(8))]


def test_an_equal_amount_changes_nothing_however_it_is_written() -> None:
    assert checked("article,price\nSAW-1,12.5\n", SAW)[0].unchanged == 1


def test_a_key_stands_in_a_file_once_however_it_is_written() -> None:
    (problem,) = checked("sku,price\nAXE,8\naxe,9\n")[0].problems
    assert (problem.line, problem.column, problem.reason, problem.details["first"]) == (3, "sku", "key_twice", 2)


def test_a_new_one_needs_what_a_known_one_may_leave_out() -> None:
    found = checked("sku\nSAW-1\nAXE\n", SAW)[0]
    assert found.unchanged == 1
    assert [(problem.value, problem.reason) for problem in found.problems] == [("AXE", "key_unknown")]


def test_a_key_that_somebody_else_took_meanwhile_is_not_taken_twice() -> None:
    _, staged, _ = checked("sku,price\nAXE,8\nBIT,1\n")
    settled = applied(staged, Tool(9, "AXE", Decimal(7)))
    assert [tool.sku for tool in settled.new] == ["BIT"]
    assert [(problem.value, problem.reason) for problem, _ in settled.problems] == [("AXE", "changed_since")]


def test_a_key_that_comes_twice_where_keys_are_no_longer_remembered_is_not_taken_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "_MOST_KEYS", 1)
    _, staged, _ = checked("sku,price\nBIT,1\nAXE,8\nAXE,9\n")
    settled = applied(staged)
    assert [(tool.sku, tool.price) for tool in settled.new] == [("BIT", Decimal(1)), ("AXE", Decimal(8))]
    assert [problem.line for problem, _ in settled.problems] == [4]
