"""The same scenarios on Slack and on Discord: the same commands, the same outcomes; and both at once as one team."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.chats import DiscordChat, Shop, Shown, SlackChat, Talk, talking
from tests.support.discord import DiscordPlatform
from tests.support.slack import SlackPlatform


@pytest.fixture(params=["slack", "discord"])
async def talk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Talk]:
    """People on one platform."""
    async with talking(request.param, tmp_path) as people:
        yield people


async def test_a_task_is_added_listed_and_done(talk: Talk) -> None:
    added = await talk.type("anna", "/task add Buy milk due:tomorrow 9am assign:@me")
    assert "anna added #1 Buy milk" in added.words
    assert not added.is_private
    assert added.buttons == ["Done", "Undo"]
    await talk.type("anna", "/task add Sweep the floor")
    listed = await talk.type("anna", "/task list")
    assert listed.is_private
    assert listed.words.index("#1 Buy milk") < listed.words.index("#2 Sweep the floor")
    renewed, told = await talk.use("anna", listed, "Done", "#1 Buy milk")
    assert renewed.message is listed.message
    assert "Buy milk" not in renewed.words
    assert "anna completed #1 Buy milk" in told.words
    assert not told.is_private
    done = await talk.type("ben", "/task list status:done")
    assert "Buy milk" in done.words


async def test_what_was_done_is_undone(talk: Talk) -> None:
    added = await talk.type("anna", "/task add Buy milk")
    done = await talk.type("ben", "/task done 1")
    (undone,) = await talk.press("ben", done, "Undo")
    assert undone.message is done.message
    assert "Buy milk" in (await talk.type("anna", "/task list")).words
    (gone,) = await talk.press("anna", added, "Undo")
    assert "taken away again" in gone.words
    assert "Nothing to do" in (await talk.type("anna", "/task list")).words


async def test_a_task_is_snoozed_by_a_form(talk: Talk) -> None:
    await talk.type("anna", "/task add Buy milk")
    listed = await talk.type("anna", "/task list")
    form = await talk.pick("anna", listed, "Snooze", "Pick a time…")
    assert form.message.title == "Task: snooze 1"
    renewed, told = await talk.send("anna", form, {"Until": "in 2 h"}, answers=2)
    assert renewed.message is listed.message
    assert "snoozed #1 Buy milk" in told.words


async def test_a_task_is_assigned_by_command_and_by_form(talk: Talk) -> None:
    await talk.type("ben", "/user whoami")
    await talk.type("anna", "/task add Buy milk")
    assert "ben will do it" in (await talk.type("anna", "/task assign 1 @ben")).words
    await talk.type("anna", "/task add Sweep")
    shown = await talk.type("anna", "/task show 2")
    form = await talk.form("anna", shown, "Assign")
    told = (await talk.send("anna", form, {"People": [talk.chat.person("ben").user]}, answers=2))[1]
    assert "ben will do it" in told.words


async def test_an_edit_begins_with_what_there_is_and_what_is_emptied_is_taken_away(talk: Talk) -> None:
    await talk.type("anna", "/task add Buy milk priority:high notes:oat")
    form = await talk.ask("anna", "/task edit 1")
    (told,) = await talk.send("anna", form, {"Title": "Buy oat milk", "Notes": ""})
    assert "Buy oat milk" in told.words
    shown = (await talk.type("anna", "/task show 1")).words
    assert "high" in shown
    assert "Notes" not in shown
    await talk.type("anna", "/task edit 1 notes:rye")
    again = await talk.ask("anna", "/task edit 1")
    await talk.type("ben", "/task edit 1 notes:spelt priority:urgent")
    await talk.send("anna", again, {"Title": "Buy rye"})
    # What Ben changed meanwhile stays.
    shown = (await talk.type("anna", "/task show 1")).words.split("Buy rye")[1]
    assert "spelt" in shown
    assert "urgent" in shown


async def test_a_missing_argument_is_asked_for(talk: Talk) -> None:
    form = await talk.ask("anna", "/task add")
    assert form.message.title == "Task: add"
    (told,) = await talk.send("anna", form, {"Title": "Buy milk", "Due": "tomorrow", "Priority": "high"})
    assert "added #1 Buy milk" in told.words
    assert not told.is_private


async def test_a_file_is_checked_then_imported(talk: Talk) -> None:
    form = await talk.ask("anna", "/task import")
    content = b"title,due,priority\nBuy milk,2026-12-01,high\nSweep,2026-13-01,low\n"
    file = talk.chat.person("anna").upload("tasks.csv", content)
    (checked,) = await talk.send("anna", form, {"File": [file]})
    assert checked.is_private
    assert "2026-13-01" in checked.words or checked.message.files
    button = next(label for label in checked.buttons if "good" in label.lower() or "import" in label.lower())
    await talk.press("anna", checked, button)
    assert "Buy milk" in (await talk.type("anna", "/task list")).words


async def test_help_and_mistakes_are_for_the_asker(talk: Talk) -> None:
    helped = await talk.type("anna", "/qm help task add")
    assert helped.is_private
    assert "/task add" in helped.words
    near = await talk.type("anna", "/qm help task ad")
    assert "task add" in near.words
    await talk.type("ben", "/user whoami")
    await talk.type("anna", "/task add Buy milk")
    misspelt = await talk.type("anna", "/task assign 1 @bn")
    assert misspelt.is_private
    assert "Did you mean @ben?" in misspelt.words.replace("`", "")
    unknown = await talk.type("anna", "/task done 99")
    assert unknown.is_private
    assert "no task #99" in unknown.words


async def test_administrators_start_as_admins(talk: Talk) -> None:
    assert "admin" in (await talk.type("anna", "/user whoami")).words.lower()
    refused = await talk.type("ben", "/qm connect")
    assert refused.is_private
    assert "admin" in refused.words.lower()


def _code(shown: Shown) -> str:
    found = re.search(r"(?:connect|link) ([0-9A-Z]{8,})", shown.words)
    assert found, shown.words
    return found[1]


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[tuple[Talk, Talk]]:
    """A Slack team and a Discord server, served by one product and joined to one workspace."""
    async with AsyncExitStack() as stack:
        slack = SlackChat(await stack.enter_async_context(SlackPlatform()))
        discord = DiscordChat(await stack.enter_async_context(DiscordPlatform()))
        shop = Shop(tmp_path, [slack, discord])
        await shop.start()
        stack.push_async_callback(shop.stop)
        team, server = Talk(slack), Talk(discord)
        code = _code(await team.type("anna", "/qm connect"))
        joined = await server.type("anna", f"/qm connect {code}")
        assert "no longer" not in joined.words
        yield team, server


async def test_a_task_made_in_slack_is_seen_assigned_and_done_in_discord(both: tuple[Talk, Talk]) -> None:
    team, server = both
    await team.type("anna", "/task add Buy milk")
    listed = await server.type("ben", "/task list channel:all")
    assert "#1 Buy milk" in listed.words
    assigned = await server.type("ben", "/task assign 1 @me")
    assert "will do it" in assigned.words
    await server.type("ben", "/task done 1")
    assert "Buy milk" in (await team.type("anna", "/task list channel:all status:done")).words
    await server.type("ben", "/task add Sweep the floor")
    assert "#2 Sweep the floor" in (await team.type("anna", "/task list channel:all")).words


async def test_linked_accounts_are_one_person(both: tuple[Talk, Talk]) -> None:
    team, server = both
    code = _code(await team.type("anna", "/user link"))
    asked = await server.type("anna", f"/user link {code}")
    assert asked.is_private
    await server.press("anna", asked, asked.buttons[0])
    await team.type("anna", "/task add Buy milk assign:@me")
    mine = await server.type("anna", "/task list assignee:@me channel:all")
    assert "#1 Buy milk" in mine.words


async def test_a_board_keeps_itself_up_to_date_and_goes_again(talk: Talk) -> None:
    platform = talk.chat.platform
    await talk.type("anna", "/task board")
    await platform.until(lambda: talk.chat.channel().pinned, what="the pinned board")
    await talk.type("ben", "/task add Buy milk assign:@me")
    await platform.until(lambda: "#1 Buy milk" in talk.chat.pinned(), what="the task on the board")
    await talk.type("ben", "/task done 1")
    await platform.until(lambda: "Done today" in talk.chat.pinned(), what="the task done")
    assert len(talk.chat.channel().pinned) == 1
    board = talk.chat.channel().find(talk.chat.channel().pinned[0])
    await talk.type("anna", "/task unboard")
    await platform.until(lambda: board not in platform.messages(talk.chat.channel()), what="the board gone")


async def _directly(talk: Talk, name: str, line: str) -> Shown:
    """Type a command to the bot itself and see its answer."""
    person = talk.chat.person(name)
    exchange = await person.command(line, channel=person.direct_channel)
    return Shown(await exchange.answer(), exchange)


async def _overview(talk: Talk, name: str) -> Shown:
    """Put up the overview of somebody's own tasks, and wait until it is pinned in their conversation with the bot."""
    place = talk.chat.person(name).direct_channel
    before = len(place.pinned)
    assert "keeps itself up to date" in (await _directly(talk, name, "/task board")).words
    await talk.chat.platform.until(lambda: len(place.pinned) > before, what="the pinned overview")
    return Shown(place.find(place.pinned[-1]))


