"""A restored product sends nothing by itself that may have been sent since the backup."""

from datetime import timedelta
from pathlib import Path

from bot.cli import keeping
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from tests.scenario.conftest import By
from tests.support.clock import RunningClock
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack_product import SlackShop

LATER = RunningClock(timedelta(hours=3))


def _settings(folder: Path) -> Settings:
    storage = StorageSettings(data_dir=folder, database_url=f"sqlite+aiosqlite:///{folder / 'quartermaster.db'}")
    return Settings(storage, ServerSettings(), ApplicationSettings(), SlackSettings())


def _told(person: Person, words: str) -> int:
    return len([message for message in person.direct_channel.messages if words in message.shown])


async def test_what_was_under_way_waits_to_be_released_and_what_arrived_does_not_come_twice(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel, tmp_path: Path
) -> None:
    anna, ben = by("anna"), by("ben")
    await (await ben.command("/user whoami", channel=general)).answer()
    await (await ben.command("/task add Count the tins due:in 2h assign:@me", channel=general)).answer()
    # The first notice arrives, but nobody hears that it did; the second one waits behind it.
    fault = slack.faults.hang("chat.postMessage", times=None, after_effect=True)
    await (await anna.command("/task add Buy milk assign:@ben", channel=general)).answer()
    await fault.reached.wait()
    await (await anna.command("/task add Sweep assign:@ben", channel=general)).answer()
    said: list[str] = []
    archive = await keeping.back_up(_settings(shop.folder), tmp_path / "backup.tar", said.append, RunningClock())
    await shop.stop()
    slack.faults.clear()

    there = _settings(tmp_path / "there")
    await keeping.restore(there, archive, said.append, LATER)
    assert "Held back" in said[-1]
    assert "2 messages and 1 reminder" in said[-1]
    again = SlackShop(slack, tmp_path / "there", clock=LATER, url=there.storage.database_url)
    await again.start()
    try:
        await (await by("anna").command("/task add Lock the door assign:@ben", channel=general)).answer()
        await slack.until(lambda: _told(ben, "Lock the door"), what="the notice of a new task")
        assert (_told(ben, "Buy milk"), _told(ben, "Sweep"), _told(ben, "reminder")) == (1, 0, 0)
        said.clear()
        await keeping.held(there, "show", said.append, LATER)
        assert [line.strip().partition("  ")[2] for line in said[1:]] == [
            "message to ben: @ben, anna gave you #2 Buy milk.",
            "message to ben: @ben, anna gave you #3 Sweep.",
            "reminder in #general: #1 Count the tins",
        ]
        await keeping.held(there, "release", said.append, LATER)
        await slack.until(lambda: _told(ben, "Sweep") and _told(ben, "reminder"), what="what was held back")
        await keeping.held(there, "show", said.append, LATER)
        assert said[-1] == "Nothing is held back."
        assert (_told(ben, "Buy milk"), _told(ben, "Sweep"), _told(ben, "reminder")) == (1, 1, 1)
    finally:
        await again.stop()
