"""Files of sales: which lines count, what they come to, and what is wrong with the others."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.ports.workbooks import SheetValue
from core.sales.columns import SaleHeads
from core.sales.model import AMOUNT, CUSTOMER, DAY, DIGEST, NAMES, Dedupe, StoredLine
from core.sales.reading import Found, Manner, SaleReading, Tally, amounts_in
from core.shared.errors import RefusedError
from core.shared.money import amount_of
from core.transfer.findings import Findings
from core.transfer.sources import Source, open_source
from core.transfer.workbooks import SheetSource

DATA = Path(__file__).parents[3] / "data"
RETAIL = sorted((DATA / "retail").glob("*.csv"))


def read(source: Source, dedupe: Dedupe = Dedupe.LINE, **said: str) -> tuple[list[StoredLine], Found]:
    reading = SaleReading(source, Manner("Europe/London", "GBP", dedupe), said)
    lines = [line for block in reading.blocks() for line in block.lines]
    return lines, reading.found


def text_of(content: str | bytes, name: str = "sales.csv", **said: str) -> Source:
    data = content.encode() if isinstance(content, str) else content
    return open_source(SaleHeads(said), name, [data])


def amount(units: int) -> Decimal:
    return amount_of(units)


def said(line: StoredLine) -> dict[str, Any]:
    return dict(zip(NAMES, line, strict=True))


def reasons(found: Found) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.reason) for problem in found.problems]


# --- figures of the examples ------------------------------------------------------


@pytest.mark.parametrize(
    ("dedupe", "count", "total"), [(Dedupe.NONE, 10_144, "181847.25"), (Dedupe.LINE, 9_937, "181088.89")]
)
def test_four_days_of_a_shop_come_to_what_is_known_of_them(dedupe: Dedupe, count: int, total: str) -> None:
    both = [read(text_of(path.read_bytes()), dedupe) for path in RETAIL]
    assert sum(found.rows for _, found in both) == 10_144
    assert sum(found.new for _, found in both) == count
    assert amount(sum(amounts_in(found, Tally.AMOUNT)["GBP"] for _, found in both)) == Decimal(total)
    lines = [line for some, _ in both for line in some]
    assert amount(sum(line[AMOUNT] for line in lines)) == Decimal(total)
    returns = [said(line) for line in lines if said(line)["quantity"] < 0]
    assert len(returns) == sum(found.tallies[Tally.RETURNS] for _, found in both) == 130
    assert sum(line["reference"].startswith("C") for line in returns) == 100
    assert sum(line["price"] == 0 for line in returns) == 30
    assert not any(found.bad for _, found in both)


def test_the_top_customers_and_the_top_product_are_who_they_are() -> None:
    lines = [said(line) for path in RETAIL for line in read(text_of(path.read_bytes()))[0]]

    def top(name: str, most: int) -> list[tuple[str, Decimal]]:
        sums: dict[str, int] = {}
        for line in lines:
            sums[line[name]] = sums.get(line[name], 0) + line["amount"]
        return [(key, amount(sums[key])) for key in sorted(sums, key=sums.__getitem__, reverse=True)[:most]]

    assert top("customer", 4) == [
        ("", Decimal("36041.50")),
        ("15061", Decimal("9407.34")),
        ("13777", Decimal("6585.16")),
        ("17850", Decimal("5391.21")),
    ]
    assert top("product", 1) == [("22423", Decimal("7717.95"))]


@pytest.mark.parametrize("dedupe", list(Dedupe))
def test_the_small_example_comes_to_what_each_customer_spent(dedupe: Dedupe) -> None:
    lines, found = read(text_of((DATA / "sales_sample.csv").read_bytes()), dedupe)
    spent: dict[str, Decimal] = {}
    for line in lines:
        spent[line[CUSTOMER]] = spent.get(line[CUSTOMER], Decimal(0)) + amount(line[AMOUNT])
    assert spent == {"1": Decimal("150.50"), "2": Decimal("275.75"), "3": Decimal(150), "4": Decimal(120)}
    assert found.rows == 6
    assert said(lines[0])["customer_name"] == "John Doe"


# --- what counts once --------------------------------------------------------------

ROWS = ["1,5", "1,5", "1,7", ",5", ",5"]
TWICE = "customer_id,amount_spent,transaction_date\n" + "".join(f"{row},2026-01-02\n" for row in ROWS)


@pytest.mark.parametrize(
    ("dedupe", "amounts"),
    [(Dedupe.LINE, [5, 7, 5]), (Dedupe.NONE, [5, 5, 7, 5, 5]), (Dedupe.CUSTOMER_DAY, [5, 5, 5])],
)
def test_what_counts_once_is_asked_for(dedupe: Dedupe, amounts: list[int]) -> None:
    lines, found = read(text_of(TWICE), dedupe)
    assert [amount(line[AMOUNT]) for line in lines] == amounts
    assert (found.new, found.unchanged, found.tallies[Tally.REPEATED]) == (
        len(amounts),
        5 - len(amounts),
        5 - len(amounts),
    )


def test_lines_are_equal_by_what_they_say_however_that_is_written() -> None:
    lines, _ = read(
        text_of(
            "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
            "1,2,2010-12-01 08:26:00,2.50,17850\n"
            "1.0, 2 ,12/1/2010 8:26,2.5,17850.0\n"
        )
    )
    assert len(lines) == 1


def test_equal_lines_have_a_digest_that_begins_with_their_day() -> None:
    lines, _ = read(text_of(TWICE), Dedupe.NONE)
    assert lines[0][DIGEST] == lines[1][DIGEST] != lines[2][DIGEST]
    assert {line[DIGEST][:8] for line in lines} == {"20260102"}
    assert {len(line[DIGEST]) for line in lines} == {20}


# --- amounts ------------------------------------------------------------------------


def test_a_missing_amount_counts_as_nothing_and_is_told() -> None:
    lines, found = read(text_of("date,amount\n2026-01-02,\n2026-01-02,NaN\n2026-01-02,0\n2026-01-03,4\n"), Dedupe.NONE)
    assert [line[AMOUNT] for line in lines] == [0, 0, 0, 40_000]
    assert found.tallies[Tally.MISSING] == 2


def test_an_amount_that_is_missing_is_what_the_pieces_cost() -> None:
    lines, found = read(text_of("date,amount,quantity,price\n2026-01-02,,3,1.5\n2026-01-02,9,3,1.5\n2026-01-02,,,2\n"))
    assert [amount(line[AMOUNT]) for line in lines] == [Decimal("4.5"), 9, 0]
    assert found.tallies[Tally.MISSING] == 1


def test_the_last_place_goes_to_the_even_one() -> None:
    lines, _ = read(
        text_of("date,quantity,price\n2026-01-02,0.5,0.0001\n2026-01-02,0.5,0.0003\n2026-01-02,-0.5,0.0003\n")
    )
    assert [line[AMOUNT] for line in lines] == [0, 2, -2]


def test_a_product_beyond_what_is_kept_is_named() -> None:
    lines, found = read(text_of("date,quantity,price\n2026-01-02,999999999,999999999\n2026-01-02,1,2\n"))
    assert [amount(line[AMOUNT]) for line in lines] == [2]
    assert reasons(found) == [(2, "", "amount_too_large")]


def test_a_currency_of_its_own_is_kept() -> None:
    lines, found = read(text_of("date,amount,currency\n2026-01-02,5,eur\n2026-01-02,5,\n2026-01-02,5,euros\n"))
    assert [said(line)["currency"] for line in lines] == ["EUR", "GBP"]
    assert reasons(found) == [(4, "currency", "sales_currency")]


# --- rows that can't be used ---------------------------------------------------------


def test_every_bad_cell_is_named_with_its_line_and_its_column() -> None:
    source = text_of(
        "InvoiceDate,Qty,UnitPrice,Description\n"
        "2026-01-02,1,2,fine\n"
        "soon,many,2,both\n"
        '2026-01-02,1,"1,234",unclear\n'
        "2026-01-02,1,2,fine,too much\n"
        f"2026-01-02,1,2,{'x' * 201}\n"
        "2026-01-02,1\n"
    )
    lines, found = read(source)
    assert (found.rows, found.new, found.bad) == (6, 2, 4)
    assert len(lines) == 2
    assert reasons(found) == [
        (3, "InvoiceDate", "day_bad"),
        (3, "Qty", "amount_bad"),
        (4, "UnitPrice", "amount_ambiguous"),
        (5, "", "too_many_cells"),
        (6, "Description", "sales_text_long"),
    ]


def test_a_bad_row_comes_back_as_it_was() -> None:
    reading = SaleReading(text_of("date,amount\n2026-01-02,x\n"), Manner("UTC", "EUR", Dedupe.LINE), {})
    (block,) = reading.blocks()
    ((row, problems),) = block.bad
    assert row == ["2026-01-02", "x"]
    assert [problem.reason for problem in problems] == ["amount_bad"]


def test_formulas_and_control_characters_are_texts() -> None:
    lines, _ = read(text_of('date,amount,product,customer\n2026-01-02,1,"\'=cmd|x","a\x0bb"\n'))
    assert (said(lines[0])["product"], said(lines[0])["customer"]) == ("=cmd|x", "a b")


@pytest.mark.parametrize(
    ("content", "missing"),
    [("date,product\n2026-01-02,MUG\n", ["amount"]), ("amount,product\n5,MUG\n", ["date"])],
)
def test_a_missing_column_is_named_with_those_that_there_are(content: str, missing: list[str]) -> None:
    with pytest.raises(RefusedError) as caught:
        read(text_of(content))
    assert caught.value.reason == "sales_columns"
    assert caught.value.details["missing"] == missing
    assert caught.value.details["headings"] == content.splitlines()[0].split(",")


# --- headings -------------------------------------------------------------------------


def test_a_column_is_called_as_somebody_says() -> None:
    source = text_of("Sold on;Sum;Date\n2026-01-02;5,5;never\n", date="Sold on", amount="SUM")
    lines, _ = read(source, date="Sold on", amount="SUM")
    assert [(line[DAY], amount(line[AMOUNT])) for line in lines] == [("2026-01-02", Decimal("5.5"))]


def test_what_was_said_before_is_known_beside_what_everybody_knows() -> None:
    heads = SaleHeads({}, {"Sold on": "date", "Total": "price"})
    for content in ("Sold on,Amount\n2026-01-02,5\n", "InvoiceDate,Total\n2026-01-02,5\n"):
        lines, _ = read(open_source(heads, "sales.csv", [content.encode()]))
        assert [amount(line[AMOUNT]) for line in lines] == [5]


# --- other formats ----------------------------------------------------------------------


class Rows:
    """A sheet."""

    name, hidden, merged, size, position = "Sales", 0, 0, 1, 0

    def __init__(self, *rows: Sequence[SheetValue]) -> None:
        self._rows = rows

    def rows(self) -> Iterator[tuple[int, list[SheetValue]]]:
        yield from ((place, list(row)) for place, row in enumerate(self._rows, 1))


def test_numbers_of_a_spreadsheet_are_codes_and_amounts() -> None:
    sheet = Rows(
        ["InvoiceDate", "UnitPrice", "StockCode", "CustomerID"],
        ["2026-01-02", 2.5, 22423.0, 17850],
        ["2026-01-02", float("inf"), 1, 1],
    )
    lines, found = read(SheetSource(SaleHeads(), sheet))
    assert [(said(line)["product"], said(line)["customer"], amount(line[AMOUNT])) for line in lines] == [
        ("22423", "17850", Decimal("2.5"))
    ]
    assert reasons(found) == [(3, "UnitPrice", "cell_error")]


def test_json_is_read_by_its_keys() -> None:
    lines, found = read(text_of('[{"date": "2026-01-02", "price": 2.5, "quantity": -2}]', "sales.json"))
    assert [amount(line[AMOUNT]) for line in lines] == [-5]
    assert found.tallies[Tally.RETURNS] == 1


@pytest.mark.parametrize(
    ("dates", "day_first", "told"),
    [
        (["12/1/2010", "12/25/2010"], False, Tally.MONTH_FIRST),
        (["25/12/2010", "1/12/2010"], True, Tally.DAY_FIRST),
        (["12/1/2010", "3/4/2010"], None, Tally.EITHER_FIRST),
        (["25/12/2010", "26/12/2010"], True, None),
        (["12/25/2010"], False, None),
        (["3/3/2010"], None, None),
        (["2010-12-01", "1.12.2010"], None, None),
    ],
)
def test_only_dates_that_can_be_read_in_two_ways_are_told_of(
    dates: list[str], day_first: bool | None, told: Tally | None
) -> None:
    source = text_of("\n".join(["date,amount", *(f"{date},1" for date in dates)]))
    reading = SaleReading(source, Manner("UTC", "GBP", Dedupe.NONE, day_first), {})
    assert sum(len(block.lines) for block in reading.blocks()) == len(dates)
    orders = (Tally.MONTH_FIRST, Tally.DAY_FIRST, Tally.EITHER_FIRST)
    assert [order for order in orders if reading.found.tallies[order]] == [told] * bool(told)


SAME_TWICE = {
    "date,amount,amount": (1, [("amount", "amount", "amount")]),
    "date,Total,Amount": (2, [("amount", "Amount", "Total")]),
    "date,Total,Revenue": (1, [("amount", "Total", "Revenue")]),
    "date,amount,What": (1, []),
}


@pytest.mark.parametrize("headings", SAME_TWICE)
def test_of_two_columns_for_the_same_our_own_or_the_first_is_read_and_that_is_told(headings: str) -> None:
    read_as, told = SAME_TWICE[headings]
    lines, found = read(text_of(f"{headings}\n2010-12-01,1,2\n"))
    assert [amount(line[AMOUNT]) for line in lines] == [read_as]
    assert list(found.twice) == told
    assert found.unused == (("What",) if "What" in headings else ())
    again: Found = Findings.of(found.data())
    assert [tuple(one) for one in again.twice] == told


def test_whoever_says_which_of_two_columns_is_meant_is_told_nothing() -> None:
    lines, found = read(text_of("date,Total,Amount\n2010-12-01,1,2\n", amount="Total"), amount="Total")
    assert [amount(line[AMOUNT]) for line in lines] == [1]
    assert found.twice == ()


def test_a_column_that_somebody_names_has_to_be_there() -> None:
    with pytest.raises(RefusedError) as caught:
        read(text_of("date,amount\n2010-12-01,1\n", product="Nope"), product="Nope")
    assert (caught.value.reason, caught.value.details["unknown"]) == ("sales_columns", ["Nope"])
    lines, _ = read(text_of('[{"day": "2026-01-02", "sum": 2.5}]', "sales.json", amount="sum"), amount="sum")
    assert [amount(line[AMOUNT]) for line in lines] == [Decimal("2.5")]
