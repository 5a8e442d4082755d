"""`/report …` as people type it, through the whole application."""

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.commands import load_area
from bot.commands.reports.declaring import REPORTS
from core.chat.reply import Reply, Visibility
from core.chat.request import Attachment, Platform, UserRef
from core.chat.text import plain
from core.files.service import file_key
from core.sales.figures import By
from core.sales.model import SaleLine
from core.sales.repository import SALES
from tests.unit.bot.stage import BACK, Stage, done, field_of, staged

TODAY = date(2026, 11, 20)
"""That of the tests' clock, a Friday."""

LINE = SaleLine(TODAY, Decimal(10), Decimal(1), Decimal(10), "EUR", "import", digest="0")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        await made.type("/user whoami")
        yield made


def sold(amount: str, *, days: int = 0, **fields: str) -> SaleLine:
    """A line of so many days before today."""
    return replace(LINE, amount=Decimal(amount), business_date=TODAY - timedelta(days=days), **fields)  # type: ignore[arg-type]


async def given(stage: Stage, *lines: SaleLine) -> None:
    async with stage.parts.storage.workspace(1).write() as work:
        work.of(SALES).add(lines)
        await work.commit()


def said(reply: Reply) -> str:
    assert reply.problem is None, reply.problem
    return plain(reply.text)


def rows(reply: Reply) -> list[tuple[object, ...]]:
    assert reply.problem is None, reply.problem
    return [row.cells for table in reply.tables for row in table.rows]


def columns(reply: Reply) -> Sequence[str]:
    return [column.key for column in reply.tables[0].columns]


def refused(reply: Reply) -> tuple[str | None, str]:
    assert reply.problem is not None, reply
    return reply.problem.field, reply.problem.message


async def test_the_report_on_tasks_counts_those_done_in_its_channel(stage: Stage) -> None:
    for line in ("/task add Buy milk", "/task add Bake due:2001-01-01", "/task add Sweep", "/task done 1 2"):
        await stage.type(line)
    await stage.type("/task add Elsewhere", channel=BACK)
    await stage.type("/task done 4", channel=BACK)
    reply = await stage.type("/report tasks")
    assert said(reply).splitlines() == [
        "2 tasks done 28 Sep – 20 Nov 2026, 2 more than 5 Aug – 27 Sep 2026 (0); 1 late (50 %).",
        "Days are those of Europe/Berlin.",
    ]
    assert rows(reply)[-1] == ("2026-11-16", 2, 1, 50.0)
    assert len(rows(reply)) == 8
    assert reply.charts[0].kind == "stacked"
    assert reply.visibility is Visibility.CHANNEL


async def test_what_was_done_is_told_for_any_days_by_any_span(stage: Stage) -> None:
    await stage.type("/task add Buy milk")
    assert (await stage.type("/report tasks")).is_empty
    await stage.type("/task done 1")
    assert rows(await stage.type("/report tasks all")) == [("2026-11-20", 1, 0, 0.0)]
    assert rows(await stage.type("/report tasks 2026 by:month"))[-2:] == [
        ("2026-11", 1, 0, 0.0),
        ("2026-12", 0, 0, None),
    ]
    assert len(rows(await stage.type("/report tasks this week by:day"))) == 5
    assert rows(await stage.type("/report tasks oct to nov 2026")) != []
    at, words = refused(await stage.type("/report tasks 2020 to 2026 by:day"))
    assert (at, "more than 400" in words) == ("by", True)


async def test_the_report_on_tasks_of_all_channels_is_for_the_asker_alone(stage: Stage) -> None:
    reply = await stage.type("/report tasks channel:all")
    assert reply.visibility is Visibility.PRIVATE


# ---------------------------------------------------------------- sales


async def test_sales_are_told_by_day_against_the_range_before(stage: Stage) -> None:
    await given(stage, sold("20", days=1), sold("30"), sold("-5"), sold("40", days=8))
    reply = await stage.type("/report sales last 7 days")
    assert said(reply).splitlines() == [
        "Sales 14–20 Nov 2026: 45.00 EUR from 3 lines, 2 days, 12.5 % more than 7–13 Nov 2026 (40.00 EUR). "
        "The largest: 20 Nov 2026, 25.00 EUR (55.6 %).",
        "Days are those of Europe/Berlin.",
    ]
    assert columns(reply) == ["day", "amount", "change", "percent", "quantity", "lines"]
    assert rows(reply) == [("2026-11-19", "20.00", "20.00", None, 1, 1), ("2026-11-20", "25.00", "5.00", 25.0, 2, 2)]
    assert {field.key: field.value for field in reply.fields} == {
        "total": "45.00", "before": "40.00", "change": "5.00", "percent": 12.5, "lines": 3,
    }  # fmt: skip
    assert reply.visibility is Visibility.CHANNEL


