"""The reader's own tasks in the console, and boards in its channels."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.console import PHONE, Console, audit, context_of
from tests.support.web import Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")

MINE = [
    "Repaint the sign assign:@me priority:low",
    "Call the landlord about the awning due:tomorrow 9am assign:@me priority:high",
    "Order paper bags due:2026-11-18 assign:@me",
]


async def test_my_tasks_are_on_a_page_of_their_own_due_first(console: Console) -> None:
    await console.add_tasks([*MINE, "Not mine"])
    work = console.page.locator("#work")
    await console.page.get_by_role("button", name="My work").click()
    await expect(work.get_by_role("row")).to_have_count(4)
    titles = await work.locator("td.title").all_inner_texts()
    assert [title.split()[0] for title in titles] == ["Order", "Call", "Repaint"]
    await expect(console.page.get_by_role("heading", name="My work")).to_be_visible()
    await expect(console.box).to_be_hidden()
    await expect(work.get_by_role("columnheader", name="Channel")).to_be_visible()
    await expect(console.page.locator("#work-count")).to_contain_text("3")
    assert await audit(console.page) == []
    await console.picture("my-work")


async def test_done_takes_a_task_off_the_page_and_is_told_in_the_direct_channel(console: Console) -> None:
    await console.add_tasks(MINE)
    work = console.page.locator("#work")
    await console.page.get_by_role("button", name="My work").click()
    await work.get_by_role("button", name="Done: 3 Order paper bags").click()
    await expect(work.get_by_role("button", name="Undo: 3 Order paper bags")).to_be_visible()
    await expect(console.page.locator("#work-count")).to_contain_text("2")
    await expect(work.get_by_role("row")).to_have_count(4)
    await console.page.locator("#direct-list .channel").click()
    await expect(console.newest).to_contain_text("completed #3 Order paper bags")
    await expect(work).to_be_hidden()
    await console.page.get_by_role("button", name="My work").click()
    await expect(work.get_by_role("row")).to_have_count(3)
    await console.page.locator("#direct-list .channel").click()
    await console.newest.get_by_role("button", name="Undo").click()
    await expect(console.page.locator("#work-count")).to_contain_text("3")


async def test_a_form_opens_over_the_page(console: Console) -> None:
    await console.add_tasks(MINE[:1])
    work = console.page.locator("#work")
    await console.page.get_by_role("button", name="My work").click()
    await work.get_by_role("button", name="Snooze: 1 Repaint the sign").click()
    await console.page.get_by_role("menuitem", name="Pick a time").click()
    await console.dialog.get_by_label("Until", exact=True).fill("in 2 h")
    await console.dialog.get_by_role("button", name="Snooze").click()
    await expect(console.dialog).to_have_count(0)
    await console.page.locator("#direct-list .channel").click()
    await expect(console.newest).to_contain_text("snoozed #1 Repaint the sign")


async def test_the_page_follows_what_is_done_elsewhere(console: Console, browser: Browser, shop: Shop) -> None:
    await console.add_tasks(MINE[:1])
    context = await context_of(browser)
    other = await Console.open(context, shop)
    await other.page.get_by_role("button", name="My work").click()
    work = other.page.locator("#work")
    await expect(work.get_by_role("row")).to_have_count(2)
    await console.add_tasks(MINE[1:])
    await expect(work.get_by_role("row")).to_have_count(4)
    await console.say("/task done 1 2 3")
    await expect(work).to_contain_text("Nothing is waiting for you.")
    await expect(other.page.locator("#work-count")).to_be_hidden()
    await context.close()


async def test_pages_are_turned_on_the_page(console: Console) -> None:
    await console.add_tasks([f"Number {number} assign:@me" for number in range(12)])
    work = console.page.locator("#work")
    await console.page.get_by_role("button", name="My work").click()
    await work.get_by_role("button", name="Next").click()
    await expect(work).to_contain_text("Number 11")
    await expect(work.get_by_role("row")).to_have_count(3)
    await work.get_by_role("button", name="Previous").click()
    await expect(work.get_by_role("row")).to_have_count(11)
    await expect(console.page.locator("#work-count")).to_contain_text("10+")


async def test_the_page_is_left_by_keyboard_and_by_going_back(console: Console) -> None:
    await console.add_tasks(MINE[:1])
    work = console.page.locator("#work")
    await console.page.get_by_role("button", name="My work").click()
    await expect(work).to_be_visible()
    await console.page.keyboard.press("Escape")
    await expect(console.box).to_be_focused()
    await expect(work).to_be_hidden()
    await console.page.get_by_role("button", name="My work").click()
    await expect(work).to_be_visible()
    await console.page.go_back()
    await expect(work).to_be_hidden()
    await console.page.get_by_role("button", name="My work").click()
    await expect(work.get_by_role("row")).to_have_count(2)
    await console.page.reload()
    await expect(work.get_by_role("row")).to_have_count(2)


async def test_a_board_in_a_channel_follows(console: Console) -> None:
    await console.say("/task board")
    board = console.messages.filter(has=console.page.get_by_role("button", name="Add a task"))
    await expect(board).to_contain_text("Nothing to do")
    await console.add_tasks(MINE)
    await console.say("/task done 1")
    await expect(board).to_contain_text("Done today (1)")
    await expect(board).to_contain_text("Overdue (1)")
    await board.scroll_into_view_if_needed()
    await console.picture("board")
    await board.get_by_role("button", name="Add a task").click()
    await console.dialog.get_by_label("Title").fill("From the board")
    await console.dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(board).to_contain_text("From the board")
    await console.say("/task board by:person")
    await expect(console.messages.filter(has_text="What stood here was taken away.")).to_have_count(1)


async def test_my_work_on_a_phone_in_the_dark(browser: Browser, shop: Shop) -> None:
    context = await context_of(browser, PHONE, scheme="dark", touch=True)
    console = await Console.open(context, shop)
    await console.add_tasks(MINE)
    await console.page.get_by_role("button", name="Show the channel list").click()
    await console.page.get_by_role("button", name="My work").click()
    await expect(console.page.locator("#work")).to_contain_text("Order paper bags")
    assert await audit(console.page) == []
    width = await console.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]
    await console.picture("my-work-phone-dark")
    await context.close()
