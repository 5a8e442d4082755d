"""What reports tell of four days of a shop, and of the sample, once they are imported: figures that are known."""

from collections.abc import Sequence

from core.chat.reply import Reply
from core.chat.text import plain
from tests.integration.sales.test_sales_import import DATA, SAMPLE, drop
from tests.unit.bot.stage import Stage


def rows(reply: Reply) -> Sequence[tuple[object, ...]]:
    assert reply.problem is None, reply.problem
    return [row.cells for row in reply.tables[0].rows]


async def test_the_reports_of_four_days_tell_what_is_known_of_them(stage: Stage) -> None:
    for path in sorted((DATA / "retail").glob("*.csv")):
        assert (await drop(stage, path.read_bytes(), "/report import mode:good", path.name)).problem is None
    by_day = await stage.type("/report sales 2010-12")
    assert {field.key: field.value for field in by_day.fields} | {"total": "181088.89", "lines": 9937} == {
        field.key: field.value for field in by_day.fields
    }
    assert [row[0] for row in rows(by_day)] == [f"2010-12-0{day}" for day in range(1, 6)]
    assert rows(by_day)[3][1] == "0.00"
    customers = await stage.type("/report top-customers 3")
    assert [(row[0], row[1]) for row in rows(customers)] == [
        ("15061", "9407.34"),
        ("13777", "6585.16"),
        ("17850", "5391.21"),
        ("no customer", "36041.50"),
    ]
    products = await stage.type("/report products 1 q4 2010")
    assert rows(products)[0][:3] == ("22423", "REGENCY CAKESTAND 3 TIER", "7717.95")
    assert rows(await stage.type("/report sales by:month"))[0][:2] == ("2010-12", "181088.89")
    matrix = await stage.type("/report matrix top:1")
    assert rows(matrix)[0][-2] == "7717.95"
    assert rows(matrix)[-1][-2] == "181088.89"
    assert "22423 REGENCY CAKESTAND 3 TIER (7,717.95 EUR)" in plain(matrix.text)


async def test_an_import_and_a_look_at_the_file_tell_the_same(stage: Stage) -> None:
    looked_at = await drop(stage, SAMPLE, "/report top-customers 2")
    assert (await drop(stage, SAMPLE, "/report import mode:good")).problem is None
    told = await stage.type("/report top-customers 2")
    assert [row[:3] for row in rows(looked_at)] == [row[:3] for row in rows(told)]
    assert [(row[0], row[2]) for row in rows(told)] == [("2", "275.75"), ("1", "150.50")]
