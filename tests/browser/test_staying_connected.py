"""Several pages at once, and connections that break."""

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.console import Console, context_of
from tests.support.web import Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_two_pages_show_the_same_at_once(console: Console, window: BrowserContext, shop: Shop) -> None:
    other = await Console.open(window, shop)
    await console.add_tasks(["Buy milk"])
    await expect(other.newest).to_contain_text("added #1 Buy milk")
    listing = await console.list_tasks()
    same = other.messages.last
    await expect(same.get_by_role("row")).to_have_count(2)
    await other.page.get_by_role("button", name="Done: 1 Buy milk").click()

    await expect(listing.get_by_role("row")).to_have_count(0)
    await expect(console.newest).to_contain_text("completed #1 Buy milk")
    assert other.complaints == []


async def test_a_restart_loses_nothing_and_doubles_nothing(console: Console, shop: Shop) -> None:
    await console.add_tasks(["Buy milk"])
    console.complaints.clear()
    await shop.stop()
    await expect(console.page.locator("#banner")).to_contain_text("The connection is gone")
    await console.box.fill("/task add Buy bread")
    await console.box.press("Escape")
    await console.box.press("Enter")
    await expect(console.page.locator("#pending")).to_contain_text("Waiting for the connection")
    await shop.start()
    await expect(console.newest).to_contain_text("added #2 Buy bread")
    await expect(console.page.locator("#banner")).to_be_hidden()
    await expect(console.page.locator("#pending > .message")).to_have_count(0)

    await expect(console.messages).to_have_count(4)
    listing = await console.list_tasks()
    await expect(listing.get_by_role("row")).to_have_count(3)
    # The browser itself reports each attempt to connect to a server that is away; nothing else may be amiss.
    assert all("WebSocket" in text or "ERR_CONNECTION" in text for text in console.complaints)
    console.complaints.clear()


async def test_what_waited_goes_out_even_after_a_reload(console: Console, window: BrowserContext, shop: Shop) -> None:
    await console.page.evaluate("WebSocket.prototype.send = () => {}")
    await console.box.fill("/task add Buy milk")
    await console.box.press("Escape")
    await console.box.press("Enter")
    await expect(console.page.locator("#pending")).to_contain_text("/task add Buy milk")
    await console.page.reload()

    await expect(console.newest).to_contain_text("added #1 Buy milk")
    await expect(console.page.locator("#pending > .message")).to_have_count(0)
    await expect(console.messages).to_have_count(2)


async def test_a_page_whose_session_ended_says_what_to_do(console: Console, window: BrowserContext, shop: Shop) -> None:
    await window.clear_cookies()
    await shop.restart()
    await expect(console.page.locator("#banner")).to_contain_text("You are signed out")
    await console.page.get_by_role("link", name="Try again").click()
    await expect(console.page.get_by_role("main")).to_contain_text("sign-in link")
    await console.page.goto(shop.sign_in_url())
    await console.ready()

    # The browser itself reports each refused attempt; nothing else may be amiss.
    assert all("WebSocket" in text or "401" in text or "ERR_CONN" in text for text in console.complaints)
    console.complaints.clear()


async def test_unread_channels_are_marked(console: Console, browser: Browser, shop: Shop) -> None:
    elsewhere = await context_of(browser)
    other = await Console.open(elsewhere, shop)
    await other.page.get_by_role("button", name="Quartermaster").click()
    await console.say("/task add Buy milk")
    unread = other.page.get_by_role("button", name="general")

    await expect(unread.locator(".badge")).to_be_visible()
    await expect(other.page).to_have_title("(1) Quartermaster – Quartermaster")
    await unread.click()
    await expect(unread.locator(".badge")).to_have_count(0)
    await expect(other.newest).to_contain_text("added #1 Buy milk")
    assert other.complaints == []
    await elsewhere.close()


async def test_a_new_channel_is_there_for_everybody(console: Console, window: BrowserContext, shop: Shop) -> None:
    other = await Console.open(window, shop)
    await console.page.get_by_role("button", name="Add a channel").click()
    await console.dialog.get_by_label("Name").fill("no/slash")
    await console.dialog.get_by_role("button", name="Add channel").click()
    await expect(console.dialog).to_contain_text("A channel's name has")
    await console.dialog.get_by_label("Name").fill("Stock Room")
    await console.dialog.get_by_role("button", name="Add channel").click()

    await expect(console.page.locator("#channel-title")).to_have_text("# stock-room")
    await expect(other.page.get_by_role("button", name="stock-room")).to_be_visible()
    await expect(console.page.locator("#welcome")).to_contain_text("Welcome to #stock-room")
    assert other.complaints == []
