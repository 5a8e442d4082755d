"""Figures that pandas and NumPy shape: matrices, and what customers of a file spent."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs.matrix_shaping import shape_matrix
from adapters.processes.jobs.spending import add_up_spending
from core.ports.analyses import FigureFault
from core.ports.workbooks import SheetFault
from tests.support.workbooks import number, row, sheet, text, workbook

EXAMPLE = "100,150,200\n200,250,300\n50,75,100\n500,600,700\n"


def matrix(folder: Path, text: str, top: int = 3) -> dict[str, Any]:
    source = folder / "matrix.csv"
    source.write_text(text, encoding="utf-8")
    return shape_matrix({"source": str(source), "top": top})


def spending(folder: Path, text: str, top: int = 5) -> dict[str, Any]:
    source = folder / "sales.csv"
    source.write_text(text, encoding="utf-8")
    return add_up_spending({"source": str(source), "top": top})


# ---------------------------------------------------------------- matrices


def test_a_matrix_is_added_up_along_both_sides_and_its_largest_rows_are_named(tmp_path: Path) -> None:
    found = matrix(tmp_path, EXAMPLE)
    assert found["totals"] == ["450", "750", "225", "1800"]
    assert found["by_column"] == ["850", "1075", "1300"]
    assert found["total"] == "3225"
    assert list(map(Decimal, found["averages"])) == [150, 250, 75, 600]
    assert found["largest"] == [3, 1, 0]
    assert found["scaled"] == [[0.0, 0.5, 1.0]] * 4


def test_a_constant_row_is_scaled_to_nothing(tmp_path: Path) -> None:
    assert matrix(tmp_path, "7,7,7\n1,2,3\n")["scaled"] == [[0.0, 0.0, 0.0], [0.0, 0.5, 1.0]]


def test_equal_rows_stay_in_their_order(tmp_path: Path) -> None:
    assert matrix(tmp_path, "1,2\n2,1\n3,0\n")["largest"] == [0, 1, 2]


def test_decimals_are_exact(tmp_path: Path) -> None:
    found = matrix(tmp_path, "0.1,0.2\n0.0001,1234567890123456.7\n")
    assert found["totals"] == ["0.3", "1234567890123456.7001"]


def test_missing_values_are_counted_and_count_as_nothing(tmp_path: Path) -> None:
    found = matrix(tmp_path, "product,mon,tue\nTea,1.5,\nCup,n/a,2\n")
    assert (found["missing"], found["totals"]) == (2, ["1.5", "2"])


@pytest.mark.parametrize(
    ("text", "names", "columns"),
    [
        ("1,2\n3,4\n", ["Product 1", "Product 2"], ["Day 1", "Day 2"]),
        ("mon,tue\n3,4\n", ["Product 1"], ["mon", "tue"]),
        ("product;mon;tue\n17;3;4\n", ["17"], ["mon", "tue"]),
        ("sku,2010,2011\n17,3,4\n", ["17"], ["2010", "2011"]),
        ("Tea,3,4\nCup,5,6\n", ["Tea", "Cup"], ["Day 1", "Day 2"]),
        (",mon,tue\nTea,3,4\n", ["Tea"], ["mon", "tue"]),
        ('"Tea, green","1,000",4\n', ["Tea, green"], ["Day 1", "Day 2"]),
    ],
)
def test_names_and_headings_are_told_from_numbers(
    tmp_path: Path, text: str, names: list[str], columns: list[str]
) -> None:
    found = matrix(tmp_path, text)
    assert (found["names"], found["columns"]) == (names, columns)


def test_cells_of_one_place_are_added_up_and_an_empty_row_stays() -> None:
    cells = [[0, 0, "1.1"], [0, 0, "2"], [0, 2, "-5"]]
    found = shape_matrix({"rows": ["A", "B"], "columns": ["x", "y", "z"], "cells": cells, "top": 1})
    assert found["values"] == [["3.1", "0", "-5"], ["0", "0", "0"]]
    assert (found["largest"], found["missing"]) == ([1], 0)


numbers = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4)


@settings(max_examples=40)
@given(st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=1)))
def test_sums_agree_along_both_sides_and_scaled_rows_lie_within_their_ends(rows: list[list[Decimal]]) -> None:
    cells = [[place, column, str(value)] for place, row in enumerate(rows) for column, value in enumerate(row)]
    asked = {"rows": [str(place) for place in range(len(rows))], "columns": [str(c) for c in range(len(rows[0]))]}
    found = shape_matrix({**asked, "cells": cells, "top": 2})
    total = sum(map(sum, rows))
    assert Decimal(found["total"]) == total == sum(map(Decimal, found["totals"]))
    assert all(0.0 <= value <= 1.0 for row in found["scaled"] for value in row)
    assert all(len(set(row)) > 1 or set(scaled) == {0.0} for row, scaled in zip(rows, found["scaled"], strict=True))


# ---------------------------------------------------------------- spending

SAMPLE = """customer_id,customer_name,amount_spent,transaction_date
1,John Doe,100.50,2024-01-15
2,Jane Smith,200.75,2024-01-16
3,Bob Johnson,150.00,2024-01-17
1,John Doe,50.00,2024-01-17
2,Jane Smith,75.00,2024-01-18
4,Alice Brown,120.00,2024-01-18
"""


def test_what_each_customer_spent_is_added_up_the_largest_first(tmp_path: Path) -> None:
    found = spending(tmp_path, SAMPLE)
    assert [(code, amount) for code, _, _, amount in found["spenders"]] == [
        ("2", "275.75"),
        ("1", "150.50"),
        ("3", "150.00"),
        ("4", "120.00"),
    ]
    assert [code for code, *_ in spending(tmp_path, SAMPLE, top=2)["spenders"]] == ["2", "1"]


def test_a_line_that_is_wholly_equal_counts_once_and_a_missing_amount_as_nothing(tmp_path: Path) -> None:
    more = "1,John Doe,50.00,2024-01-17\n5,Eve,,2024-01-18\n,,9.99,2024-01-19\n"
    found = spending(tmp_path, SAMPLE + more)
    assert (found["repeated"], found["missing"], found["lines"], found["customers"]) == (1, 1, 8, 5)
    assert found["total"] == "706.24"
    assert found["spenders"][-2:] == [["5", "Eve", 1, "0"], ["", "", 1, "9.99"]]


def test_lines_of_an_invoice_come_to_pieces_times_price(tmp_path: Path) -> None:
    lines = "InvoiceNo,Quantity,UnitPrice,CustomerID\n1,6,2.55,17850.0\n1,-1,4.50,17850\n2,1,0.1,\n"
    found = spending(tmp_path, lines)
    assert [(code, amount) for code, _, _, amount in found["spenders"]] == [("17850", "10.80"), ("", "0.1")]


# ---------------------------------------------------------------- what is wrong with a file


@pytest.mark.parametrize(
    ("read", "text", "reason", "details"),
    [
        (matrix, "a,b\n1,2\n3\n", FigureFault.RAGGED, {"line": 3, "cells": 1, "columns": 2}),
        (matrix, "a,b\n1,2\n1,x\n", FigureFault.NOT_A_NUMBER, {"line": 3, "column": "b", "value": "x"}),
        (matrix, "product,mon\n", FigureFault.NONE, {}),
        (matrix, '1,"2\n', "file_unclosed_quote", {"line": 1}),
        (spending, "customer_id,when\n1,2\n", FigureFault.NO_COLUMN, {"name": "amount_spent"}),
        (spending, "amount_spent\n1\n", FigureFault.NO_COLUMN, {"name": "customer_id"}),
        (spending, "customer_id,amount_spent\n", FigureFault.NONE, {}),
        (spending, SAMPLE + "9,Eve,12 EUR,2024-01-18\n", FigureFault.NOT_A_NUMBER, {"line": 8, "value": "12 EUR"}),
    ],
)
def test_a_damaged_file_is_refused_with_the_line_or_the_name(
    tmp_path: Path, read: Any, text: str, reason: str, details: dict[str, object]
) -> None:
    with pytest.raises(JobRefusedError) as refused:
        read(tmp_path, text)
    assert refused.value.reason == reason
    assert refused.value.details | details == refused.value.details


# ---------------------------------------------------------------- workbooks


def sheet_of(*rows: tuple[str, ...]) -> bytes:
    """A workbook of such cells; those that are digits are numbers, and empty ones are not there."""
    found = []
    for line, cells in enumerate(rows, 1):
        placed = [(f"{chr(65 + place)}{line}", cell) for place, cell in enumerate(cells) if cell]
        found.append(row(line, *(number(*one) if one[1].replace(".", "").isdigit() else text(*one) for one in placed)))
    return workbook(sheet(*found))


def test_a_sheet_tells_what_the_same_rows_of_a_text_tell(tmp_path: Path) -> None:
    source = tmp_path / "figures"
    source.write_bytes(sheet_of(("product", "mon", "tue"), ("Tea", "1.5", ""), ("Cup", "0.1", "2")))
    assert shape_matrix({"source": str(source), "top": 3}) == matrix(tmp_path, "product,mon,tue\nTea,1.5,\nCup,0.1,2\n")
    source.write_bytes(sheet_of(("customer_id", "amount_spent"), ("17850", "1.5"), ("17850", "1.5"), ("7", "0.1")))
    assert add_up_spending({"source": str(source), "top": 5}) == spending(
        tmp_path, "customer_id,amount_spent\n17850.0,1.5\n17850.0,1.5\n7,0.1\n"
    )


def test_what_is_wrong_in_a_sheet_is_told_with_its_row(tmp_path: Path) -> None:
    source = tmp_path / "figures"
    source.write_bytes(sheet_of(("product", "mon"), ("Tea", "1"), ("Cup", "many")))
    with pytest.raises(JobRefusedError) as refused:
        shape_matrix({"source": str(source), "top": 3})
    assert (refused.value.reason, refused.value.details["line"]) == (FigureFault.NOT_A_NUMBER, 3)
    source.write_bytes(sheet_of(("1", "2"))[:-40])
    with pytest.raises(JobRefusedError) as refused:
        shape_matrix({"source": str(source), "top": 3})
    assert refused.value.reason == SheetFault.DAMAGED
