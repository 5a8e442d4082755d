"""Everything that an answer may hold, drawn by a real browser, from an application that says it all at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from math import nan
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from core.chat.reply import (
    Action,
    Chart,
    Choice,
    Column,
    Field,
    FileLink,
    Form,
    FormField,
    Problem,
    Reply,
    Row,
    Series,
    Style,
    Table,
    Visibility,
)
from core.chat.request import Request
from core.chat.text import Bold, Code, Link, Mention, Moment
from tests.browser.console import PHONE, Console, audit, signed_in
from tests.support.scripted import ScriptedShop, ScriptedTicket

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAYS = tuple(f"{day} Mar" for day in range(1, 15))

EVERYTHING = Reply(
    title="Sales of the first weeks of March",
    text=(
        "Compiled for ",
        Mention(1, "Owner"),
        " and ",
        Mention(2, "Ana Costa"),
        " on ",
        Moment(AT, "2 March 2026, 10:30 CET"),
        ". ",
        Bold("Two products sold out"),
        ", see ",
        Code("/stock low"),
        " or ",
        Link("the supplier's page", "https://supplier.example/list"),
        ".\nThe ",
        Code("SKU"),
        " comes first.",
    ),
    visibility=Visibility.CHANNEL,
    fields=(
        Field("total", "Total", "12345.60 EUR", "money"),
        Field("orders", "Orders", 118, "number"),
        Field("from", "From", "2026-03-01", "date"),
        Field("at", "Made", "2026-03-02T09:30:00Z", "moment"),
        Field("open", "Still open", value=False),
        Field("note", "Note", "A long note that does not fit beside the others and so takes a line of its own. " * 2),
    ),
    tables=(
        Table(
            "By product",
            (
                Column("sku", "SKU"),
                Column("name", "Product"),
                Column("sold", "Sold", "number"),
                Column("revenue", "Revenue", "money"),
                Column("last", "Last sold", "date"),
            ),
            (
                Row(("A-1", "Oat milk", 40, "60.00", "2026-03-14"), (Action("Restock", "x", id="S.1"),)),
                Row(("B-2", "Rye bread", 9, "1031.50", None), (Action("Restock", "x", id="S.2"),), mark="warning"),
                Row(("C-3", "Candles", 100, "7.20", "2026-03-02"), mark="done"),
            ),
            note=("Prices include ", Bold("8 %"), " tax."),
        ),
        Table(
            "Many rows",
            (Column("n", "Number", "number"), Column("name", "Name")),
            tuple(Row((number, f"Row {number}")) for number in range(130)),
        ),
    ),
    charts=(
        Chart(
            "Revenue by day",
            "line",
            DAYS,
            (
                Series("Shop", (12.5, 30, 28, 41, 22, 19, 60, 54, 51, 47, 66, 70, 64, 81)),
                Series("Market", (0, 0, 15, 0, 0, 44, 52, 0, 0, 0, 0, 39, 58, 12)),
            ),
            "Revenue rose from 12.50 to 81.00 in the shop; the market is open on four days.",
        ),
        Chart("By category", "pie", ("Food", "Candles", "Paper"), (Series("", (60, 25, 15)),), "Food makes 60 %."),
        Chart("Profit", "bar", ("Jan", "Feb"), (Series("2025", (-20, 30)), Series("2026", (15, -5))), "Up."),
        Chart(
            "Sales by product and day",
            "heat",
            DAYS[:5],
            (Series("Candles of beeswax, large", (12.5, 30, 28, nan, 22)), Series("Paper", (0, 0, 15, 0, 0))),
            "Most on 2 March.",
            "EUR",
            "Day",
            "Sales",
            "1 Mar 2026 - 5 Mar 2026, days of Europe/Berlin",
        ),
        Chart(
            "By channel",
            "stacked",
            ("Shop in the old town", "Market"),
            (Series("In", (9, 4)), Series("Back", (-2, -1))),
            "Most in the shop.",
        ),
        Chart("Nothing sold", "bar", (), (Series("2026", ()),), "There were no sales from 9 to 15 March."),
    ),
    files=(FileLink("F1", "sales-march.csv", "text/csv", 48_211), FileLink("F2", "a long name of a file.xlsx", "", 12)),
    actions=(
        Action("Post it", "x", Style.PRIMARY, id="S.3"),
        Action("Move to…", choices=(Choice("#office", "x", "S.4.0"), Choice("#shop-floor", "x", "S.4.1")), id="S.4"),
        Action("Throw away", "x", Style.DANGER, confirm="The figures of March will be gone for good.", id="S.5"),
        Action("For Ana", "x", only=2, id="S.6"),
        Action("Undo", "x", id="S.7"),
    ),
)

FIELDS = (
    FormField("title", "Title", "line", required=True, hint="What it is about", value="March"),
    FormField("notes", "Notes", "lines", required=False),
    FormField("kind", "Kind", "choice", required=True, choices=("sales", "stock"), value="sales"),
    FormField("size", "Size", "choice", required=False, choices=tuple(f"size {i}" for i in range(9))),
    FormField("loud", "Tell everybody", "flag", required=False, hint="Posts it in the channel"),
    FormField("due", "Due", "due", required=False, error="That is in the past."),
    FormField("people", "People", "members", required=False, many=True),
    FormField("channel", "Channel", "channel", required=False),
    FormField("file", "File", "file", required=False),
    FormField("top", "Top", "integer", required=False),
)


@pytest_asyncio.fixture(loop_scope="session")
async def scripted(tmp_path: Path) -> AsyncIterator[ScriptedShop]:
    shop = ScriptedShop(tmp_path)
    await shop.start()
    shop.application.scripts["/all"] = EVERYTHING
    yield shop
    await shop.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def console(tab: Page, scripted: ScriptedShop) -> AsyncIterator[Console]:
    """The console in front of it."""
    async with signed_in(tab, scripted) as console:
        yield console


@pytest.mark.parametrize(("scheme", "size"), [("light", (1280, 2600)), ("dark", (1280, 2600)), ("light", PHONE)])
async def test_everything_is_drawn_and_can_be_read(
    tab: Page, scripted: ScriptedShop, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    async with signed_in(tab, scripted, size, scheme=scheme) as console:
        await console.say("/all")
        answer = console.newest

        await expect(answer.get_by_role("img")).to_have_count(5)
        await expect(answer).to_contain_text("There were no sales from 9 to 15 March.")
        await expect(answer.get_by_text("12,345.60 EUR")).to_be_visible()
        await expect(answer.locator(".legend.scale")).to_contain_text("most · Sales (EUR)")
        mention = await answer.get_by_text("@Owner").bounding_box()
        assert mention is not None
        assert mention["width"] < 100
        await expect(answer.locator(".reply-text time")).to_contain_text("10:30")
        await expect(answer.get_by_role("button", name="For Ana")).to_be_disabled()
        link = answer.get_by_role("link", name="the supplier's page")
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
        assert await audit(console.page) == []
        assert not await console.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        name = "phone" if size == PHONE else scheme
        await console.picture(f"answers-{name}")


async def test_a_chart_tells_its_values_to_pointer_and_keyboard(console: Console, scripted: ScriptedShop) -> None:
    days = ("1 Mar", "2 Mar", "3 Mar")
    series = (Series("Shop", (1234.5, nan, 3)), Series("Market", (1, 2, 3)))
    chart = Chart("Sales", "line", days, series, "The shop sold most.", "EUR", "Day", "Sales", "days of Europe/Berlin")
    scripted.application.scripts["/chart"] = Reply(text=("The shop sold most. All in euros.",), charts=(chart,))
    await console.say("/chart")
    figure = console.newest.locator("figure")
    tip, plot = figure.locator(".chart-tip"), figure.get_by_role("img", name="Sales The shop sold most.")

    await plot.focus()
    for key, words in (
        ("ArrowRight", "1 Mar: Shop 1,234.50 EUR, Market 1.00 EUR"),
        ("ArrowRight", "2 Mar: Shop –, Market 2.00 EUR"),
        ("End", "3 Mar: Shop 3.00 EUR, Market 3.00 EUR"),
        ("Escape", ""),
    ):
        await plot.press(key)
        await expect(tip).to_have_text(words)
    await figure.locator(".spot").first.hover()
    await expect(tip).to_have_text("1 Mar: Shop 1,234.50 EUR, Market 1.00 EUR")
    await expect(figure.locator("svg text.axis-name")).to_have_text(["Sales (EUR)", "Day"])
    # The sentence stands above already; what has to be known with it does not.
    await expect(figure.locator("figcaption")).to_have_text("Salesdays of Europe/Berlin")
    # A line is broken where a value is missing.
    assert (await figure.locator("path.line-0").get_attribute("d") or "").count("M") == 2
    # No table has its numbers, so it has them itself.
    await expect(figure.get_by_role("table")).to_have_count(0)
    await figure.get_by_text("Show the numbers").click()
    await expect(figure.get_by_role("table")).to_contain_text("1,234.5")


async def test_a_dozen_bars_are_all_named_and_their_names_keep_apart(console: Console, scripted: ScriptedShop) -> None:
    months = tuple(f"{name} 2026" for name in "January Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
    chart = Chart("Sales", "bar", months, (Series("Shop", tuple(map(float, range(12)))),), "Some.", "EUR", "Month")
    table = Table("Sales", (Column("month", "Month"), Column("%", "%", "number")), (Row(("Jan", 3)), Row(("Feb", 3.6))))
    scripted.application.scripts["/year"] = Reply(text=("Some.",), tables=(table,), charts=(chart,))
    await console.say("/year")
    names = console.newest.locator("figure svg text[transform]")
    await expect(names).to_have_text(list(months))
    # A tilted name reaches to the left of its column: the first one is whole too.
    picture, first = await console.newest.locator("figure svg").bounding_box(), await names.first.bounding_box()
    assert picture
    assert first
    assert first["x"] >= picture["x"]
    # The numbers are in the table, once, and stand below each other.
    await expect(console.newest.get_by_text("Show the numbers")).to_have_count(0)
    await expect(console.newest.locator("td.number")).to_have_text(["3.0", "3.6"])
    await console.picture("bars-of-a-year")


async def test_the_marks_and_labels_of_an_axis_are_few_round_and_apart(console: Console) -> None:
    found = await console.page.evaluate("""async () => {
      const { ticks, scale, everyOther, cut, markWords, widthOf, valueWords } =
        await import("/static/js/chart_scales.js");
      return [ticks(0, 11, true), ticks(-20, 7), ticks(0, 0.00003).length, scale([0, 0], 100, 0).at(0),
        scale([-5, -1], 100, 0).marks.at(-1), everyOther(Array(365).fill("2026-01-01"), 2, 200) > 30,
        widthOf(cut("W".repeat(90), 100)) <= 100,
        valueWords(1234.5, "JPY"), valueWords(1.5, "KWD"), valueWords(2, "tasks"), valueWords(null, "EUR"),
        markWords(1250).toUpperCase()];
    }""")
    assert found == [
        [0, 3, 6, 9, 12],
        [-20, -10, 0, 10],
        4,
        100,
        0,
        True,
        True,
        "1,235 JPY",
        "1.500 KWD",
        "2 tasks",
        "–",
        "1.25K",
    ]


async def test_money_dates_and_gaps_sort_as_they_should(console: Console) -> None:
    await console.say("/all")
    table = console.newest.get_by_role("table", name="By product")

    async def skus() -> list[str]:
        return await table.locator("td.first").all_inner_texts()

    await table.get_by_role("button", name="Revenue").click()
    assert await skus() == ["C-3", "A-1", "B-2"]
    await table.get_by_role("button", name="Last sold").click()
    assert await skus() == ["C-3", "A-1", "B-2"]
    await table.get_by_role("button", name="Last sold").click()
    assert await skus() == ["A-1", "C-3", "B-2"]
    long = console.newest.get_by_role("table", name="Many rows")
    await expect(long.get_by_role("row")).to_have_count(26)
    await console.newest.get_by_role("button", name="Show all 130 rows").click()
    await expect(long.get_by_role("row")).to_have_count(131)


async def test_the_number_of_a_record_is_shown_as_it_is_typed(console: Console, scripted: ScriptedShop) -> None:
    columns = (Column("number", "No.", "number"), Column("sold", "Sold", "number"))
    fields = (Field("number", "No.", 2982, "number"), Field("total", "Total", 2982, "number"))
    scripted.application.scripts["/numbers"] = Reply(
        title="x" * 400, fields=fields, tables=(Table("Numbers", columns, (Row((2982, 2982)),)),)
    )
    await console.say("/numbers")
    await expect(console.newest.locator("dd")).to_have_text(["2982", "2,982"])
    await expect(console.newest.get_by_role("table").locator("td")).to_have_text(["2982", "2,982"])
    ends = await console.newest.get_by_role("table").evaluate(
        """table => ["th.number .sort", "td.number"].map((where) => {
          const range = document.createRange();
          range.selectNode(table.querySelector(where).firstChild);
          return Math.round(range.getBoundingClientRect().right);
        })"""
    )
    assert ends[0] == ends[1]
    title = console.newest.locator(".reply-title")
    assert await title.evaluate("node => node.scrollWidth <= node.clientWidth")


async def test_what_can_not_be_undone_is_asked_first(console: Console, scripted: ScriptedShop) -> None:
    scripted.application.scripts["S.5"] = Reply(text=("Gone.",))
    await console.say("/all")
    throw = console.newest.get_by_role("button", name="Throw away")
    await throw.click()
    await expect(console.dialog).to_contain_text("gone for good")
    await expect(console.dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await console.page.keyboard.press("Enter")
    await expect(console.dialog).to_have_count(0)
    assert len(scripted.application.asked) == 1
    await throw.click()
    await console.dialog.get_by_role("button", name="Throw away").click()

    await expect(console.newest).to_contain_text("Gone.")


async def test_work_under_way_is_shown_with_its_progress(console: Console, scripted: ScriptedShop) -> None:
    go_on = asyncio.Event()

    async def slow(_request: Request, ticket: ScriptedTicket) -> Reply:
        ticket.progress = 0.4
        await go_on.wait()
        return Reply(text=("All imported.",), visibility=Visibility.CHANNEL)

    scripted.application.scripts["/slow"] = slow
    await console.box.fill("/slow")
    await console.box.press("Escape")
    await console.box.press("Enter")
    pending = console.page.locator("#pending")
    await expect(pending).to_contain_text("Working")
    await expect(pending.get_by_role("progressbar")).to_have_js_property("value", 40)
    await console.picture("working-light")
    go_on.set()
    await expect(console.newest).to_contain_text("All imported.")
    await expect(pending.locator(".message")).to_have_count(0)


async def test_what_failed_can_be_tried_again(console: Console, scripted: ScriptedShop) -> None:

    async def broken(_request: Request, _ticket: ScriptedTicket) -> Reply:
        raise ConnectionError("the database is away")

    scripted.application.scripts["/flaky"] = broken
    await console.box.fill("/flaky")
    await console.box.press("Escape")
    await console.box.press("Enter")
    failed = console.page.locator("#pending .failed")
    await expect(failed).to_contain_text("Something went wrong")
    scripted.application.scripts["/flaky"] = Reply(text=("There.",))
    await failed.get_by_role("button", name="Try again").click()

    await expect(console.newest).to_contain_text("There.")
    await expect(failed).to_have_count(0)


async def test_a_form_of_every_kind_of_field(console: Console, scripted: ScriptedShop) -> None:
    form = Form("Report: make", "report make", FIELDS, {"id": "7"}, "Make", "Makes a report of `march`.")
    scripted.application.scripts["/form"] = Reply(form=form)
    scripted.application.scripts["report make"] = Reply(
        problem=Problem("invalid_argument", "`top` is a whole number.", "Try `10`.", "top")
    )
    await console.page.set_viewport_size({"width": 1280, "height": 1500})
    await console.say("/form")
    await expect(console.dialog.get_by_label("Title")).to_be_visible()
    assert await audit(console.page) == []
    await console.picture("form-all")
    await console.dialog.get_by_label("Notes (optional)").fill("two\nlines")
    await console.dialog.get_by_label("stock").check()
    await console.dialog.get_by_label("Size (optional)").select_option("size 3")
    await console.dialog.get_by_label("Tell everybody").check()
    await console.dialog.get_by_role("button", name="tomorrow 9am").click()
    await console.dialog.get_by_label("Owner (you)").check()
    await console.dialog.get_by_label("Channel (optional)").select_option("general")
    await console.dialog.get_by_label("File (optional)").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"x"}
    )
    await console.dialog.get_by_label("Top (optional)").fill("many")
    await console.dialog.get_by_role("button", name="Make").click()
    await expect(console.dialog.locator(".error:visible")).to_have_text("top is a whole number. Try 10.")
    await expect(console.dialog.get_by_label("Top (optional)")).to_be_focused()
    request = scripted.application.asked[-1]

    assert dict(request.arguments) == {
        "id": "7",
        "title": "March",
        "notes": "two\nlines",
        "kind": "stock",
        "size": "size 3",
        "loud": "yes",
        "due": "tomorrow 9am",
        "people": "@owner",
        "channel": "general",
        "file": "a.csv",
        "top": "many",
    }
    assert [attachment.name for attachment in request.attachments] == ["a.csv"]
