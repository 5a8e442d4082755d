"""One browser and one page for all browser tests, and a shop of its own for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.console import Console, context_of, signed_in
from tests.support.chromium import launch_options
from tests.support.patience import patience
from tests.support.web import Shop

expect.set_options(timeout=patience(30) * 1000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The product on a folder of its own."""
    shop = Shop(tmp_path)
    await shop.start()
    yield shop
    await shop.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A window of desktop size."""
    context = await context_of(browser)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(window: BrowserContext) -> AsyncIterator[Page]:
    """A page of it, which one test leaves to the next: to open one takes longer than what a test does there."""
    page = window.pages[0] if window.pages else await window.new_page()
    yield page
    for other in window.pages:
        if other is not page:
            await other.close()
    await window.clear_cookies()


@pytest_asyncio.fixture(loop_scope="session")
async def console(tab: Page, shop: Shop) -> AsyncIterator[Console]:
    """The console, signed in; at the end nothing must have gone wrong in it."""
    async with signed_in(tab, shop) as console:
        yield console
