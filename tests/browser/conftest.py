"""One browser for all browser tests, and a shop of its own for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests.browser.console import Console, context_of
from tests.support.chromium import launch_options
from tests.support.patience import patience
from tests.support.web import Shop

expect.set_options(timeout=patience(10) * 1000)


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


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A window of desktop size."""
    context = await context_of(browser)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def console(window: BrowserContext, shop: Shop) -> AsyncIterator[Console]:
    """The console, signed in; at the end nothing must have gone wrong in it."""
    console = await Console.open(window, shop)
    yield console
    assert console.complaints == []
