"""The message box: completion, history, several lines, files."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.console import Console

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_command_is_completed_by_keyboard(console: Console) -> None:
    options = console.page.get_by_role("option")
    await console.box.press_sequentially("/ta")
    await expect(options).to_have_count(1)
    await expect(console.page.locator("#announcer")).to_have_text(re.compile("suggestion"))
    await console.box.press("Enter")
    await expect(console.box).to_have_value("/task ")
    await expect(options.first).to_be_visible()
    await console.box.press_sequentially("a")
    await expect(options).to_have_count(2)
    await console.box.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    active = await console.box.get_attribute("aria-activedescendant")
    assert active == await options.nth(1).get_attribute("id")
    await console.box.press("ArrowUp")
    await console.box.press("Tab")
    await expect(console.box).to_have_value("/task add ")
    await console.box.press_sequentially("Buy milk pri")
    await console.box.press("Tab")
    await expect(console.box).to_have_value("/task add Buy milk priority:")
    await expect(options.filter(has_text="high")).to_be_visible()
    await console.box.press_sequentially("hi")
    await console.box.press("Tab")
    await expect(console.box).to_have_value("/task add Buy milk priority:high ")
    await console.box.press_sequentially("assign:@")
    await expect(options.filter(has_text="@me")).to_be_visible()
    await console.box.press("Tab")
    await expect(console.box).to_have_value("/task add Buy milk priority:high assign:@me ")
    await console.box.press("Escape")
    await expect(options).to_have_count(0)
    await console.box.press("Enter")

    await expect(console.newest).to_contain_text("added #1 Buy milk")


async def test_completion_counts_characters_as_people_do(console: Console) -> None:
    await console.box.press_sequentially("/task add 🥛🧀 Milk pri")
    await expect(console.page.get_by_role("option").first).to_be_visible()
    await console.box.press("Tab")

    await expect(console.box).to_have_value("/task add 🥛🧀 Milk priority:")


async def test_a_suggestion_within_a_line_keeps_what_stands_behind(console: Console) -> None:
    line = "/task add Buy milk due:tomorrow pri assign:@me"
    await console.box.fill(line)
    await console.box.press("End")
    for _ in " assign:@me":
        await console.box.press("ArrowLeft")
    await console.page.get_by_role("option", name="priority:").click()
    await expect(console.box).to_have_value("/task add Buy milk due:tomorrow priority: assign:@me")
    await console.page.get_by_role("option", name="high").click()

    await expect(console.box).to_have_value("/task add Buy milk due:tomorrow priority:high assign:@me")


async def test_the_pointer_chooses_too(console: Console) -> None:
    await console.box.press_sequentially("/task ")
    await console.page.get_by_role("option", name="list Show").click()

    await expect(console.box).to_have_value("/task list ")
    await expect(console.box).to_be_focused()


async def test_what_the_command_takes_is_shown_while_typing(console: Console) -> None:
    await console.box.press_sequentially("/task add ")

    await expect(console.page.locator("#usage")).to_contain_text("/task add title")


async def test_earlier_lines_come_back(console: Console) -> None:
    await console.say("first")
    await console.say("second")
    await console.box.press("ArrowUp")
    await expect(console.box).to_have_value("second")
    await console.box.press("ArrowUp")
    await expect(console.box).to_have_value("first")
    await console.box.press("ArrowDown")
    await console.box.press("ArrowDown")
    await expect(console.box).to_have_value("")


async def test_several_lines_stay_several_lines(console: Console) -> None:
    await console.box.focus()
    await console.page.keyboard.insert_text("one\ntwo\n\nfour")
    await console.box.press("Shift+Enter")
    await console.page.keyboard.insert_text("five")
    await console.box.press("Enter")

    await expect(console.newest.locator(".said")).to_have_text("one\ntwo\n\nfour\nfive")


async def test_a_file_waits_for_its_command(console: Console) -> None:
    async with console.page.expect_file_chooser() as chooser:
        await console.page.get_by_role("button", name="Attach a file").click()
    await (await chooser.value).set_files({"name": "tasks.csv", "mimeType": "text/csv", "buffer": b"title\nMilk\n"})
    await expect(console.page.locator("#attachments progress")).to_have_count(0)
    await console.box.fill("just words")
    await console.box.press("Enter")
    await expect(console.page.locator("#composer-note")).to_contain_text("A file goes with a command")
    await console.box.fill("/task add with file")
    await console.box.press("Escape")
    await console.box.press("Enter")
    await expect(console.page.locator("#composer-note")).to_contain_text("/task add takes no file, and “tasks.csv” is")
    await expect(console.box).to_have_value("/task add with file")
    await expect(console.messages).to_have_count(0)
    await console.page.get_by_role("button", name="Remove tasks.csv").click()
    await expect(console.page.locator("#attachments")).to_be_hidden()
    await console.say("just words")
    await expect(console.newest).to_contain_text("just words")


async def test_a_line_that_was_sent_before_its_file_is_there_goes_with_it(console: Console) -> None:
    may_arrive = asyncio.Event()

    async def arrives_late(route: Route) -> None:
        await may_arrive.wait()
        await route.continue_()

    await console.page.route("**/upload?*", arrives_late)
    await console.page.locator("input[type=file]").first.set_input_files(
        {"name": "tasks.csv", "mimeType": "text/csv", "buffer": b"title\nMilk\n"}
    )
    await console.box.fill("/task import")
    await console.box.press("Escape")
    await console.box.press("Enter")
    await expect(console.page.locator("#composer-note")).to_contain_text("as soon as the file is there")
    await expect(console.messages).to_have_count(0)

    # What waits does so in its channel alone.
    await console.page.get_by_role("button", name="Quartermaster").click()
    await expect(console.page.locator("#composer-note")).to_have_text("")
    await console.page.get_by_role("button", name="general").click()
    await console.box.press("Enter")
    may_arrive.set()
    await expect(console.newest.get_by_role("button", name="Import 1 row")).to_be_visible()
    await expect(console.box).to_have_value("")
    await expect(console.page.locator("#attachments")).to_be_hidden()


async def test_examples_go_into_the_box(console: Console) -> None:
    await console.page.get_by_role("button", name="Add a task").click()
    await expect(console.box).to_have_value("/task add Buy milk due:tomorrow assign:@me")
    await console.box.press("Escape")
    await console.box.press("Enter")

    await expect(console.newest).to_contain_text("added #1 Buy milk")
    await expect(console.page.locator("#welcome")).to_be_hidden()


async def test_a_half_typed_line_waits_in_its_channel(console: Console) -> None:
    await console.box.fill("half a thou")
    await console.page.get_by_role("button", name="Quartermaster").click()
    await expect(console.box).to_have_value("")
    await console.page.get_by_role("button", name="general").click()
    await expect(console.box).to_have_value("half a thou")
