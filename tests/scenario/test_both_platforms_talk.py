"""What is said to the bot, in channels, threads and directly, alike on Slack and on Discord."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.chats import Shown, Talk, talking
from tests.support.patience import until

ROWS = b"title,due,priority\nBuy milk,2026-12-01,high\nSweep,2026-12-02,low\n"


@pytest.fixture(params=["slack", "discord"])
async def talk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Talk]:
    """People on one platform."""
    async with talking(request.param, tmp_path) as people:
        yield people


async def test_a_mention_is_the_same_command(talk: Talk) -> None:
    added = await talk.mention("anna", "task add Buy milk due:tomorrow 9am assign:@me")
    assert "anna added #1 Buy milk" in added.words
    assert not added.is_private
    assert added.buttons == ["Done", "Undo"]
    assert "#1 Buy milk" in (await talk.type("ben", "/task list")).words
    done = await talk.mention("ben", "/task done 1")
    assert "ben completed #1 Buy milk" in done.words
    assert "Buy milk" in (await talk.type("anna", "/task list status:done")).words


async def test_buttons_of_its_answer_work(talk: Talk) -> None:
    added = await talk.mention("anna", "task add Buy milk")
    (done,) = await talk.press("ben", added, "Done")
    assert "ben completed #1" in done.words
    (undone,) = await talk.press("ben", done, "Undo")
    assert undone.message is done.message
    (gone,) = await talk.press("anna", added, "Undo")
    assert "taken away again" in gone.words


async def test_a_mention_in_a_thread_is_answered_there(talk: Talk) -> None:
    root = await talk.say("ben", "We are out of milk")
    added = await talk.mention("anna", "task add Buy milk", thread=root.ts)
    assert "anna added #1" in added.words
    assert added.message.thread_ts == root.ts
    done = await talk.mention("ben", "task done 1", thread=root.ts)
    assert done.message.thread_ts == root.ts
    assert "#1 Buy milk" in (await talk.type("anna", "/task list status:done")).words


async def test_what_is_for_one_person_stays_with_them(talk: Talk) -> None:
    await talk.mention("anna", "task add Buy milk")
    listed = await talk.mention("ben", "task list")
    assert listed.is_private
    assert "#1 Buy milk" in listed.words
    said = [message.shown for message in talk.chat.platform.messages(talk.chat.channel())]
    assert sum("Buy milk" in words for words in said) == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("task done 99", "no task #99"),
        ("task dnoe 1", "task done"),
        ("task add", "title"),
        ("", "/task"),
        ("help task add", "/task add"),
    ],
)
async def test_mistakes_and_help_are_for_whoever_asked(talk: Talk, line: str, told: str) -> None:
    shown = await talk.mention("ben", line)
    assert shown.is_private
    assert told in shown.words.lower()


async def test_a_direct_message_is_a_command_without_any_mark(talk: Talk) -> None:
    added = await talk.tell("anna", "task add Call the bank")
    assert "added #1 Call the bank" in added.words
    listed = await talk.tell("anna", "/task list")
    assert "#1 Call the bank" in listed.words
    renewed, told = await talk.press("anna", listed, "Done", answers=2)
    assert renewed.message is listed.message
    assert "completed #1" in told.words
    assert "Call the bank" not in (await talk.type("ben", "/task list channel:all status:done")).words
    assert "Call the bank" in (await talk.tell("anna", "task list status:done")).words


async def test_a_file_said_directly_is_the_command_s(talk: Talk) -> None:
    file = talk.chat.person("anna").upload("tasks.csv", ROWS)
    checked = await talk.tell("anna", "task import", files=[file])
    button = next(label for label in checked.buttons if "import" in label.lower())
    await talk.press("anna", checked, button)

    async def is_imported() -> bool:
        return "Sweep" in (await talk.tell("anna", "task list")).words

    await until(is_imported, what="the imported task")


async def test_what_is_told_again_is_done_once(talk: Talk) -> None:
    mentioned = await talk.mention("anna", "task add Buy milk")
    told = await talk.tell("anna", "task add Call the bank")
    for shown in (mentioned, told):
        await shown.exchange.delivery.repeat(3)
    assert "#3" in (await talk.mention("anna", "task add Sweep")).words
    said = [Shown(message).words for message in talk.chat.platform.messages(talk.chat.channel()) if message.by_bot]
    direct = [Shown(message).words for message in talk.chat.platform.direct_messages(talk.chat.person("anna").user)]
    assert [sum("added #" in words for words in place) for place in (said, direct)] == [2, 1]


async def test_other_talk_is_left_alone(talk: Talk) -> None:
    await talk.say("anna", "task add Overheard")
    await talk.say("anna", "I think @quartermaster task add is great")
    await talk.say("anna", "@ben task add For Ben")
    assert "#1 Mine" in (await talk.mention("anna", "task add Mine")).words
    assert sum(message.by_bot for message in talk.chat.platform.messages(talk.chat.channel())) == 1
