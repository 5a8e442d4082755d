"""`/report import` as people use it: a file dropped, buttons pressed."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.chat.reply import Reply
from core.chat.request import Attachment
from core.chat.text import plain
from core.files.service import file_key
from core.sales.model import SaleLine
from core.sales.repository import SALES
from tests.support.task_files import in_pieces
from tests.support.workbooks import sheet, texts, workbook
from tests.unit.bot.stage import Stage, button

DATA = Path(__file__).parents[2] / "data"
SAMPLE = (DATA / "sales_sample.csv").read_bytes()
MIXED = b"date,amount\n2026-01-02,5\n2026-01-03,many\nsoon,5\n"


async def drop(
    stage: Stage, content: bytes, line: str = "/report import", name: str = "sales.csv", by: str = "owner"
) -> Reply:
    """Type a line with a file attached to it."""
    attachment = Attachment(name, "", len(content), lambda: in_pieces(content))
    return await stage.product.application.handle(replace(stage.request(line, by), attachments=(attachment,)))


async def lines_of(stage: Stage) -> list[SaleLine]:
    """Every sale line."""
    async with stage.parts.storage.workspace(1).read() as work:
        return [line async for some in work.of(SALES).between(date.min, date.max) for line in some]


def said(reply: Reply) -> list[str]:
    assert reply.problem is None, reply.problem
    return plain(reply.text).splitlines()


def figures(reply: Reply) -> dict[str, object]:
    return {field.key: field.value for field in reply.fields}


async def test_four_days_of_a_shop_are_imported_each_line_once(stage: Stage) -> None:
    for path in sorted((DATA / "retail").glob("*.csv")):
        said(await drop(stage, path.read_bytes(), "/report import mode:good", path.name))
    lines = await lines_of(stage)
    assert len(lines) == 9_937
    assert sum(line.amount for line in lines) == Decimal("181088.89")
    first = next(line for line in lines if line.reference == "536365" and line.product == "85123A")
    assert (first.business_date, first.quantity, first.price) == (date(2010, 12, 1), Decimal(6), Decimal("2.55"))
    assert (first.customer, first.country, first.currency) == ("17850", "United Kingdom", "EUR")
    assert first.sold_at is not None
    assert first.sold_at.isoformat() == "2010-12-01T07:26:00+00:00"
    again = await drop(stage, (DATA / "retail" / "2010-12-05.csv").read_bytes(), "/report import mode:good")
    assert said(again)[0] == "Nothing was imported: every valid row is here already."
    assert len(await lines_of(stage)) == 9_937


async def test_a_file_is_checked_imported_and_taken_back_by_buttons(stage: Stage) -> None:
    checked = await drop(stage, SAMPLE)
    assert said(checked)[:3] == ["Nothing is imported yet.", "6 rows: 6 would be new.", "696.25 EUR in all."]
    assert figures(checked)["amount"] == "696.25"
    assert await lines_of(stage) == []
    done = await stage.press(button(checked, "Import 6 rows"))
    assert said(done)[0] == "Owner imported sales.csv."
    assert len(await lines_of(stage)) == 6
    undone = await stage.press(button(done, "Undo"))
    assert said(undone) == ["Import undone: 6 imported sale lines removed."]
    assert await lines_of(stage) == []


async def test_amounts_of_different_currencies_are_never_added(stage: Stage) -> None:
    lines = b"date,amount,customer,currency\n2026-01-02,3,Ann,eur\n2026-01-03,5,,USD\n2026-01-04,4.50,Ben,\n"
    checked = await drop(stage, lines)
    assert said(checked)[2] == "7.50 EUR and 5.00 USD in all."
    shown = figures(checked)
    assert (shown["amount_eur"], shown["amount_usd"], shown["nameless-amount"]) == ("7.50", "5.00", "5.00")
    # What one of them has of it already is not told again.
    said(await drop(stage, lines[: lines.index(b"2026-01-03")], "/report import mode:good"))
    assert said(await drop(stage, lines[: lines.rindex(b"2026-01-04")]))[2] == "5.00 USD in all."


async def test_what_an_import_did_not_bring_stays_when_it_is_taken_back(stage: Stage) -> None:
    said(await drop(stage, SAMPLE, "/report import mode:good"))
    second = await drop(stage, SAMPLE + b"5,Eve,1,2024-01-19\n", "/report import mode:good")
    assert said(second)[1] == "7 rows: 1 new and 6 unchanged."
    assert "6 rows that an earlier import brought: not counted again." in said(second)
    assert figures(second)["amount"] == "1.00"
    await stage.press(button(second, "Undo"))
    assert len(await lines_of(stage)) == 6


@pytest.mark.parametrize(("dedupe", "count"), [("none", 12), ("line", 6), ("customer-day", 6)])
async def test_what_counts_once_is_asked_for(stage: Stage, dedupe: str, count: int) -> None:
    for _ in range(2):
        checked = await drop(stage, SAMPLE, f"/report import dedupe:{dedupe}")
        if checked.actions:
            said(await stage.press(checked.actions[0]))
    assert len(await lines_of(stage)) == count


async def test_bad_rows_are_named_and_come_back_alone(stage: Stage) -> None:
    done = await drop(stage, MIXED, "/report import mode:good")
    assert said(done)[1] == "3 rows: 1 new and 2 left out."
    table = done.tables[0]
    assert [row.cells[:3] for row in table.rows] == [(3, "amount", "many"), (4, "date", "soon")]
    assert await returned(stage, done) == (
        "date,amount,error\r\n"
        "2026-01-03,many,amount “many”: That is no number. Write it as 1234.56.\r\n"
        "soon,5,date “soon”: That is no date. Write it as 2026-12-31 or 2026-12-31 15:30.\r\n"
    )


async def returned(stage: Stage, reply: Reply) -> str:
    async with stage.parts.storage.workspace(1).read() as work:
        file = await work.files.get(reply.files[0].id)
    assert file is not None
    pieces = [piece async for piece in stage.parts.files.read(file_key(1, file.id))]
    return b"".join(pieces).decode()


async def test_all_or_nothing_is_nothing_if_a_row_is_bad(stage: Stage) -> None:
    refused = await drop(stage, MIXED, "/report import mode:all")
    assert refused.problem is not None
    assert refused.problem.message == "Nothing was imported, because 2 rows can't be."
    assert await lines_of(stage) == []
    assert len(refused.files) == 1
    said(await stage.press(button(refused, "Import valid rows")))
    assert len(await lines_of(stage)) == 1


async def test_all_is_all_if_every_row_is_good(stage: Stage) -> None:
    said(await drop(stage, SAMPLE, "/report import mode:all"))
    assert len(await lines_of(stage)) == 6


async def test_of_a_file_that_can_not_be_read_to_its_end_nothing_stays(stage: Stage) -> None:
    broken = b"date,amount\n" + b"2026-01-02,5\n" * 3000 + b'2026-01-02,"5\n'
    refused = await drop(stage, broken, "/report import mode:good dedupe:none")
    assert refused.problem is not None
    assert refused.problem.message == "A quote is opened in the row on line 3,002 and never closed."
    assert await lines_of(stage) == []
    assert said(await drop(stage, SAMPLE, "/report import mode:good"))[0] == "Owner imported sales.csv."


async def test_a_workbook_is_read_as_a_text_is(stage: Stage) -> None:
    rows = [line.split(",") for line in SAMPLE.decode().splitlines()]
    content = workbook(sheet(*(texts(place, *words) for place, words in enumerate(rows, 1))))
    said(await drop(stage, content, "/report import mode:good", "sales.xlsx"))
    assert sum(line.amount for line in await lines_of(stage)) == Decimal("696.25")


async def test_bad_rows_of_a_workbook_come_back_in_one(stage: Stage) -> None:
    content = workbook(sheet(texts(1, "date", "amount"), texts(2, "soon", "5")))
    done = await drop(stage, content, "/report import mode:good", "sales.xlsx")
    assert [file.name for file in done.files] == ["sales-errors.xlsx"]


async def test_which_column_is_which_is_asked_and_remembered(stage: Stage) -> None:
    content = b"Sold on;What;Sum\n2026-01-02;MUG;5\n"
    asked = await drop(stage, content)
    assert asked.problem is not None
    assert asked.problem.message == (
        "I don't find a date and an amount among the columns of that file: Sold on, What and Sum."
    )
    form = asked.form
    assert form is not None
    assert {field.name: field.choices for field in form.fields}["date"] == ("Sold on", "What", "Sum")
    answers = {**form.fixed, "date": "Sold on", "amount": "Sum", "product": "What"}
    checked = await stage.type("", command=form.command, arguments=answers)
    assert said(checked)[1] == "1 row: 1 would be new."
    said(await stage.press(button(checked, "Import 1 row")))
    (line,) = await lines_of(stage)
    assert (line.product, line.amount) == ("MUG", Decimal(5))
    assert said(await drop(stage, b"sold_on;Sum\n2026-01-03;7\n", "/report import mode:good"))[1] == "1 row: 1 new."


async def test_headings_of_another_language_are_guessed_shown_and_can_be_changed(stage: Stage) -> None:
    content = b"Datum;Artikel;Betrag;Summe\n2026-01-02;MUG;5;9\n"
    asked = await drop(stage, content)
    assert asked.problem
    assert asked.problem.hint.endswith("such as `/report import date:Datum amount:Betrag product:Artikel`.")
    form = asked.form
    assert form is not None
    filled = {field.name: field.value for field in form.fields if field.value}
    assert filled == {"date": "Datum", "amount": "Betrag", "product": "Artikel"}
    answers = {**form.fixed, **filled, "amount": "Summe"}
    checked = await stage.type("", command=form.command, arguments=answers)
    said(await stage.press(button(checked, "Import 1 row")))
    assert [line.amount for line in await lines_of(stage)] == [Decimal(9)]


async def test_a_check_shows_what_there_is_and_tells_scripts_the_rest_too(stage: Stage) -> None:
    checked = await drop(stage, b"date,amount\n2026-01-02,5\n2026-01-02,5\n")
    assert {field.key for field in checked.fields} >= {"rows", "new", "updated", "unchanged", "bad", "returns"}
    assert [field.label for field in checked.shown_fields] == [
        "Rows",
        "New",
        "Unchanged",
        "Without a customer",
        "Amount",
        "Amount without a customer",
    ]


async def test_what_is_called_like_a_workbook_and_is_none_is_said_to_be_none(stage: Stage) -> None:
    refused = await drop(stage, b"\0\1\2 no zip", "/report import", "sales.xlsx")
    assert refused.problem
    assert refused.problem.message == (
        "“sales.xlsx” is called like an Excel workbook, but is none: it is damaged, or something else."
    )
    assert refused.problem.hint.startswith("Open it in your spreadsheet program and save it again")


async def test_days_are_those_of_the_workspace_wherever_somebody_is(stage: Stage) -> None:
    content = json.dumps([{"date": "2026-01-02T23:30:00+00:00", "amount": 5}]).encode()
    said(await drop(stage, content, "/report import mode:good", "sales.json"))
    assert [line.business_date for line in await lines_of(stage)] == [date(2026, 1, 3)]


async def test_only_a_manager_brings_sales_in(stage: Stage) -> None:
    refused = await drop(stage, SAMPLE, by="ben")
    assert refused.problem is not None
    assert refused.problem.code == "forbidden"


DATES = b"date,amount\n3/4/2026,1\n"
ORDERS = {
    "": "Dates such as 12/1/2010 were read with the month first; no date in the file tells. "
    "If the day is first, write them as 2010-01-12.",
    "12/25/2025,1\n": "Dates such as 12/1/2010 were read with the month first, as others in the file have it.",
    "25/12/2025,1\n": "Dates such as 1/12/2010 were read with the day first, as others in the file have it.",
}


@pytest.mark.parametrize("line", ORDERS)
async def test_how_dates_were_read_is_said_where_they_could_be_read_otherwise(stage: Stage, line: str) -> None:
    reply = await drop(stage, DATES + line.encode())
    assert [one for one in said(reply) if one.startswith("Dates")] == [ORDERS[line]]


async def test_a_heading_is_one_column_and_has_to_be_there(stage: Stage) -> None:
    lines = b"Tag,Summe\n2026-01-02,5\n"
    reply = await drop(stage, lines, "/report import date:Tag amount:tag")
    assert reply.problem
    assert (reply.problem.field, reply.problem.message) == ("amount", "“tag” can't be both a date and an amount.")
    reply = await drop(stage, lines, "/report import date:Tag amount:Nope")
    assert reply.problem
    assert reply.problem.message == "That file has no column “Nope”, only Tag and Summe."
    assert reply.form
    assert {field.name: field.value for field in reply.form.fields if field.value} == {"date": "Tag", "amount": "Summe"}
