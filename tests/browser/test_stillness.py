"""Nothing moves under the pointer: a second click never meets what the first one did not."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.console import Console

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def middle(node: Locator) -> tuple[float, float]:
    """Where a button is, once it has been scrolled into sight."""
    await node.scroll_into_view_if_needed()
    box = await node.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def under(console: Console, at: tuple[float, float]) -> str:
    """The name of what lies under a point."""
    name: str | None = await console.page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('button')?.getAttribute('aria-label') ?? null", list(at)
    )
    return name or ""


_NOTE_CLICK = "addEventListener('click', (event) => { window.pressedAt = event.timeStamp; }, { once: true })"
_CLICK_AGAIN = """
([x, y, after]) => {
  const event = new MouseEvent("click", { bubbles: true, clientX: x, clientY: y, detail: 2 });
  Object.defineProperty(event, "timeStamp", { value: window.pressedAt + after });
  const button = document.elementFromPoint(x, y).closest("button");
  button.dispatchEvent(event);
  return [button.textContent, button.getAttribute("aria-busy") === "true"];
}
"""


async def test_a_double_click_on_a_button_is_none_on_what_takes_its_place(console: Console) -> None:
    await console.page.locator("input[type=file]").first.set_input_files(
        {"name": "todo.csv", "mimeType": "text/csv", "buffer": b"title\nSweep\nDust\n"}
    )
    await expect(console.page.get_by_text("todo.csv").first).to_be_visible()
    await console.say("/task import")
    button = console.newest.get_by_role("button", name="Import 2 rows")
    x, y = await middle(button)
    x -= 40  # where Undo will be
    await console.page.evaluate(_NOTE_CLICK)
    await console.page.mouse.click(x, y)
    await expect(console.newest.get_by_role("button", name="Undo")).to_be_visible()
    assert await console.page.evaluate(_CLICK_AGAIN, [x, y, 300]) == ["Undo", False]
    assert await console.page.evaluate(_CLICK_AGAIN, [x, y, 900]) == ["Undo", True]
    await expect(console.newest).to_contain_text("Import undone")


async def test_a_double_click_completes_one_task_and_leaves_everything_where_it_was(console: Console) -> None:
    await console.add_tasks([f"Task {number}" for number in range(1, 9)])
    listing = await console.list_tasks()
    at = await middle(listing.get_by_role("button", name="Done: 4 Task 4"))
    order = await listing.locator("td.title").all_inner_texts()
    await console.page.mouse.dblclick(*at)

    await expect(listing.get_by_role("button", name="Undo: 4 Task 4")).to_be_visible()
    await expect(console.newest).to_contain_text("completed #4 Task 4")
    assert await under(console, at) == "Undo: 4 Task 4"
    assert await listing.locator("td.title").all_inner_texts() == order
    await expect(listing.get_by_role("button", name="Snooze: 4 Task 4")).to_be_disabled()
    await expect(console.page.get_by_role("button", name="New messages")).to_be_visible()
    await console.picture("row-done")

    # A line of one's own goes to the end; the other click has done nothing.
    again = await console.list_tasks()
    await expect(again.get_by_role("row")).to_have_count(8)
    await expect(again).to_be_in_viewport()
    await expect(console.messages.filter(has_text="completed #")).to_have_count(1)


async def test_a_list_that_becomes_empty_stays_and_gives_each_task_back(console: Console) -> None:
    await console.add_tasks(["Buy milk", "Buy bread"])
    listing = await console.list_tasks()
    for number, title in ((1, "Buy milk"), (2, "Buy bread")):
        done = listing.get_by_role("button", name=f"Done: {number} {title}")
        at = await middle(done)
        await done.press("Enter")
        undo = listing.get_by_role("button", name=f"Undo: {number} {title}")
        await expect(undo).to_be_focused()
        assert await under(console, at) == f"Undo: {number} {title}"
    await console.say("/task list")
    await expect(console.newest).to_contain_text("Nothing to do")
    await listing.get_by_role("button", name="Undo: 1 Buy milk").click()
    await expect(listing.get_by_role("button", name="Done: 1 Buy milk")).to_be_enabled()
    await expect(console.messages.filter(has_text="undid")).to_have_count(1)
    await expect(listing.get_by_role("button", name="Undo: 2 Buy bread")).to_be_visible()


async def test_nothing_comes_into_a_list_that_one_works_in_and_no_button_moves_sideways(console: Console) -> None:
    await console.add_tasks([f"Task {number} due:in {number} days" for number in range(2, 11)])
    await console.add_tasks(["Mine due:tomorrow assign:@me", f"{'A long title ' * 9} due:in 30 days"])
    listing = await console.list_tasks()
    await expect(listing.get_by_role("columnheader", name="For")).to_be_visible()
    at = await middle(listing.get_by_role("button", name="Done: 10 Mine"))
    below = await middle(listing.get_by_role("button", name="Done: 1 Task 2"))
    await console.page.mouse.dblclick(*at)

    # The only row that is for somebody has left, and a wide one of the next page waits until it is asked for.
    await expect(listing.get_by_role("button", name="Undo: 10 Mine")).to_be_visible()
    await expect(listing).to_contain_text("10 tasks.")
    await expect(listing.get_by_role("row")).to_have_count(11)
    assert await under(console, at) == "Undo: 10 Mine"
    assert await under(console, below) == "Done: 1 Task 2"
    await expect(listing.get_by_role("columnheader", name="For")).to_be_visible()
    await console.picture("row-done-wide")

    await listing.get_by_role("button", name="Done: 1 Task 2").click()
    await expect(listing.get_by_role("button", name="Undo: 1 Task 2")).to_be_visible()
    await expect(listing.get_by_role("row", name="A long title")).to_have_count(0)
    again = await console.list_tasks()
    await expect(again.get_by_role("row", name="A long title")).to_be_visible()


async def test_a_folded_column_unfolds_for_what_one_gave_oneself(console: Console) -> None:
    await console.add_tasks(["Buy milk", "Buy bread"])
    listing = await console.list_tasks()
    await expect(listing.get_by_role("columnheader", name="For")).to_have_count(0)
    await listing.get_by_role("button", name="Assign: 1 Buy milk").click()
    await console.dialog.get_by_role("checkbox", name="Owner (you)").check()
    await console.dialog.get_by_role("button", name="Assign").click()
    await expect(listing.get_by_role("row", name="Buy milk")).to_contain_text("Owner")
    await expect(listing.get_by_role("columnheader", name="For")).to_be_visible()