async def test_no_part_is_told_as_more_than_the_whole(stage: Stage) -> None:
    await given(stage, sold("30", days=1), sold("-15"))
    assert "The largest: 19 Nov 2026, 30.00 EUR." in said(await stage.type("/report sales last 7 days"))


async def test_a_report_draws_what_its_table_has(stage: Stage) -> None:
    await given(stage, sold("20", days=1), sold("30"))
    reply = await stage.type("/report sales last 7 days by:day")
    (chart,) = reply.charts
    assert (chart.labels, chart.series[0].values, chart.unit) == (("19 Nov", "20 Nov"), (20.0, 30.0), "EUR")
    assert chart.summary in said(reply)
    assert chart.caption == "14–20 Nov 2026, days of Europe/Berlin"
    assert chart.title == reply.tables[0].title


@pytest.mark.parametrize(
    ("asked", "axis", "labels"),
    [
        ("last 30 days by:day", "Day", ("8 Nov", "20 Nov")),
        ("last 30 days by:week", "Week of", ("2 Nov", "16 Nov")),
        ("2025-12 to 2026-12 by:week", "Week of", ("22 Dec 2025", "16 Nov 2026")),
        ("all by:month", "Month", ("Dec 2025", "Nov 2026")),
    ],
)
async def test_labels_of_a_chart_say_only_what_its_axis_and_title_do_not(
    stage: Stage, asked: str, axis: str, labels: tuple[str, str]
) -> None:
    await given(stage, sold("20", days=330), sold("30"), sold("1", days=12))
    (chart,) = (await stage.type(f"/report sales {asked}")).charts
    assert (chart.label_axis, (chart.labels[0], chart.labels[-1])) == (axis, labels)


async def test_many_days_are_shown_by_week_and_more_by_month(stage: Stage) -> None:
    await given(stage, sold("20", days=400), sold("30"), sold("1", days=19))
    assert rows(await stage.type("/report sales 2025-10 to 2026-11"))[0][0] == "2025-10"
    assert [row[0] for row in rows(await stage.type("/report sales oct 2026 to nov 2026"))] == [
        "2026-10-26",
        "2026-11-02",
        "2026-11-09",
        "2026-11-16",
    ]


async def test_a_span_that_is_cut_compares_with_nothing(stage: Stage) -> None:
    await given(stage, *(sold("7", days=days) for days in (0, 4, 11, 18, 19)))
    reply = await stage.type("/report sales from:2026-11-01 by:week")
    assert [(row[0], row[2]) for row in rows(reply)] == [
        ("2026-10-26", None),
        ("2026-11-02", "0.00"),
        ("2026-11-09", "0.00"),
        ("2026-11-16", None),
    ]


async def test_currencies_are_never_added_up(stage: Stage) -> None:
    await given(stage, sold("20"), sold("30"), sold("7", currency="USD"))
    reply = await stage.type("/report sales today")
    assert "Sales Fri 20 Nov 2026: 50.00 EUR from 2 lines, 1 day" in said(reply)
    assert "Sales Fri 20 Nov 2026: 7.00 USD from 1 line, 1 day" in said(reply)
    assert [row[:3] for row in rows(reply)] == [("2026-11-20", "EUR", "50.00"), ("2026-11-20", "USD", "7.00")]
    assert {field.key: field.value for field in reply.fields} | {"total_eur": "50.00", "total_usd": "7.00"} == {
        field.key: field.value for field in reply.fields
    }
    assert [chart.unit for chart in reply.charts] == ["EUR", "USD"]


async def test_every_digit_that_is_kept_is_told(stage: Stage) -> None:
    await given(stage, sold("0.0001"), sold("0.1"), sold("123456789.5"))
    reply = await stage.type("/report sales all")
    assert rows(reply)[0][1] == "123456789.6001"
    assert "123,456,789.6001 EUR" in said(reply)


