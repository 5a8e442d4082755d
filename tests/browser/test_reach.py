"""Everybody reaches everything: by keyboard, with a screen reader, on a phone, in the dark."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.console import ENLARGED, NARROW, Console, audit, context_of, signed_in, violations
from tests.support.web import Shop

pytestmark = pytest.mark.asyncio(loop_scope="session")

TASKS = [
    "Call the landlord about the awning due:fri 9am priority:high assign:@me",
    "Order paper bags due:2026-11-18 priority:urgent assign:@me",
    "Count the top shelf due:tomorrow",
    "Repaint the sign priority:low",
]


async def full_page(console: Console) -> None:
    """Fill the page with everything that answers are made of."""
    await console.add_tasks(TASKS)
    await console.say("/task summary")
    await expect(console.newest.locator(".chart").first).to_be_visible()
    await console.say("/task lst")
    await expect(console.newest.locator(".problem")).to_be_visible()
    await console.list_tasks()


async def test_a_whole_task_by_keyboard_alone(console: Console) -> None:
    keys = console.page.keyboard
    await console.page.evaluate("document.activeElement.blur()")
    await keys.press("/")
    await expect(console.box).to_be_focused()
    await keys.type("/task add Buy milk")
    await keys.press("Escape")
    await keys.press("Enter")
    await expect(console.newest).to_contain_text("added #1 Buy milk")
    await keys.type("/task list")
    await keys.press("Escape")
    await keys.press("Enter")
    await expect(console.newest.get_by_role("row")).to_have_count(2)
    done = console.newest.get_by_role("button", name="Done: 1 Buy milk")
    for _ in range(12):
        if await done.evaluate("node => node === document.activeElement"):
            break
        await keys.press("Shift+Tab")
    await expect(done).to_be_focused()
    await keys.press("Enter")
    await expect(console.newest).to_contain_text("completed #1 Buy milk")
    await keys.press("Escape")
    await expect(console.box).to_be_focused()


async def test_a_menu_and_a_dialog_by_keyboard_give_the_focus_back(console: Console) -> None:
    keys = console.page.keyboard
    await console.add_tasks(["Buy milk due:tomorrow"])
    listing = await console.list_tasks()
    snooze = listing.get_by_role("button", name="Snooze: 1 Buy milk")
    await snooze.focus()
    await keys.press("Enter")
    await expect(console.page.get_by_role("menuitem").first).to_be_focused()
    await keys.press("ArrowDown")
    await expect(console.page.get_by_role("menuitem").nth(1)).to_be_focused()
    await keys.press("Escape")
    await expect(snooze).to_be_focused()
    assign = listing.get_by_role("button", name="Assign: 1 Buy milk")
    await assign.focus()
    await keys.press("Enter")
    await expect(console.dialog).to_be_visible()
    await keys.press("Escape")
    await expect(assign).to_be_focused()


async def test_channels_are_switched_by_keyboard(console: Console) -> None:
    keys = console.page.keyboard
    title = console.page.locator("#channel-title")
    await keys.press("Alt+ArrowDown")
    await expect(title).to_have_text("Quartermaster")
    await keys.press("Alt+ArrowUp")
    await expect(title).to_have_text("# general")
    await keys.press("Control+k")
    await expect(console.dialog.get_by_role("option")).to_have_count(2)
    await keys.type("quart")
    await keys.press("Enter")
    await expect(title).to_have_text("Quartermaster")
    await expect(console.box).to_be_focused()


async def test_the_shortcuts_are_listed(console: Console) -> None:
    await console.page.evaluate("document.activeElement.blur()")
    await console.page.keyboard.press("?")
    await expect(console.dialog).to_contain_text("Jump to a channel")
    await console.page.keyboard.press("Escape")
    await expect(console.dialog).to_have_count(0)


async def test_the_first_stop_of_the_keyboard_skips_to_the_box(console: Console) -> None:
    first = await console.page.evaluate(
        "document.querySelector('a[href], button, input, textarea, select, [tabindex=\"0\"]').textContent"
    )
    assert first == "Skip to the message box"
    skip = console.page.get_by_role("link", name=first)
    await skip.focus()
    await expect(skip).to_be_in_viewport()
    await console.page.keyboard.press("Enter")
    await expect(console.box).to_be_focused()


async def test_everything_has_a_name_and_can_be_read(console: Console) -> None:
    assert await audit(console.page) == []
    await full_page(console)
    assert await audit(console.page) == []
    assert await violations(console.page) == []
    await console.picture("console-light")
    await console.newest.get_by_role("button", name="Snooze: 4 Repaint the sign").click()
    await expect(console.page.get_by_role("menu")).to_be_visible()
    assert await violations(console.page) == []
    await console.page.keyboard.press("Escape")
    await console.box.press_sequentially("/task ")
    await expect(console.page.get_by_role("option").first).to_be_visible()
    assert await violations(console.page) == []
    await console.say("/task add")
    await expect(console.dialog).to_be_visible()
    await console.dialog.get_by_role("button", name="Add", exact=True).click()
    assert await audit(console.page) == []
    assert await violations(console.page) == []
    await console.picture("form-light")


async def test_the_log_tells_screen_readers_what_is_new(console: Console) -> None:
    log = console.page.get_by_role("log")

    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).not_to_have_attribute("aria-busy", "true")
    await expect(console.page.get_by_role("navigation", name="Channels")).to_be_visible()
    await expect(console.page.get_by_role("heading", level=1)).to_have_text("# general")


async def test_the_dark_is_followed_chosen_and_remembered(tab: Page, shop: Shop) -> None:
    async with signed_in(tab, shop, scheme="dark") as console:
        root = console.page.locator("html")
        await expect(root).to_have_attribute("data-theme", "dark")
        await full_page(console)
        assert await audit(console.page) == []
        assert await violations(console.page) == []
        await console.picture("console-dark")
        await console.say("/task add")
        await expect(console.dialog).to_be_visible()
        assert await audit(console.page) == []
        await console.picture("form-dark")
        await console.page.keyboard.press("Escape")
        await console.page.get_by_role("button", name="Switch to light colours").click()
        await expect(root).to_have_attribute("data-theme", "light")
        await console.page.reload()
        await expect(root).to_have_attribute("data-theme", "light")


async def test_a_phone_shows_everything_and_fingers_hit_it(browser: Browser, shop: Shop) -> None:
    context = await context_of(browser, NARROW, touch=True)
    console = await Console.open(context, shop)
    await console.picture("welcome-phone")
    await full_page(console)
    wide = await console.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    assert await audit(console.page) == []
    assert await violations(console.page) == []
    await console.newest.get_by_role("button", name="Done: 4 Repaint the sign").tap()
    await expect(console.newest).to_contain_text("completed #4 Repaint the sign")
    await expect(console.page.get_by_role("button", name="Undo: 4 Repaint the sign")).to_be_in_viewport()
    small: list[str] = await console.page.evaluate(
        """() => [...document.querySelectorAll("button, a.file, .option")]
          .filter((node) => node.checkVisibility() && node.getClientRects().length)
          .filter((node) => !node.closest(".sort, thead, #sidebar"))
          .filter((node) => node.matches(".fill")
            ? parseFloat(getComputedStyle(node, "::after").height) < 43.5 || node.getBoundingClientRect().height > 30
            : node.getBoundingClientRect().height < 43.5)
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert small == []
    # What tells of news lies on no message.
    news = await console.page.locator("#to-newest").bounding_box()
    log = await console.page.locator("#log").bounding_box()
    assert news
    assert log
    assert news["y"] >= log["y"] + log["height"]
    await console.picture("console-phone")
    await console.page.get_by_role("button", name="Show the channel list").click()
    await expect(console.page.get_by_role("button", name="Close the channel list")).to_be_focused()
    await console.picture("channels-phone")
    await console.page.get_by_role("button", name="Quartermaster").click()
    await expect(console.page.locator("#sidebar")).not_to_be_visible()
    await expect(console.page.locator("#channel-title")).to_have_text("Quartermaster")
    assert console.complaints == []
    await context.close()


async def test_everything_is_there_at_200_percent(tab: Page, shop: Shop) -> None:
    async with signed_in(tab, shop, ENLARGED) as console:
        await full_page(console)
        assert not await console.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert await violations(console.page) == []
        await expect(console.box).to_be_in_viewport()
        await console.picture("console-enlarged")
        await console.newest.get_by_role("button", name="Snooze: 4 Repaint the sign").click()
        for choice in await console.page.get_by_role("menuitem").all():
            await choice.scroll_into_view_if_needed()
            await expect(choice).to_be_in_viewport()
        assert await violations(console.page) == []
        await console.page.keyboard.press("Escape")
        await console.say("/task add")
        await expect(console.dialog.get_by_role("button", name="Add", exact=True)).to_be_in_viewport()
        assert await violations(console.page) == []
        await console.picture("form-enlarged")


async def test_the_welcome_is_shown(console: Console) -> None:
    await expect(console.page.get_by_role("button", name="Add a task")).to_be_visible()
    await console.picture("welcome-light")
