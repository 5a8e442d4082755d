"""Forms: what was typed is not lost, and what is mended is no longer scolded."""

import pytest
from playwright.async_api import expect

from tests.browser.console import Console

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_form_closed_by_mistake_has_everything_when_it_opens_again(console: Console) -> None:
    title, high = console.dialog.get_by_label("Title"), console.dialog.get_by_label("high", exact=True)
    due, me = console.dialog.get_by_label("Due", exact=False).first, console.dialog.get_by_label("Owner (you)")
    await console.say("/task add")
    await console.dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(console.dialog.locator(".error:visible")).to_have_text("Please fill this in.")
    await title.fill("Buy milk")
    await expect(console.dialog.locator(".error:visible")).to_have_count(0)
    await expect(title).not_to_have_attribute("aria-invalid", "true")
    await high.check()
    await me.check()
    await due.fill("tomorrow 25:00")
    await console.dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(console.dialog.locator(".error:visible")).to_have_count(1)
    await console.dialog.get_by_role("button", name="tomorrow 9am").click()
    await expect(console.dialog.locator(".error:visible")).to_have_count(0)
    await console.page.keyboard.press("Escape")
    await expect(console.dialog).to_have_count(0)

    await console.say("/task add")
    await expect(title).to_have_value("Buy milk")
    await expect(due).to_have_value("tomorrow 9am")
    await expect(high).to_be_checked()
    await expect(me).to_be_checked()
    await console.dialog.get_by_role("button", name="Cancel").click()
    await console.say("/task add")
    await expect(title).to_have_value("")
    await expect(high).not_to_be_checked()


async def test_a_due_of_today_is_offered_as_long_as_it_is_ahead(console: Console) -> None:
    for now, offered in (("2026-11-20T16:59:59+01:00", 1), ("2026-11-20T17:00:00+01:00", 0)):
        await console.page.evaluate("now => { Date.now = () => Date.parse(now); }", now)
        await console.say("/task add")
        await expect(console.dialog.get_by_role("button", name="tomorrow 9am")).to_be_visible()
        await expect(console.dialog.get_by_role("button", name="today 17:00")).to_have_count(offered)
        await console.dialog.get_by_role("button", name="Cancel").click()


async def test_a_scanner_types_one_code_after_the_other_into_an_input_that_stays(console: Console) -> None:
    for line in ("/stock add Tea 7 4.80 sku:4006381333931", "/stock add Cups 3 2 sku:CUP-1", "/stock count start"):
        await console.say(line)
    await console.newest.get_by_role("button", name="Scan", exact=True).click()
    code, done = console.dialog.get_by_label("Product"), console.dialog.locator(".form-done li")
    await expect(code).to_be_focused()
    for typed in ("4006381333931", "CUP-1", "4006381333931", "NO-SUCH"):
        await console.page.keyboard.type(f"{typed}\n")
    await expect(done).to_have_count(4)
    await expect(console.dialog.locator(".form-done .under-way")).to_have_count(0)
    await expect(code).to_be_focused()
    await expect(code).to_have_value("")
    await expect(done.nth(0)).to_contain_text("no product “NO-SUCH”")
    await expect(done.nth(1)).to_contain_text("Tea: 2 counted")
    await expect(done.nth(2)).to_contain_text("Cups: 1 counted")
    await console.picture("scan")
    await console.dialog.get_by_role("button", name="Close").last.click()
    await expect(console.dialog).to_have_count(0)
    await console.say("/stock count")
    await expect(console.newest.locator(".reply")).to_contain_text("2 products counted")


async def test_a_field_for_a_product_offers_those_that_begin_so_by_sku_and_name(console: Console) -> None:
    for made in ('"Green tea" 20 4.80 sku:TEA-1', "Apples 50 0.50 sku:APL"):
        await console.say(f"/stock add {made}")
    await console.say("/order add")
    product = console.dialog.get_by_label("Product")
    offered = console.dialog.locator("datalist option")
    await expect(offered).to_have_count(2)
    await product.press_sequentially("green t")
    await expect(offered).to_have_count(1)
    assert [await offered.get_attribute(name) for name in ("value", "label")] == ["TEA-1", "Green tea"]
    await product.fill("TEA-1")
    await console.dialog.get_by_role("button", name="Add", exact=True).click()
    await expect(console.newest).to_contain_text("1 × Green tea put into your cart.")