async def test_where_nothing_was_sold_the_answer_says_so_and_is_empty(stage: Stage) -> None:
    assert said(await stage.type("/report sales")) == "No sales yet. /report import brings them in from a file."
    await given(stage, sold("20"))
    reply = await stage.type("/report sales from 3 nov to 9 nov")
    assert said(reply) == "No sales 3–9 Nov 2026. The last were on 20 Nov 2026; try range:2026-11."
    assert reply.is_empty
    assert not reply.charts
    assert not (await stage.type("/report sales today")).is_empty


async def test_products_come_with_their_shares_and_by_pieces_where_that_is_asked(stage: Stage) -> None:
    tea = sold("30", product="T1", product_name="Tea")
    some = replace(tea, amount=Decimal(10), quantity=Decimal("2.5"))
    await given(stage, tea, sold("60", product="C9"), some)
    reply = await stage.type("/report products")
    assert rows(reply) == [("C9", None, "60.00", 60.0, 1, 1), ("T1", "Tea", "40.00", 40.0, 3.5, 2)]
    by_pieces = await stage.type("/report products 1 by:quantity")
    assert [row[0] for row in rows(by_pieces)] == ["T1"]
    assert "Most pieces: T1 Tea, 3.5." in said(by_pieces)


async def test_who_spends_most_comes_first_and_what_has_no_customer_is_said(stage: Stage) -> None:
    lines = [sold("5", customer="7"), sold("9", customer="8", customer_name="Ann"), sold("3", customer="9")]
    await given(stage, *lines, sold("100"))
    reply = await stage.type("/report top-customers 2")
    assert [row[:3] for row in rows(reply)] == [
        ("8", "Ann", "9.00"),
        ("7", None, "5.00"),
        ("no customer", None, "100.00"),
    ]
    assert "100.00 EUR has no customer." in said(reply)
    assert "no customer" not in reply.charts[0].labels
    assert plain(reply.tables[0].note) == "The 2 largest of 3 customers."
    assert reply.charts[0].caption == "All days, days of Europe/Berlin; the 2 largest of 3 customers"


async def test_a_number_before_the_days_is_how_many_rows_are_meant(stage: Stage) -> None:
    await given(stage, *(sold("5", customer=one, days=int(one)) for one in "1234"))
    assert len(rows(await stage.type("/report top-customers 3 last 2 days"))) == 1
    assert len(rows(await stage.type("/report top-customers 3"))) == 3
    assert (await stage.type("/report top-customers 2026")).title == "Top customers, 2026"
    assert (await stage.type("/report top-customers 20261101")).title == "Top customers, Sun 1 Nov 2026"
    assert len(rows(await stage.type("/report top-customers 5,000 last 2 days"))) == 1


@pytest.mark.parametrize("report", ["top-customers", "products"])
async def test_a_number_that_is_none_of_rows_is_told_as_one(stage: Stage, report: str) -> None:
    counts = {"0": "0", "-5": "-5", "\u22125": "-5", "1000000": "1,000,000", "10,001 ytd": "10,001"}
    for typed, shown in counts.items():
        said_of_it = f"`top` is a number from 1 to 10,000, not {shown}."
        assert refused(await stage.type(f"/report {report} {typed}")) == ("top", said_of_it)


async def test_customers_are_named_in_a_channel_for_managers_only(stage: Stage) -> None:
    await given(stage, sold("5", customer="7"))
    asked = ("/report top-customers", "/report sales by:customer")
    assert {(await stage.type(line)).visibility for line in asked} == {Visibility.CHANNEL}
    await stage.type("/user whoami", by="ann")
    assert {(await stage.type(line, by="ann")).visibility for line in asked} == {Visibility.PRIVATE}
    assert (await stage.type("/report sales by:product", by="ann")).visibility is Visibility.CHANNEL


def test_a_report_says_whether_it_names_customers() -> None:
    assert REPORTS["top-customers"].report.names_customers({})
    assert REPORTS["sales"].report.names_customers({"by": By.CUSTOMER})
    assert not REPORTS["sales"].report.names_customers({"by": By.PRODUCT})
    assert not REPORTS["products"].report.names_customers({})


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        ("/report sales last weak", "range", "“last weak” as a range of days"),
        ("/report sales from:2010-02-30", "from", "There is no 2010-02-30"),
        ("/report sales to:03/12/2010", "to", "more than one way"),
        ("/report sales from:2011 to:2010", "from", "2011-01-01 to 2010-12-31 ends before it begins"),
        ("/report sales today from:2010", "range", "given twice"),
        ("/report sales last 99999 days", "range", "too far away"),
        ("/report products top:0", "top", "from 1 to 10,000"),
        ("/report sales by:weekday", "by", "can't be “weekday”"),
    ],
)
async def test_what_cannot_be_asked_is_refused_in_words(stage: Stage, line: str, field: str, message: str) -> None:
    at, words = refused(await stage.type(line))
    assert at == field
    assert message in words


