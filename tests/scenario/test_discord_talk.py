"""What is said to the app in Discord: mentions in channels and threads, and direct messages, over the wire."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.platforms.discord.manifest import discord_manifest
from bot.wiring.bootstrap import registry
from tests.support.discord import Channel, DiscordPlatform, Message, Permission, Person
from tests.support.discord.channels import store
from tests.support.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS
from tests.support.discord_product import DiscordShop, brisk

By = Callable[[str], Person]
STARTED_THREAD = 18
"""The type of the message by which Discord tells a channel of a new thread; its content is the thread's name."""
ONLY_FOR_YOU = "it is in our direct messages"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        platform.app.privileged = 0
        yield platform


@pytest.fixture
async def shop(discord: DiscordPlatform, tmp_path: Path) -> AsyncIterator[DiscordShop]:
    opened = DiscordShop(discord, tmp_path)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def by(discord: DiscordPlatform, shop: DiscordShop) -> By:
    known = {
        "anna": discord.world.user("anna", is_admin=True),
        "ben": discord.world.user("ben"),
        "otherbot": discord.world.user("otherbot", is_bot=True),
    }
    return lambda name: discord.person(known[name])


@pytest.fixture
def general(discord: DiscordPlatform, by: By) -> Channel:
    return discord.world.channel("general", [by(name).user for name in ("anna", "ben", "otherbot")])


async def _titles(person: Person, channel: Channel) -> str:
    return (await (await person.command("/task list", channel=channel)).answer()).shown


def _said_by_us(discord: DiscordPlatform, channel: Channel) -> list[Message]:
    return [message for message in discord.messages(channel) if message.data["author"]["id"] == discord.app.id]


async def test_only_intents_that_need_no_approval_are_asked_for(discord: DiscordPlatform, shop: DiscordShop) -> None:
    (identified,) = discord.gateway.identified
    assert identified["intents"] == GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES
    told = discord_manifest(registry().catalogue, "42")
    assert told["intents"] == ["GUILDS", "GUILD_MESSAGES", "DIRECT_MESSAGES"]
    assert told["privileged_intents"] == []


