"""An area that the product does not have, used on every platform: declaring it is all that it takes to be there."""

from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest

from adapters.platforms.web.texts import BOT_NAME
from bot.cli.exec_command import answer
from bot.cli.typed_line import Line
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.wiring.bootstrap import Tuning
from tests.support.chats import Talk, talking
from tests.support.notes import NOTE_AREA
from tests.support.storage import fresh_url
from tests.support.web import Page, Shop, sign_in, visitor


@pytest.fixture(params=["slack", "discord"])
async def talk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(request.param, tmp_path, NOTE_AREA) as people:
        yield people


async def test_on_slack_and_discord_it_has_its_command_form_buttons_and_undo(talk: Talk) -> None:
    form = await talk.ask("anna", "/note add")
    assert form.message.title == "Note: add"
    (added,) = await talk.send("anna", form, {"Title": "Buy milk"})
    assert "anna added #1 Buy milk" in added.words
    assert not added.is_private
    edited = await talk.type("ben", "/note edit 1 Buy oats")
    assert "ben changed #1 Buy oats" in edited.words
    assert "Buy oats" in (await talk.type("anna", "/note list")).words
    (undone,) = await talk.press("ben", edited, "Undo")
    assert "#1 Buy milk is as before" in undone.words
    told = await talk.type("anna", "/note history 1")
    assert "Buy oats" in told.words
    missing = await talk.type("anna", "/note show 9")
    assert missing.is_private
    assert "no note #9" in missing.words


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    url = fresh_url(tmp_path)
    await NOTE_AREA.prepare(url)
    shop = Shop(tmp_path, url=url, tuning=NOTE_AREA.tuning)
    await shop.start()
    yield shop
    await shop.stop()


async def test_in_the_console_it_is_completed_run_and_shown(shop: Shop) -> None:
    async with visitor() as session:
        await sign_in(session, shop)
        page = await Page.open(session, shop.origin)
        assert "note add" in [command["name"] for command in page.welcome["commands"]]
        general = page.channel("general")
        assert (await page.submit("s-1", general, text="/note add Buy milk"))["type"] == "done"
        await page.send(type="complete", id=1, channel=general, line="/note show mil", cursor=14)
        (offered,) = (await page.frame("completions"))["items"]
        assert (offered["label"], offered["detail"]) == ("#1", "Buy milk")
        await _work_of_every_area_is_one(page)
        await page.close()


async def _work_of_every_area_is_one(page: Page) -> None:
    """What somebody has before them is of the example area, too, turned page by page for itself."""
    assert page.welcome["work"] == ["task mine", "note list"]
    direct = page.channel(BOT_NAME)
    lines = ["/task add Sweep assign:@me", *(f"/note add Note {number}" for number in range(11))]
    for number, line in enumerate(lines):
        assert (await page.submit(f"w-{number}", direct, text=line))["type"] == "done"
    await page.send(type="work")
    reply = (await page.frame("work"))["reply"]
    assert [len(table["rows"]) for table in reply["tables"]] == [1, 10]
    (older,) = [action["command"] for action in reply["actions"] if action["label"] == "Next"]
    await page.send(type="work", of="note list", page=older.partition(" page:")[2])
    reply = (await page.frame("work"))["reply"]
    assert [len(table["rows"]) for table in reply["tables"]] == [1, 1]


async def test_on_the_command_line_it_is_answered_as_text(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    await NOTE_AREA.prepare(url)
    settings = Settings(
        StorageSettings(data_dir=tmp_path, database_url=url), ServerSettings(), ApplicationSettings(), SlackSettings()
    )
    tuning = Tuning(**NOTE_AREA.tuning)
    added = await answer(settings, Line("/note add Buy milk", "", "general", ""), tuning)
    assert "added #1 Buy milk." in added.text(StringIO(), plain=True)
    listed = await answer(settings, Line("/note list", "", "general", ""), tuning)
    assert listed.document["tables"][0]["rows"] == [[1, "Buy milk", False]]