async def test_who_forgets_the_colon_is_told(stage: Stage) -> None:
    reply = await stage.type("/report sales last week by month")
    assert reply.problem is not None
    assert reply.problem.hint == "Write `by:month`, with a colon."


async def test_days_are_those_of_the_workspace_and_weeks_begin_as_where_the_reader_is(stage: Stage) -> None:
    await given(stage, sold("1"), sold("2", days=5), sold("4", days=6))
    assert said(await stage.type("/report sales this week")).startswith("Sales 16–20 Nov 2026: 1.00 EUR")
    await stage.type("/qm settings zone:Pacific/Kiritimati")
    there: dict[str, Any] = {"platform": Platform.SLACK, "user": UserRef("U1", "Ann", locale="en-US")}
    reply = await stage.type("/report sales this week", **there)
    assert said(reply).startswith("Sales 15–20 Nov 2026: 3.00 EUR")
    assert "Days are those of Pacific/Kiritimati." in said(reply)


# ---------------------------------------------------------------- matrices and files


def attached(text: str) -> Attachment:
    async def pieces() -> AsyncIterator[bytes]:
        yield text.encode()

    return Attachment("figures.csv", "text/csv", len(text), pieces)


async def with_file(stage: Stage, line: str, text: str) -> Reply:
    request = replace(stage.request(line), attachments=(attached(text),))
    return await stage.product.application.handle(request)


async def test_products_are_laid_out_by_days_beside_all_others(stage: Stage) -> None:
    tea = [sold("10", product="T1", product_name="Tea", days=days) for days in (1, 1, 0)]
    await given(stage, *tea, sold("5", product="C9", days=1), sold("2", product="M3"), sold("1"))
    reply = await stage.type("/report matrix last 7 days top:2 scaled:yes")
    assert columns(reply) == ["product", "name", "2026-11-19", "2026-11-20", "total", "average"]
    assert [row.cells for row in reply.tables[0].rows] == [
        ("T1", "Tea", "20.00", "10.00", "30.00", "15.00"),
        ("C9", None, "5.00", "0.00", "5.00", "2.50"),
        ("all others", None, "0.00", "3.00", "3.00", "1.50"),
        ("All", None, "25.00", "13.00", "38.00", "19.00"),
    ]
    assert [row.cells for row in reply.tables[1].rows] == [("T1", "Tea", 1.0, 0.0), ("C9", None, 1.0, 0.0)]
    assert "Sales 14–20 Nov 2026: 38.00 EUR. The largest: T1 Tea (30.00 EUR) and C9 (5.00 EUR)." in said(reply)
    assert "Averages are over the 2 days with sales." in said(reply)
    (chart,) = reply.charts
    assert (chart.kind, chart.by_row, chart.unit, len(chart.series)) == ("heat", True, "EUR", 2)
    assert chart.summary in said(reply)
    assert chart.caption.startswith("14–20 Nov 2026, days of Europe/Berlin; colours run from the least")
    assert (await stage.type("/report matrix 2010")).is_empty


async def test_the_scaled_rows_of_a_matrix_come_where_they_are_asked_for_and_in_a_file(stage: Stage) -> None:
    await given(stage, *(sold("10", product="T1", days=days) for days in (1, 1, 0)), sold("1"))
    assert [table.title for table in (await stage.type("/report matrix")).tables] == ["Products by day, all days"]
    assert [chart.kind for chart in (await stage.type("/report matrix")).charts] == ["heat"]
    written = (await content_of(stage, await stage.type("/report export matrix"))).decode().splitlines()
    assert written == [
        "product,name,2026-11-19,2026-11-20,total,average,scaled 2026-11-19,scaled 2026-11-20",
        "T1,,20.00,10.00,30.00,15.00,1.0,0.0",
        "all others,,0.00,1.00,1.00,0.50,,",
        "All,,20.00,11.00,31.00,15.50,,",
    ]
    of_file = await with_file(stage, "/report matrix scaled:yes", "100,150,200\n5,5,5\n")
    assert [row.cells[1:] for row in of_file.tables[1].rows] == [(0.0, 0.5, 1.0), (0.0, 0.0, 0.0)]