def _told_directly(talk: Talk, name: str, words: str) -> bool:
    """Whether somebody has a direct message with these words."""
    found = talk.chat.platform.direct_messages(talk.chat.person(name).user)
    return any(words in Shown(message).words for message in found)


async def test_an_overview_of_ones_own_tasks_keeps_itself_up_to_date_in_direct_messages(talk: Talk) -> None:
    platform = talk.chat.platform
    overview = await _overview(talk, "ben")
    assert "Nothing is waiting for you" in overview.words
    await talk.type("anna", "/task add Buy milk assign:@ben due:friday")
    await platform.until(lambda: "#1 Buy milk" in overview.words, what="the task on the overview")
    await platform.until(lambda: _told_directly(talk, "ben", "gave you #1"), what="the notice")
    await talk.type("anna", "/task add Sweep")
    await talk.type("anna", "/task add Call the baker assign:@ben due:tomorrow")
    await platform.until(lambda: "#3 Call the baker" in overview.words, what="the other task")
    assert overview.words.index("#3 Call the baker") < overview.words.index("#1 Buy milk")
    assert "Sweep" not in overview.words
    await talk.type("anna", "/task done 3")
    await platform.until(lambda: "Call the baker" not in overview.words, what="the task gone that anna did")
    (told,) = await talk.press("ben", overview, "Done")
    assert "ben completed #1 Buy milk" in told.words
    await platform.until(lambda: "Nothing is waiting for you" in overview.words, what="the empty overview")
    await _directly(talk, "ben", "/task unboard")
    place = talk.chat.person("ben").direct_channel
    await platform.until(lambda: overview.message not in platform.messages(place), what="the overview gone")


