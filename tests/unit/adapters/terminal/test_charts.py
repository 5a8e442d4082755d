"""Charts as lines of text."""

import pytest

from adapters.platforms.terminal import render_text
from adapters.platforms.terminal.charts import chart_lines
from adapters.platforms.terminal.layout import width
from core.chat.reply import Chart, Column, Reply, Row, Table
from tests.support.charts import DAYS, ODD, USUAL, chart


def test_bars_take_the_room_that_there_is_and_say_their_values() -> None:
    sales = chart("bar", ("1 Nov", "2 Nov", "3 Nov"), (1234.5, -617.25, 100.0))
    assert list(chart_lines(sales, 40)) == [
        "Sales (GBP):",
        f"1 Nov  {'█' * 23}  1,234.50",
        f"2 Nov  {'░' * 12}  -617.25",
        "3 Nov  █▉  100.00",
    ]
    assert list(chart_lines(sales, 20))[1] == "1 Nov  1,234.50"
    assert list(chart_lines(sales, None))[1] == f"1 Nov  {'#' * 30}  1,234.50"


def test_many_values_become_a_row_of_heights_with_its_ends_and_extremes() -> None:
    labels = tuple(f"day {number}" for number in range(1, 57))
    rising = chart("line", labels, tuple(map(float, range(56))), unit="")
    assert list(chart_lines(rising, 20))[1:] == ["▁▁▂▂▂▃▃▄▄▅▅▅▆▆▇▇███", "day 1 to day 56, least 0, most 55"]


def test_a_heat_map_has_a_shade_for_each_value() -> None:
    assert list(chart_lines(USUAL["heat by row"], 80))[-1] == "1 Nov to 30 Nov, · least, █ most of each row"
    assert list(chart_lines(chart("heat", DAYS[:3], (1.0, 2.0, 3.0), unit=""), 80)) == [
        "Sales:",
        "Series 0  ····▒▒▒▒████",
        "1 Nov to 3 Nov, · least, █ most",
    ]


@pytest.mark.parametrize("name", [*USUAL, *ODD])
@pytest.mark.parametrize("columns", [20, 60, 200, None])
def test_it_fits_whatever_it_is(name: str, columns: int | None) -> None:
    lines = list(chart_lines((USUAL | ODD)[name], columns))
    assert lines
    # Narrower than a label and its value nothing can be.
    if columns and columns >= 60:
        assert max(map(width, lines)) <= columns


def test_a_chart_of_what_a_table_says_is_drawn_where_there_is_room_and_its_sentence_is_said_once() -> None:
    table = Table(
        "Sales by day", (Column("day", "Day"), Column("amount", "Amount", "money")), (Row(("1 Nov", "2.00")),)
    )
    reply = Reply(text=("Sales by day: up. More.",), tables=(table,), charts=(chart("bar", ("1 Nov",), (2.0,)),))
    wide = render_text(reply, columns=80)
    assert "█" in wide
    assert wide.count("up.") == 1
    assert "1–30 Nov 2026 · Europe/London" in wide
    assert "█" not in render_text(reply, columns=50)
    assert "#" not in render_text(reply)


def test_nothing_is_not_drawn() -> None:
    nothing = Chart("Sales", "line", (), (), "No sales 3–9 Nov.")
    assert render_text(Reply(charts=(nothing,))) == "Sales\nNo sales 3–9 Nov.\n"