@pytest.mark.parametrize("word", ["top", "n", "rows"])
async def test_every_report_takes_one_word_for_how_many_and_understands_what_it_was_before(
    stage: Stage, word: str
) -> None:
    await given(stage, *(sold("1", product=f"P{place}", customer=f"C{place}") for place in range(4)))
    for report, those in {
        "sales by:product": ["P0", "P1"],
        "products": ["P0", "P1"],
        "top-customers": ["C0", "C1"],
        "matrix": ["P0", "P1", "all others", "All"],
    }.items():
        reply = await stage.type(f"/report {report} {word}:2")
        assert [row.cells[0] for row in reply.tables[0].rows] == those, report
        assert (await stage.type(f"/report export {report.split()[0]} {word}:2")).ok


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("/report sales last week", "/report sales 2026-11"),
        ("/report sales last week by:product top:3", "/report sales 2026-11 by:product top:3"),
        ("/report products from:2020 to:2020 by:quantity", "/report products 2026-11 by:quantity"),
        ("/report top-customers 2010", "/report top-customers 2026-11"),
        ("/report matrix 2010 by:month", "/report matrix 2026-11 by:month"),
    ],
)
async def test_where_nothing_was_sold_it_says_when_something_last_was(stage: Stage, line: str, again: str) -> None:
    await given(stage, sold("3", days=1), sold("1", days=0, currency="USD"))
    reply = await stage.type(line)
    assert reply.is_empty
    assert said(reply).endswith(". The last were on 20 Nov 2026; try range:2026-11.")
    [action] = reply.actions
    assert (action.label, action.command) == ("Show Nov 2026", again)
    shown = await stage.press(action)
    assert shown.problem is None, shown.problem
    assert shown.tables


async def test_a_matrix_in_a_file_is_looked_at_and_not_taken_in(stage: Stage) -> None:
    reply = await with_file(stage, "/report matrix", "100,150,200\n200,250,300\n50,75,100\n500,600,700\n")
    assert [row.cells[-2:] for row in reply.tables[0].rows] == [
        (450, 150),
        (750, 250),
        (225, 75),
        (1800, 600),
        (3225, 1075),
    ]
    assert "The largest: Product 4 (1,800), Product 2 (750) and Product 1 (450)." in said(reply)
    assert said(await stage.type("/report sales")) == "No sales yet. /report import brings them in from a file."


@pytest.mark.parametrize(
    ("line", "at", "said_of"),
    [
        ("/report matrix last week", "range", "last week"),
        ("/report matrix by:month", "by", "month"),
        ("/report top-customers 5 dedupe:customer-day", "range", "dedupe:customer-day"),
        ("/report top-customers to:2010-12-31", "to", "2010-12-31"),
    ],
)
async def test_a_file_is_looked_at_whole(stage: Stage, line: str, at: str, said_of: str) -> None:
    reply = await with_file(stage, line, "customer_id,amount\n1,2\n")
    assert refused(reply) == (at, f"`{at}`: A file is looked at whole, so “{said_of}” can't be said of it.")


async def test_scripts_get_a_file_s_columns_by_its_headings_unless_they_would_not_tell_them_apart(stage: Stage) -> None:
    reply = await with_file(stage, "/report matrix", "product,mon,total,tue,tue\nTea,1,2,3,4\n")
    assert [column.key for column in reply.tables[0].columns] == ["row", "mon", "c2", "c3", "c4", "total", "average"]


async def test_values_that_a_file_lacks_are_counted(stage: Stage) -> None:
    assert "1 value is missing and counts as 0." in said(await with_file(stage, "/report matrix", "1,2\n3,\n"))


async def test_who_spends_most_is_told_of_a_file_too(stage: Stage) -> None:
    lines = "customer_id,customer_name,amount_spent\n1,Ann,5.50\n1,Ann,5.50\n2,Ben,\n,,3\n"
    reply = await with_file(stage, "/report top-customers 1", lines)
    assert rows(reply) == [("1", "Ann", "5.50", 1), ("no customer", None, "3.00", 1)]
    assert said(reply).splitlines() == [
        "8.50 in all from 3 lines, 2 customers. The largest: 1 Ann (5.50).",
        "1 line equal to one before counted once.",
        "1 amount missing, counted as 0.",
        "3.00 has no customer.",
    ]
    assert refused(await with_file(stage, "/report top-customers", "customer_id,when\n1,2\n")) == (
        "file",
        "That file has no column `amount_spent`, only `customer_id` and `when`.",
    )
    assert "Line 2" in refused(await with_file(stage, "/report top-customers", "customer_id,amount\n1,x\n"))[1]
    assert "That file is empty." in refused(await with_file(stage, "/report matrix", ""))[1]


