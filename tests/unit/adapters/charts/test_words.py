"""Values of charts in words, and charts as tables and as data."""

from math import inf, nan

import pytest

from adapters.charts.data import chart_data, chart_table
from adapters.charts.words import axis_words, value_words
from tests.support.charts import chart


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1234567.0, "tasks", "1,234,567"),
        (1234.5, "GBP", "1,234.50"),
        (-0.004, "GBP", "-0.00"),
        (1234.5, "JPY", "1,234"),
        (1234.5, "KWD", "1,234.500"),
        (0.125, "", "0.125"),
        (-0.0, "", "0"),
        (0.00001, "kg", "1e-05"),
        (2e15, "GBP", "2e+15"),
        (nan, "GBP", "–"),
        (inf, "", "–"),
    ],
)
def test_a_value_reads_as_people_write_it(value: float, unit: str, words: str) -> None:
    assert value_words(value, unit) == words


def test_an_axis_says_what_it_is_and_in_what_once() -> None:
    assert axis_words("Sales", "GBP") == "Sales (GBP)"
    assert axis_words("Tasks", "tasks") == "Tasks"
    assert axis_words("Tasks done", "tasks") == "Tasks done"
    assert axis_words("Amount", "a") == "Amount (a)"
    assert axis_words("", "kg") == "kg"


def test_as_data_only_numbers_are_left() -> None:
    data = chart_data(chart("line", ("a", "b"), (1.5, nan)))
    assert data["series"] == [{"name": "Series 0", "values": [1.5, None]}]


def test_as_a_table_it_has_a_row_for_each_label_however_many_values_there_are() -> None:
    table = chart_table(chart("bar", ("a", "b"), (1.0, 2.0), (3.0,)))
    assert [row.cells for row in table.rows] == [("a", "1.00", "3.00"), ("b", "2.00")]