async def test_a_task_is_snoozed_and_given_away_from_the_overview(talk: Talk) -> None:
    platform = talk.chat.platform
    await talk.type("anna", "/user whoami")
    overview = await _overview(talk, "ben")
    added = await talk.form("ben", overview, "Add a task")
    await talk.send("ben", added, {"Title": "Buy milk"})
    await platform.until(lambda: "#1 Buy milk" in overview.words, what="the task on the overview")
    exchange = await talk.chat.person("ben").choose(overview.message, "Snooze", "3 hours")
    assert "snoozed #1" in Shown(await exchange.answer()).words
    form = await talk.form("ben", overview, "Assign")
    await talk.send("ben", form, {"People": [talk.chat.person("anna").user]})
    await platform.until(lambda: "anna" in overview.words, what="who does it too")


async def test_both_overviews_of_a_person_on_two_platforms_follow(both: tuple[Talk, Talk]) -> None:
    team, server = both
    code = _code(await team.type("ben", "/user link"))
    asked = await server.type("ben", f"/user link {code}")
    await server.press("ben", asked, asked.buttons[0])
    overviews = [(talk.chat.platform, await _overview(talk, "ben")) for talk in both]
    await team.type("anna", "/task add Buy milk assign:@ben")
    for platform, overview in overviews:
        await platform.until(lambda shown=overview: "#1 Buy milk" in shown.words, what="the task")
    await server.press("ben", overviews[1][1], "Done")
    for platform, overview in overviews:
        await platform.until(lambda shown=overview: "Nothing is waiting" in shown.words, what="the task gone")


async def test_a_message_becomes_a_task_with_its_link(talk: Talk) -> None:
    anna, ben = talk.chat.person("anna"), talk.chat.person("ben")
    await ben.say("Fix the door\nIt squeaks.", talk.chat.channel())
    message = talk.chat.channel().messages[-1]
    used = await anna.shortcut(talk.chat.menu, message)
    form = await used.view()
    assert form.title == "Task: add"
    await anna.submit(form, {"Due": "tomorrow"})
    told = Shown(await used.answer())
    assert "anna added #1 Fix the door" in told.words
    shown = await talk.type("anna", "/task show 1")
    assert talk.chat.link(message) in shown.words
    assert "It squeaks." in shown.words