async def test_a_mention_is_the_command_and_its_answer_replies_to_it_without_a_ping(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    heard = await by("anna").mention("@bot: task add Buy milk for @ben", general)
    answer = await heard.answer()
    assert "anna added #1 **Buy milk for" in answer.shown
    assert answer.channel is general
    assert answer.labels == ["Done", "Undo"]
    assert answer.data["message_reference"]["message_id"] == heard.payload["id"]
    assert answer.pinged == set()
    done = await (await by("ben").press(answer, "Done")).answer()
    assert "ben completed #1" in done.shown


async def test_a_mention_in_a_thread_is_answered_there_and_is_the_task_s_origin(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    await anna.say("We are out of milk", general)
    root = general.messages[-1]
    heard = await anna.mention("@bot task add Buy milk", general, thread_ts=root.id)
    answer = await heard.answer()
    assert answer.thread_ts == root.id
    shown = await (await anna.command("/task show 1", channel=general)).answer()
    assert f"/channels/{general.guild.id}/{root.id}/{heard.payload['id']}" in shown.shown
    assert "#1 Buy milk" in await _titles(by("ben"), general)


async def test_a_private_answer_goes_to_its_asker_alone_and_the_channel_hears_where_it_is(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    for title in ("Buy milk", "Sweep"):
        await (await anna.mention(f"@bot task add {title}", general)).answer()
    heard = await anna.mention("@bot task list", general)
    hint = await discord.until(
        lambda: [message for message in _said_by_us(discord, general) if ONLY_FOR_YOU in message.shown], what="the hint"
    )
    assert hint[0].data["message_reference"]["message_id"] == heard.payload["id"]
    assert hint[0].pinged == set()
    (listed,) = discord.direct_messages(anna.user)
    assert "#1 Buy milk" in listed.shown
    renewed, told = await (await anna.choose(listed, "Done: which one?", "#1 Buy milk")).answers(2)
    assert "completed #1" in told.shown
    assert renewed is listed
    assert "Open tasks in #general" in renewed.shown
    assert "Sweep" in renewed.shown


async def test_somebody_who_takes_no_direct_messages_is_told_in_the_channel(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    anna.user.takes_messages = False
    told = await (await anna.mention("@bot task list", general)).answer()
    assert "I may not write to you directly" in told.shown
    assert "Nothing to do" not in told.shown
    assert told.pinged == {anna.user.id}


async def test_a_direct_message_is_a_command_and_its_answer_stays(discord: DiscordPlatform, by: By) -> None:
    anna = by("anna")
    added = await (await anna.direct_message("task add Call the bank")).answer()
    assert "added #1 **Call the bank**" in added.shown
    assert added.channel is anna.direct_channel
    listed = await (await anna.direct_message("/task list")).answer()
    assert "Call the bank" in listed.shown
    named = await (await anna.direct_message(f"{discord.world.bot.mention} task show 1")).answer()
    assert "Call the bank" in named.shown
    done = await (await anna.press(listed, "Done")).answers(2)
    assert "completed #1" in done[1].shown


async def test_a_direct_task_is_nobody_else_s(by: By, general: Channel) -> None:
    await (await by("anna").direct_message("task add Call the bank")).answer()
    assert "Call the bank" not in await _titles(by("ben"), general)
    assert "Call the bank" in await _titles(by("anna"), by("anna").direct_channel)


async def test_a_mention_in_a_private_channel_makes_a_task_of_that_channel(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    back = discord.world.channel("back", [anna.user], private=True)
    await (await anna.mention("@bot task add Count the till", back)).answer()
    assert "Count the till" in await _titles(anna, back)
    assert "Count the till" not in await _titles(ben, general)


async def test_buttons_about_a_private_channel_know_it_as_long_as_their_presser_sees_it(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    ben = by("ben")
    back = discord.world.channel("back", [ben.user], private=True)
    for title in ("Count the till", "Sweep"):
        await (await ben.mention(f"@bot task add {title}", back)).answer()
    listed = await (await ben.mention("@bot task list", back)).answer()
    assert listed.channel is ben.direct_channel
    form = await (await ben.choose(listed, "Snooze: which one?", "#1 Count the till")).answer()
    opened = await ben.choose(form, "Snooze #1 Count the till", "Pick a time…")
    await ben.submit(await opened.view(), {"Until": "in 2 h"})
    renewed, told = await opened.answers(2)
    assert "Open tasks in #back" in renewed.shown
    assert "snoozed #1" in told.shown
    discord.changes.set_permissions(back, ben.user, deny=Permission.VIEW_CHANNEL)
    renewed, _ = await (await ben.choose(renewed, "Done: which one?", "#2 Sweep")).answers(2)
    assert "Open tasks in #back" not in renewed.shown


@pytest.mark.parametrize("said", ["", "help", "  "])
async def test_a_mention_that_says_nothing_is_helped(by: By, general: Channel, said: str) -> None:
    answer = await (await by("anna").mention(f"@bot {said}", general)).answer()
    assert "/task" in answer.shown


async def test_what_is_missing_is_named_for_no_form_can_open(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    answer = await (await anna.mention("@bot task add", general)).answer()
    assert "title" in answer.shown.lower()
    assert answer.channel is anna.direct_channel
    assert not discord.open_views(anna.user)


async def test_what_is_not_said_to_the_app_by_a_person_is_left_alone(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ours = by("anna"), discord.world.bot.mention
    first = await (await anna.mention("@bot task add First", general)).answer()
    await anna.say("task add Overheard", general)
    await anna.say(f"I think {ours} task add Praised", general)
    await anna.say("@ben task add For Ben", general)
    await anna.reply("task add Replied", first)
    await by("otherbot").say(f"{ours} task add From a bot", general)
    await discord.person(discord.world.bot).say(f"{ours} task add From ourselves", general)
    anna.edit(general.messages[1], f"{ours} task add Edited")
    for more in ({"type": STARTED_THREAD}, {"webhook_id": "77"}):
        store(discord, general, anna.user, {"content": f"{ours} task add From nobody"}, {}, more=more)
    said = _said_by_us(discord, general)
    last = await (await anna.mention("@bot task add Last", general)).answer()
    assert "#2" in last.shown
    assert [m.shown for m in _said_by_us(discord, general)] == [*(m.shown for m in said), last.shown]


async def test_who_names_the_app_s_role_is_told_to_name_the_app(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    own = next(role for role in general.guild.roles if role.bot_id)
    await by("anna").say(f"{own.mention} task add Unheard", general)
    told = await discord.until(lambda: _said_by_us(discord, general), what="the hint")
    assert "That is my role" in told[0].shown
    await by("anna").say(f"{discord.world.role('bakers').mention} task add For bakers", general)
    assert "#1 **Heard" in (await (await by("anna").mention("@bot task add Heard", general)).answer()).shown
    assert len(_said_by_us(discord, general)) == 2


async def test_a_message_is_heard_once_however_often_it_is_told(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    await (await anna.mention("@bot task add Buy milk", general)).answer()
    told = [e for s in discord.gateway.sessions.values() for e in s.log if e["t"] == "MESSAGE_CREATE"]
    mention = next(event["d"] for event in told if "Buy milk" in event["d"]["content"] and event["d"]["mentions"])
    discord.gateway.repeat("MESSAGE_CREATE", 3, data=mention)
    last = await (await anna.mention("@bot task add Sweep", general)).answer()
    assert "#2" in last.shown
    assert len(_said_by_us(discord, general)) == 2


async def test_what_was_said_during_a_break_is_answered_once_after_the_resume(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    discord.gateway.cut()
    await discord.until(lambda: not discord.gateway.is_connected, what="the break")
    heard = await anna.mention("@bot task add Buy milk", general)
    assert "added #1" in (await heard.answer()).shown
    assert len(discord.gateway.resumed) == 1
    assert len(_said_by_us(discord, general)) == 1


async def test_files_of_a_message_are_the_command_s(discord: DiscordPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    file = anna.upload("tasks.csv", b"title,due,priority\nBuy milk,2026-12-01,high\n")
    (heard,) = await anna.say(f"{discord.world.bot.mention} task import", general, files=[file])
    checked = await heard.answer()
    assert checked.channel is anna.direct_channel
    assert discord.downloads == [file.id]
    button = next(label for label in checked.labels if "import" in label.lower())
    await (await anna.press(checked, button)).answer()
    assert "Buy milk" in await _titles(anna, general)
    again = anna.upload("more.csv", b"title\nSweep\n")
    direct = await (await anna.direct_message("task import", files=[again])).answer()
    assert direct.labels


async def test_an_answer_survives_what_discord_does_meanwhile(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    route = "POST /channels/{channel}/messages"
    discord.faults.add(route, status=429, retry_after=0.05)
    discord.faults.add(route, status=502)
    discord.faults.drop(route)
    heard = await anna.mention("@bot task add Buy milk", general)
    assert "added #1" in (await heard.answer()).shown
    await discord.until(lambda: len(discord.calls_of(route)) >= 4, what="the tries")
    assert len(_said_by_us(discord, general)) == 1


async def test_a_message_deleted_meanwhile_is_answered_without_a_reference(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    fault = discord.faults.hang("POST /channels/{channel}/messages")
    await anna.mention("@bot task add Buy milk", general)
    await fault.reached.wait()
    anna.delete(general.messages[-1])
    fault.release()
    answer = await discord.until(lambda: _said_by_us(discord, general), what="the answer")
    assert "added #1" in answer[0].shown
    assert "message_reference" not in answer[0].data


async def test_without_the_history_the_answer_stands_by_itself(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    nothing = Permission(0)
    general.set_overwrite(discord.world.bot, nothing, Permission.READ_MESSAGE_HISTORY)
    answer = await (await by("anna").mention("@bot task add Buy milk", general)).answer()
    assert answer.channel is general
    assert "message_reference" not in answer.data


async def test_where_the_app_may_not_write_the_answer_comes_directly_and_names_what_is_missing(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    discord.changes.set_permissions(general, discord.world.bot, deny=Permission.SEND_MESSAGES)
    answer = await (await by("anna").mention("@bot task add Buy milk", general)).answer()
    assert answer.channel is by("anna").direct_channel
    assert "added #1" in answer.shown
    assert "Send Messages" in answer.shown


async def test_somebody_who_left_the_server_is_told_nothing_of_it(discord: DiscordPlatform, tmp_path: Path) -> None:
    ben = discord.person(discord.world.user("ben"))
    shop = DiscordShop(discord, tmp_path, timings=replace(brisk(), proof=0.0))
    await shop.start()
    try:
        added = await (await ben.direct_message("task add Buy milk")).answer()
        discord.changes.leave(ben.user)
        said = await (await ben.direct_message("task list channel:all")).answer()
        typed = await (await ben.command("/task show 1", channel=ben.direct_channel)).answer()
        pressed = await (await ben.press(added, "Done")).answer()
        assert ["which server" in answer.shown for answer in (said, typed, pressed)] == [True] * 3
    finally:
        await shop.stop()


async def test_a_stopping_product_answers_what_it_heard(
    discord: DiscordPlatform, shop: DiscordShop, by: By, general: Channel
) -> None:
    fault = discord.faults.hang("POST /channels/{channel}/messages")
    await by("anna").mention("@bot task add Heard", general)
    await fault.reached.wait()
    stopping = asyncio.create_task(shop.stop())
    fault.release()
    await stopping
    (answer,) = _said_by_us(discord, general)
    assert "added #1" in answer.shown
