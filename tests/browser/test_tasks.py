"""Tasks in the console, as somebody works with them."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.console import Console

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_typed_task_is_answered(console: Console) -> None:
    await console.box.press_sequentially("/task add Buy milk due:tomorrow assign:@me")
    await console.box.press("Escape")
    await console.box.press("Enter")

    await expect(console.messages).to_have_count(2)
    await expect(console.messages.first).to_contain_text("/task add Buy milk due:tomorrow assign:@me")
    await expect(console.newest).to_contain_text("added #1 Buy milk")
    await expect(console.newest.get_by_role("button", name="Undo")).to_be_visible()
    await expect(console.box).to_have_value("")
    await expect(console.box).to_be_focused()


async def test_a_due_time_is_echoed_with_its_zone(console: Console) -> None:
    await console.say("/task add Buy milk due:tomorrow 9am")
    await expect(console.newest.locator(".reply-text time")).to_have_text(
        re.compile(r"^tomorrow, .*\(Europe/Berlin\)$")
    )
    await expect(console.newest.locator(".reply time").last).to_have_text("Tomorrow, 09:00")

    await console.say("/task add Sweep due:30 nov 14:00")
    await expect(console.newest.locator(".reply-text time")).to_have_text("Mon 30 Nov 2026 14:00 (Europe/Berlin)")
    # Who chose a zone has all times in it, whatever the browser's is.
    await console.say("/user zone Asia/Tokyo")
    await console.page.reload()
    await console.ready()
    listing = await console.list_tasks()
    await expect(listing.locator("td.when")).to_have_text(["Tomorrow, 17:00", "Mon 30 Nov 2026 22:00"])
    await expect(listing).to_contain_text("Times are those of Asia/Tokyo.")


async def test_done_is_pressed_and_undone(console: Console) -> None:
    await console.add_tasks(["Buy milk", "Buy bread"])
    listing = await console.list_tasks()
    await expect(listing.get_by_role("row")).to_have_count(3)
    await listing.get_by_role("button", name="Done: 1 Buy milk").click()

    await expect(listing.get_by_role("row", name="Buy milk")).to_have_class("row-gone")
    await expect(console.newest).to_contain_text("completed #1 Buy milk")
    again = await console.list_tasks()
    await expect(again.get_by_role("row")).to_have_count(2)
    await listing.get_by_role("button", name="Undo: 1 Buy milk").click()
    await expect(listing.get_by_role("row", name="Buy milk")).not_to_have_class("row-gone")
    await expect(console.messages.filter(has_text="undid")).to_have_count(1)
    again = await console.list_tasks()
    await expect(again.get_by_role("row")).to_have_count(3)


async def test_snooze_is_chosen_from_a_menu(console: Console) -> None:
    await console.add_tasks(["Buy milk due:tomorrow"])
    listing = await console.list_tasks()
    button = listing.get_by_role("button", name="Snooze: 1 Buy milk")
    await button.click()
    await expect(button).to_have_attribute("aria-expanded", "true")
    await expect(console.page.get_by_role("menuitem")).to_have_text(
        [
            re.compile(r"^20 minutes\d\d:\d\d$"),
            re.compile(r"^3 hours\d\d:\d\d$"),
            re.compile("^Tomorrow 9:00Sat 21 Nov$"),
            re.compile("^In a week 9:00Fri 27 Nov$"),
            "Pick a time…",
        ]
    )
    await console.picture("menu")
    await console.page.get_by_role("menuitem", name="In a week").click()

    await expect(console.newest).to_contain_text("snoozed #1 Buy milk")


async def test_a_missing_title_is_asked_for_in_a_form(console: Console) -> None:
    await console.say("/task add")
    title = console.dialog.get_by_label("Title")
    await expect(title).to_be_focused()
    await console.dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(console.dialog.locator(".error:visible")).to_have_count(1)
    await expect(title).to_have_attribute("aria-invalid", "true")

    await title.fill("Buy milk")
    await console.dialog.get_by_label("Due", exact=False).first.fill("tomorrow 25:00")
    await console.dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(console.dialog.locator(".error:visible")).to_have_count(1)
    await console.dialog.get_by_label("Due", exact=False).first.fill("tomorrow 9am")
    await console.dialog.get_by_label("high", exact=True).check()
    await console.dialog.get_by_label("Owner (you)").check()
    await console.dialog.get_by_role("button", name="Add", exact=True).click()

    await expect(console.dialog).to_have_count(0)
    await expect(console.newest).to_contain_text("added #1 Buy milk")
    await expect(console.newest).to_contain_text("high")
    await expect(console.box).to_be_focused()


async def test_assign_asks_whom_and_replaces_the_list(console: Console) -> None:
    await console.add_tasks(["Buy milk"])
    listing = await console.list_tasks()
    await listing.get_by_role("button", name="Assign: 1 Buy milk").click()
    await expect(console.dialog.get_by_role("heading")).to_have_text("Assign #1 Buy milk")
    await console.dialog.get_by_label("Owner (you)").check()
    await console.dialog.get_by_role("button", name="Assign").click()

    await expect(console.dialog).to_have_count(0)
    await expect(listing.get_by_role("row").nth(1)).to_contain_text("Owner")
    await listing.get_by_role("button", name="Assign: 1 Buy milk").click()
    await expect(console.dialog.get_by_label("Owner (you)")).to_be_checked()
    await expect(console.dialog.get_by_label("set", exact=True)).to_be_checked()


async def test_an_edit_of_nothing_yet_opens_with_what_the_task_has(console: Console) -> None:
    await console.add_tasks(['Buy milk priority:high notes:"the oat one"'])
    await console.say("/task edit 1")
    await expect(console.dialog.get_by_role("heading")).to_have_text("Edit #1 Buy milk")
    await expect(console.dialog.get_by_label("Title")).to_have_value("Buy milk")
    await expect(console.dialog.get_by_label("Notes")).to_have_value("the oat one")
    await expect(console.dialog.get_by_label("high", exact=True)).to_be_checked()
    await console.dialog.get_by_label("Title").fill("Buy oat milk")
    await console.dialog.get_by_label("Notes").fill("")
    await console.dialog.get_by_role("button", name="Edit", exact=True).click()
    await expect(console.newest).to_contain_text("It was called “Buy milk”.")
    # What stays as it came is not sent: somebody else may have changed it meanwhile.
    await expect(console.messages.nth(-2)).to_contain_text("/task edit 1 ")
    await expect(console.messages.nth(-2)).not_to_contain_text("priority:")
    await console.say("/task edit 1")
    await expect(console.dialog.get_by_label("Notes")).to_have_value("")


async def test_a_long_word_in_a_title_pushes_nothing_out_of_sight(console: Console) -> None:
    await console.add_tasks(["https://shop.example/" + "x" * 400])
    listing = await console.list_tasks()
    hidden = await listing.locator(".table-scroll").evaluate("box => box.scrollWidth - box.clientWidth")
    assert hidden == 0
    await expect(listing.get_by_role("columnheader", name="Priority")).to_be_in_viewport()


async def test_a_table_shows_what_differs_and_cuts_what_is_long(console: Console) -> None:
    await console.add_tasks(["Water the plants repeat:weekly due:fri", "Ask everybody about everything " * 9])
    listing = await console.list_tasks()
    headings = listing.get_by_role("columnheader")
    await expect(headings).to_have_text(["No.", "Title", "Priority", "Due", "Actions"])
    await expect(listing.get_by_role("row", name="plants").locator("td.when")).to_contain_text("↻Repeats every Friday")
    tallest: float = await listing.evaluate(
        "node => Math.max(...[...node.querySelectorAll('tr')].map((row) => row.offsetHeight))"
    )
    assert tallest < 65
    await console.say("/task assign 1 @me")
    await expect((await console.list_tasks()).get_by_role("columnheader", name="For")).to_be_visible()


async def test_a_table_is_sorted_by_its_headings(console: Console) -> None:
    await console.add_tasks(["Bread priority:low", "Apples priority:urgent", "Candles priority:high"])
    listing = await console.list_tasks()

    async def titles() -> list[str]:
        return await listing.locator("td.title").all_inner_texts()

    first = await titles()
    await listing.get_by_role("button", name="Title").click()
    assert await titles() == ["Apples", "Bread", "Candles"]
    await expect(listing.get_by_role("columnheader", name="Title")).to_have_attribute("aria-sort", "ascending")
    await listing.get_by_role("button", name="Title").press("Enter")
    assert await titles() == ["Candles", "Bread", "Apples"]
    await listing.get_by_role("button", name="Title").press("Enter")
    assert await titles() == first
    await listing.get_by_role("button", name="Priority").press("Enter")
    assert await titles() == ["Apples", "Candles", "Bread"]
    await listing.get_by_role("button", name="Done: 1 Bread").click()
    await expect(listing.get_by_role("button", name="Undo: 1 Bread")).to_be_visible()
    assert await titles() == ["Apples", "Candles", "Bread"]


async def test_a_list_of_several_pages_says_where_it_is_and_is_sorted_as_a_whole(console: Console) -> None:
    await console.add_tasks([*(f"Task {number}" for number in range(10)), "Pay the rent priority:urgent"])
    listing = await console.list_tasks()
    first = listing.locator("td.title").first
    await expect(first).to_have_text("Pay the rent")
    await expect(listing.locator("th[aria-sort]")).to_have_text("Due")
    await listing.get_by_role("button", name="No.").click()
    await expect(first).to_have_text("Task 0")
    await expect(listing.locator("th[aria-sort]")).to_have_text("No.")
    await expect(listing).to_contain_text("1–10 of 11 tasks.")
    await expect(listing.get_by_role("button", name="Title")).to_have_count(0)
    await listing.get_by_role("button", name="Next").click()
    await expect(first).to_have_text("Pay the rent")
    await expect(listing).to_contain_text("11 of 11 tasks.")
    await listing.get_by_role("button", name="Priority").click()
    await expect(listing.locator("td.title")).to_have_count(10)
    await expect(first).to_have_text("Pay the rent")


async def test_a_dropped_file_is_imported(console: Console) -> None:
    await console.page.evaluate(
        """() => {
          const data = new DataTransfer();
          const csv = "title,due,priority\\nMilk,2026-12-01,high\\nBread,,low\\n";
          data.items.add(new File([csv], "tasks.csv", { type: "text/csv" }));
          for (const kind of ["dragenter", "dragover", "drop"]) {
            window.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
          }
        }"""
    )
    await expect(console.page.locator("#attachments")).to_contain_text("tasks.csv")
    await console.page.get_by_role("button", name="/task import", exact=True).click()
    await expect(console.box).to_have_value("/task import")
    await console.box.press("Escape")
    await console.box.press("Enter")

    await expect(console.newest.locator(".reply")).to_contain_text("2")
    await console.newest.get_by_role("button", name=re.compile("import", re.IGNORECASE)).first.click()
    listing = console.page.locator(".table-box", has_text="Bread")
    await console.say("/task list")
    await expect(listing.last.get_by_role("row")).to_have_count(3)


async def test_an_export_is_downloaded(console: Console) -> None:
    await console.add_tasks(["Buy milk"])
    await console.say("/task export csv")
    async with console.page.expect_download() as coming:
        await console.newest.get_by_role("link", name=re.compile("Download")).click()
    download = await coming.value

    assert download.suggested_filename.endswith(".csv")
    assert "Buy milk" in (await download.path()).read_text(encoding="utf-8-sig")


async def test_a_summary_has_charts_that_can_be_read_without_seeing_them(console: Console) -> None:
    await console.add_tasks(["Buy milk priority:high assign:@me", "Buy bread"])
    await console.say("/task summary")
    chart = console.newest.get_by_role("img").first

    await expect(chart).to_be_visible()
    assert await chart.evaluate(
        "node => document.getElementById(node.getAttribute('aria-labelledby').split(' ')[0]).textContent"
    )
    # What a table of the same answer has is not there a second time.
    await expect(console.newest.get_by_role("table").first).to_be_visible()
    await expect(console.newest.locator("figure table")).to_have_count(0)


async def test_a_misspelt_command_offers_the_right_one(console: Console) -> None:
    await console.say("/task lst channel:all page:2")
    await expect(console.newest.locator(".problem")).to_be_visible()
    await console.newest.get_by_role("button", name="/task list").click()

    await expect(console.box).to_have_value("/task list channel:all page:2")


async def test_words_are_never_taken_for_markup(console: Console) -> None:
    hostile = '<img src=x onerror=alert(1)> <b>bold</b> & "quotes" \'n javascript:alert(1)'
    await console.say(f"/task add {hostile}")
    await expect(console.newest).to_contain_text(hostile)
    await console.say(hostile)
    await expect(console.newest.locator(".said")).to_have_text(hostile)

    assert await console.page.locator("#messages img:not([src='/static/logo.svg'])").count() == 0
