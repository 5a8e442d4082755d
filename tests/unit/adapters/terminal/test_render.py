"""Replies as text of a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.platforms.terminal import document, render_text
from adapters.platforms.terminal.layout import width, wrap
from core.chat.reply import Action, Chart, Column, Field, Problem, Reply, Row, Series, Table
from core.chat.text import Bold, Code, text
from tests.unit.adapters.terminal.replies import COLUMNS, FORM, FULL, REFUSED

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


def test_shows_the_whole_reply() -> None:
    assert render_text(FULL) == (
        "Open tasks in general\n"
        "\n"
        "Added Buy milk for @Ana.\n"
        "See the list (https://shop.example/x) or /task list\n"
        "\n"
        "No.:      12\n"
        "Overdue:  yes\n"
        "Due:      Wed 1 May 09:30\n"
        "Total:    12.50\n"
        "Notes:    –\n"
        "\n"
        "No.  Title          Due                               For\n"
        "  9  Buy milk       Wed 1 May 2030 09:30 (UTC+02:00)  @Ana\n"
        " 10  牛乳を買う 🥛  Thu 2 May 2030                    –\n"
        " 11  Café           –                                 @Ana, @Ben\n"
        "3 of 3\n"
        "\n"
        "By priority\n"
        "high  ##############################  6\n"
        "low   ###############  3\n"
        "high 6, low 3.\n"
        "\n"
        "File: tasks.csv (text/csv, 12,345 bytes), stored as F1\n"
        "\n"
        "Undo: /qm undo U1\n"
        "Snooze, 20 minutes: /task snooze 9 in 20 min\n"
    )


def test_a_refusal_says_what_to_do_and_gives_its_reference() -> None:
    assert render_text(REFUSED) == "There is no task #99.\n`/task list` shows the open ones.\nReference: R1\n"


def test_a_form_becomes_the_arguments_to_type() -> None:
    assert render_text(FORM) == (
        "/task add takes:\n  title:       What has to be done\n  [priority:]  Priority (low, high) No such one.\n"
    )


def test_an_empty_reply_is_an_empty_line() -> None:
    assert render_text(Reply()) == "\n"


def test_small_print_comes_before_what_can_be_done() -> None:
    reply = Reply(text=("Sold.",), footer=("By Ann: ", Code("/x")), actions=(Action("Pause", "/x"),))
    assert render_text(reply) == "Sold.\n\nBy Ann: /x\n\nPause: /x\n"
    assert document(reply)["footer"] == "By Ann: /x"


def test_figures_of_a_column_have_as_many_decimal_places_each() -> None:
    columns = (
        Column("day", "Day"),
        Column("share", "%", "number"),
        Column("lines", "Lines", "number"),
        Column("amount", "Amount", "money"),
    )
    rows = (Row(("Mon", 3.6, 1200, "1234.5000")), Row(("Tue", 3, 7, "2.50")), Row(("Wed", None, 0.0, None)))
    assert render_text(Reply(tables=(Table("", columns, rows),))).splitlines() == [
        "Day    %  Lines      Amount",
        "Mon  3.6  1,200  1,234.5000",
        "Tue  3.0      7      2.5000",
        "Wed    –      0           –",
    ]


def test_numbers_have_their_thousands_apart_unless_they_name_something() -> None:
    columns = (Column("number", "#", "number"), Column("rows", "Rows", "number"), Column("rate", "Rate", "number"))
    reply = Reply(
        fields=(Field("number", "Number", 12345, "number"), Field("rows", "Rows", -60000, "number")),
        tables=(Table("", columns, (Row((12345, 60000, 1234.5)),)),),
    )
    told = render_text(reply).split()
    assert [word for word in told if "1" in word or "6" in word] == ["12345", "-60,000", "12345", "60,000", "1,234.5"]


def test_what_is_implied_is_for_scripts_alone() -> None:
    reply = Reply(fields=(Field("rows", "Rows", 3, "number"), Field("bad", "Bad", 0, "number", implied=True)))
    assert render_text(reply) == "Rows:  3\n"
    assert document(reply)["fields"] == {"rows": 3, "bad": 0}


def test_progress_is_told() -> None:
    assert render_text(Reply(title="Import", progress=0.255)) == "Import\n\n26% done\n"


def test_colours_only_where_asked_for() -> None:
    assert "\x1b" not in render_text(FULL)
    coloured = render_text(FULL, colours=True)
    assert "\x1b[1mOpen tasks in general\x1b[0m" in coloured
    assert "\x1b[31m  9  Buy milk" in coloured


def test_what_people_typed_can_not_command_the_terminal() -> None:
    hostile = "a\x1b]0;owned\x07b\x9b31mc\r\u202ed"
    table = Table(hostile, (Column("x", hostile),), (Row((hostile,)),))
    shown = render_text(
        Reply(title=hostile, text=text(Bold(hostile)), tables=(table,), problem=Problem("x", hostile, hostile))
    )
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(shown)
    assert "owned" in shown


def test_a_line_break_in_a_cell_does_not_break_its_row() -> None:
    table = Table("", (Column("a", "A"), Column("b", "B")), (Row(("one\ntwo", "x")),))
    assert render_text(Reply(tables=(table,))) == "A        B\none two  x\n"


def test_long_cells_wrap_within_the_screen_and_lose_nothing() -> None:
    title = "order the new labels for the jars of jam and marmalade"
    table = Table("", COLUMNS, (Row((1, title, "2030-05-01", "Ana")), Row((2, "x" * 70, None, "Ben"))))
    lines = render_text(Reply(tables=(table,)), columns=50).splitlines()
    assert max(map(width, lines)) <= 50
    assert len(lines) > 3
    assert "".join(lines).count("x") == 70
    assert [word for word in title.split() if word not in " ".join(lines)] == []


def test_a_table_too_wide_for_the_screen_becomes_records() -> None:
    columns = tuple(Column(f"c{number}", f"Column {number}") for number in range(10))
    table = Table("", columns, (Row(tuple("value of it" for _ in columns)), Row(tuple(range(10)))))
    lines = render_text(Reply(tables=(table,)), columns=40).splitlines()
    assert lines[0] == "Column 0  value of it"
    assert "Column 9  9" in lines


def test_a_table_without_rows_keeps_its_headings() -> None:
    assert render_text(Reply(tables=(Table("None", COLUMNS, ()),))) == "None\nNo.  Title  Due  For\n"


def test_a_chart_of_what_a_table_of_the_same_title_says_is_not_drawn() -> None:
    table = Table(
        "By priority", (Column("priority", "Priority"), Column("tasks", "Tasks", "number")), (Row(("high", 6)),)
    )
    charts = [Chart(name, "bar", ("high",), (Series("Open", (6.0,)),), "high 6.") for name in ("By priority", "By day")]
    reply = Reply(tables=(table,), charts=tuple(charts))
    assert render_text(reply) == (
        "By priority\nPriority  Tasks\nhigh          6\n\nBy day\nhigh  ##############################  6\nhigh 6.\n"
    )
    assert [chart["title"] for chart in document(reply)["charts"]] == ["By priority", "By day"]


def test_a_chart_of_zeros_and_with_several_series() -> None:
    flat = Chart("Flat", "line", ("a",), (Series("x", (0.0,)), Series("y", (0.0,))), "Nothing.")
    assert render_text(Reply(charts=(flat,)), columns=80) == "Flat\nx:\na  0\ny:\na  0\nNothing.\n"


@given(words, words, st.none() | st.integers(1, 120))
def test_takes_any_text(one: str, other: str, columns: int | None) -> None:
    table = Table(one, (Column("a", one), Column("b", other, "number")), (Row((other, one)), Row((1.5, None))))
    render_text(Reply(title=one, text=text(other), fields=(Field("f", one, other),), tables=(table,)), columns=columns)


@given(words, st.integers(2, 60))
def test_wrapping_keeps_every_letter_and_the_width(line: str, cells: int) -> None:
    wrapped = wrap(line, cells)
    assert "".join(wrapped).replace(" ", "") == line.replace(" ", "")
    assert all(width(part) <= cells for part in wrapped)


def test_letters_take_as_many_cells_as_they_do() -> None:
    assert [width(sample) for sample in ("abc", "牛乳", "e\u0301", "🥛", "❤\ufe0f", "👩\u200d🍳", "")] == [
        3,
        4,
        1,
        2,
        2,
        2,
        0,
    ]