# ---------------------------------------------------------------- files that come back


async def content_of(stage: Stage, reply: Reply) -> bytes:
    assert reply.problem is None, reply.problem
    (file,) = reply.files
    return b"".join([piece async for piece in stage.parts.files.read(file_key(1, file.id))])


async def test_any_report_is_exported_with_all_its_rows(stage: Stage) -> None:
    lines = [sold(f"{number}.50", product=f"P{number:02}", product_name="=1+1") for number in range(30)]
    await given(stage, *lines, sold("-3", product="R"))
    reply = await stage.type("/report export sales last 7 days by:product")
    assert reply.files[0].name == "sales-2026-11-20.csv"
    assert reply.visibility is Visibility.PRIVATE
    written = (await content_of(stage, reply)).decode().splitlines()
    assert written[:2] == ["product,name,amount,change,percent,quantity,lines", "P29,'=1+1,29.50,29.50,,1,1"]
    assert written[-1] == "R,,-3.00,-3.00,,1,1"
    assert len(written) == 32
    assert {field.key: field.value for field in reply.fields} == {"count": 31}
    few = await content_of(stage, await stage.type("/report export products top:2"))
    assert len(few.decode().splitlines()) == 3


async def test_a_workbook_has_numbers_and_days_as_such(stage: Stage) -> None:
    await given(stage, sold("12.50"))
    reply = await stage.type("/report export sales xlsx")
    book = load_workbook(io.BytesIO(await content_of(stage, reply)))
    assert list(book.active.values) == [  # type: ignore[union-attr]  # a book has a sheet
        ("day", "amount", "quantity", "lines"),
        (datetime(2026, 11, 20), 12.5, 1, 1),  # noqa: DTZ001 - a spreadsheet knows no zones
    ]


@pytest.mark.parametrize("name", sorted(REPORTS))
async def test_every_report_can_be_exported(stage: Stage, name: str) -> None:
    await given(stage, sold("1", product="A", customer="7"))
    lines = ("/task add Buy milk", "/task done 1", "/stock add Apples 5 2 sku:A reorder:9")
    await done(stage, *lines, "/order add A 1", "/order checkout", "/order pay 1")
    assert await content_of(stage, await stage.type(f"/report export {name}"))


async def test_what_a_report_does_not_take_is_refused_in_an_export(stage: Stage) -> None:
    at, words = refused(await stage.type("/report export top-customers by:product"))
    assert (at, words) == ("by", "The report `top-customers` takes no `by:`.")
    assert refused(await stage.type("/report export sales by:colour"))[0] == "by"
    assert refused(await stage.type("/report export weather"))[0] == "report"
    for kind in ("pdf", "PDF last month", "xls"):
        reply = await stage.type(f"/report export products {kind}")
        assert refused(reply) == ("format", f"`format`: There are no files of the kind “{kind.split()[0]}”.")
        assert reply.problem
        assert reply.problem.hint == "There are `csv` and `xlsx`: `/report export sales xlsx last month`."
    reply = await stage.type("/report export sales")
    assert (reply.files, reply.is_empty) == ((), True)


def test_what_an_area_declares_as_a_report_is_shown_with_those_of_all() -> None:
    (own,) = load_area("task").reports
    assert REPORTS[own.name].report is own
    assert REPORTS[own.name].command.info.name == f"report {own.name}"


@pytest.mark.parametrize(("currency", "shown"), [("KWD", "1,234.500"), ("JPY", "1,234.5"), ("EUR", "1,234.50")])
async def test_amounts_have_the_decimals_of_their_currency(stage: Stage, currency: str, shown: str) -> None:
    await given(stage, sold("1000", currency=currency), sold("234.5", currency=currency))
    told = await stage.type("/report sales today")
    assert f"{shown} {currency} from 2 lines" in said(told)
    assert field_of(told, "total") == shown.replace(",", "")
    whole = await stage.type("/report matrix today")
    assert rows(whole)[-1][-2] == shown.replace(",", "")
