"""The console in a real browser, as a person uses it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from core.shared.clock import SystemClock
from tests.support.clock import RunningClock
from tests.support.scripted import ScriptedShop
from tests.support.web import Shop

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
DESKTOP = (1280, 800)
PHONE = (390, 844)
NARROW = (360, 740)
ENLARGED = (DESKTOP[0] // 2, DESKTOP[1] // 2)
"""What is left of a desktop's window at 200 %."""

_OTHER_DAY = """
const TheirDate = Date, ahead = %d;
Date = class extends TheirDate {
  constructor(...given) { given.length ? super(...given) : super(TheirDate.now() + ahead); }
  static now() { return TheirDate.now() + ahead; }
};
"""
_AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
_VIOLATIONS = """
async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html.slice(0, 140)}`)
"""


@dataclass
class Console:
    """A page of the console; `complaints` are errors of its scripts and requests that leave our server."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, at: BrowserContext | Page, shop: Shop | ScriptedShop) -> "Console":
        """Sign in with a fresh link, in a new page or one that is there, and wait until the page is ready."""
        console = cls(at if isinstance(at, Page) else await at.new_page(), shop.origin)
        for event, listener in console._listeners().items():
            console.page.on(event, listener)  # type: ignore[call-overload]
        await console.page.goto(shop.sign_in_url())
        await console.ready()
        return console

    async def leave(self) -> None:
        """Go away, and let nothing be left of it for whoever uses the page next."""
        for event, listener in self._listeners().items():
            self.page.remove_listener(event, listener)
        # What is of the same server keeps the browser's process, whose start would take longer than all the rest.
        await self.page.goto(f"{self.origin}/static/logo.svg")
        await self.page.evaluate("localStorage.clear(); sessionStorage.clear()")

    async def ready(self) -> None:
        """Wait until the page is connected and shows its channel."""
        await expect(self.page.locator("#my-name")).not_to_be_empty()
        await expect(self.page.locator("#welcome:visible, #messages > .message").first).to_be_visible()

    @property
    def box(self) -> Locator:
        """The message box."""
        return self.page.locator("#line")

    @property
    def messages(self) -> Locator:
        """All messages."""
        return self.page.locator("#messages > .message")

    @property
    def newest(self) -> Locator:
        """The newest message."""
        return self.messages.last

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.get_by_role("dialog")

    async def say(self, line: str) -> None:
        """Type a line and send it; wait until it is no longer under way."""
        await self.box.fill(line)
        await self.box.press("Escape")
        await self.box.press("Enter")
        await expect(self.page.locator("#pending > .message")).to_have_count(0)

    async def add_tasks(self, titles: Sequence[str]) -> None:
        """Add tasks."""
        for title in titles:
            await self.say(f"/task add {title}")
            await expect(self.newest.locator(".reply")).to_contain_text("added")

    async def list_tasks(self) -> Locator:
        """Show the tasks and return the message that has them."""
        before = await self.messages.count()
        await self.say("/task list")
        await expect(self.messages).to_have_count(before + 2)
        return self.messages.nth(before + 1)

    async def picture(self, name: str) -> None:
        """Keep a picture of what is on show."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.mouse.move(0, 0)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled", caret="hide")

    def _listeners(self) -> dict[str, Callable[[Any], None]]:
        return {"console": self._on_console, "pageerror": self._on_error, "request": self._on_request}

    def _on_error(self, error: Exception) -> None:
        self.complaints.append(str(error))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"http://{parts.netloc}" != self.origin:
            self.complaints.append(f"asked {request.url}")


@asynccontextmanager
async def signed_in(
    page: Page,
    shop: Shop | ScriptedShop,
    size: tuple[int, int] = DESKTOP,
    *,
    scheme: Literal["light", "dark"] = "light",
) -> AsyncIterator[Console]:
    """The console in a page that others use afterwards; nothing must have gone wrong in it."""
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.emulate_media(color_scheme=scheme)
    is_left = False
    try:
        console = await Console.open(page, shop)
        yield console
        complaints = list(console.complaints)
        await console.leave()
        is_left = True
    finally:
        if not is_left:
            # Whatever state it is in, nobody is to go on from there.
            await page.close()
    assert complaints == []


async def context_of(
    browser: Browser, size: tuple[int, int] = DESKTOP, *, scheme: str = "light", touch: bool = False
) -> BrowserContext:
    """A browser's window with cookies of its own, in Berlin, in English, on the day that all tests live on."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        has_touch=touch,
        reduced_motion="reduce",
    )
    ahead = RunningClock().now() - SystemClock().now()
    await context.add_init_script(_OTHER_DAY % (ahead.total_seconds() * 1000))
    return context


async def audit(page: Page) -> list[str]:
    """What is wrong with names, roles, labels and contrast of what is on show."""
    found: list[str] = await page.evaluate(_AUDIT)
    return found


async def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with what is on show."""
    await page.evaluate(_AXE)
    found: list[str] = await page.evaluate(_VIOLATIONS)
    return found
