"""Commands, buttons, modals: a person and an app on the real SDK, through the local Discord."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.discord import Channel, DiscordPlatform, NotAcceptedError, NotShownError, Permission, Person
from tests.support.discord.sample_app import SampleApp

# ---------------------------------------------------------------- commands


async def test_a_command_is_answered_by_the_first_response(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    exchange = await ben.command("/task add Buy milk due:tomorrow 9am", channel=lobby)
    answer = await exchange.answer()
    assert (exchange.status, exchange.response) == (200, 4)
    assert (answer.shown, answer.is_ephemeral, answer.by_bot) == ("added Buy milk, due tomorrow 9am", False, True)
    assert bot.platform.messages(lobby) == [answer]
    assert not bot.platform.calls_of("GET /gateway*")


async def test_echoed_mentions_ping_nobody_where_the_app_says_so(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    answer = await (await ben.command("/task add call @ben @everyone", channel=lobby)).answer()
    assert ben.user.mention in answer.text
    assert answer.allowed_mentions == {"parse": []}
    assert answer.pinged == set()


async def test_a_deferral_shows_thinking_and_keeps_its_visibility(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    exchange = await ben.command("/task later", channel=lobby)
    assert (exchange.response, exchange.messages) == (5, [])
    (thinking,) = bot.platform.thinking(lobby)
    assert thinking.is_ephemeral
    bot.gate.set()
    first, second = await exchange.answers(2)
    assert first is thinking
    assert (first.text, first.is_ephemeral, first.is_thinking) == ("first", True, False)
    assert (second.text, second.is_ephemeral) == ("second", False)
    assert bot.platform.ephemerals(ben.user) == [first]
    assert bot.platform.messages(lobby) == [second]


async def test_a_late_response_is_an_unknown_interaction_and_the_person_sees_nothing_but_that(
    bot: SampleApp, ben: Person, lobby: Channel
) -> None:
    bot.platform.ack_seconds = 0.05
    exchange = await ben.command("/task slow", channel=lobby)
    assert (exchange.status, exchange.error_shown) == (None, "The application did not respond")
    bot.gate.set()
    (error,) = await bot.platform.until(lambda: bot.failures)
    assert getattr(error, "code", None) == 10062
    assert bot.platform.messages(lobby) == []


async def test_a_second_first_response_is_refused(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    await ben.command("/task add Buy milk", channel=lobby)
    with pytest.raises(Exception, match="40060"):
        await _respond_again(bot)


async def _respond_again(bot: SampleApp) -> None:
    interaction = bot.seen[-1]
    interaction.response._response_type = None  # what a second process, or a handler run twice, would do
    await interaction.response.send_message("again")


async def test_a_token_ends_after_fifteen_minutes(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    answer = await (await ben.command("/task add Buy milk", channel=lobby)).answer()
    bot.platform.clock.advance(14 * 60)
    await bot.seen[-1].edit_original_response(content="in time")
    assert answer.text == "in time"
    bot.platform.clock.advance(2 * 60)
    with pytest.raises(Exception, match="50027"):
        await bot.seen[-1].followup.send("too late")
    with pytest.raises(Exception, match="50027"):
        await bot.seen[-1].edit_original_response(content="too late")


async def test_only_registered_commands_and_fitting_options_can_be_typed(
    bot: SampleApp, ben: Person, lobby: Channel
) -> None:
    for line in (
        "/stock list",
        "/task fly",
        "/task add",
        "/task done many",
        "/task list now",
        "/task done 1 by:nobody",
    ):
        with pytest.raises(NotAcceptedError):
            await ben.command(line, channel=lobby)
    with pytest.raises(NotAcceptedError):
        await ben.command("/task add", channel=lobby, titel="Buy milk")
    assert bot.seen == []
    done = await ben.command("/task done 12 @ben", channel=lobby)
    assert (await done.answer()).text == "done 12 by ben"
    assert done.payload["data"]["options"][0]["options"][0] == {"name": "task", "type": 4, "value": 12}
    assert ben.commands(lobby)[:2] == ["task add", "task list"]


async def test_an_option_completes_while_typing(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    suggested = await ben.suggest("/task done", "task", "1", channel=lobby)
    assert suggested.options == [{"name": "#12 Buy milk", "value": 12}]
    with pytest.raises(NotAcceptedError):
        await ben.suggest("/task add", "title", "B", channel=lobby)


async def test_a_typist_may_decide_what_goes_where(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    bot.platform.typist = lambda name, text, _options: {"title": f"{name}: {text}"}
    assert "task add: Buy milk" in (await (await ben.command("/task add Buy milk", channel=lobby)).answer()).text


async def test_permissions_decide_who_is_offered_a_command(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    registered = discord.commands.of("global")[0]
    registered["default_member_permissions"] = str(int(Permission.MANAGE_GUILD))
    with pytest.raises(NotAcceptedError):
        await ben.command("/task list", channel=lobby)
    carl = discord.person(discord.world.user("carl", is_admin=True))
    exchange = await carl.command("/task list", channel=lobby)
    assert int(exchange.payload["member"]["permissions"]) & Permission.ADMINISTRATOR
    registered["default_member_permissions"] = None
    discord.changes.set_permissions(lobby, lobby.guild.everyone, deny=Permission.USE_APPLICATION_COMMANDS)
    with pytest.raises(NotAcceptedError):
        await ben.command("/task list", channel=lobby)


async def test_a_command_of_a_messages_menu_gets_the_message(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    await ben.say("buy milk", lobby)
    (said,) = bot.platform.messages(lobby)
    answer = await (await ben.shortcut("Make a task", said)).answer()
    assert answer.text == f"from buy milk: https://discord.com/channels/{lobby.guild.id}/{lobby.id}/{said.id}"
    with pytest.raises(NotAcceptedError):
        await ben.shortcut("Make a cake", said)


# ---------------------------------------------------------------- controls and modals


async def test_a_button_updates_its_message_and_follows_up(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    listed = await (await ben.command("/task list", channel=lobby)).answer()
    assert listed.labels == ["Done", "Edit", "Snooze", "Assign"]
    updated, told = await (await ben.press(listed, "Done")).answers(2)
    assert updated is listed
    assert (updated.text, updated.labels, told.text) == ("done 12", [], "told everybody")
    with pytest.raises(NotShownError):
        await ben.press(listed, "Done")


async def test_selects_send_what_was_chosen(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    listed = await (await ben.command("/task list", channel=lobby)).answer()
    chosen = await ben.choose(listed, "Snooze", "3 hours")
    assert (await chosen.answer()).text == "snoozed 3 hours"
    assigned = await ben.choose(listed, "Assign", ben.user)
    assert assigned.response == 6
    assert await assigned.answer() is listed
    assert listed.text == "assigned to ben"
    with pytest.raises(NotAcceptedError):
        await ben.choose(listed, "Snooze", "4 hours")


async def test_a_modal_with_a_file_comes_back_filled_in(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    asked = await ben.command("/task form", channel=lobby)
    form = await asked.view()
    assert (form.title, form.labels, form.chosen["title"]) == ("Import tasks", ["Title", "File", "People"], "tasks")
    with pytest.raises(NotAcceptedError, match="File"):
        await ben.submit(form, {"Title": "right"})
    with pytest.raises(NotAcceptedError):
        ben.fill(form, {"Title": "x" * 21})
    file = ben.upload("tasks.csv", b"Buy milk")
    submitted = await ben.submit(form, {"File": [file], "People": [ben.user]})
    assert not form.is_open
    answer = await asked.answer()
    assert answer is await submitted.answer()
    assert (answer.text, answer.is_ephemeral) == ("right: ['Buy milk'] for ['ben']", True)
    assert bot.platform.downloads == [file.id]


async def test_a_submission_without_response_keeps_the_modal_open(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    listed = await (await ben.command("/task list", channel=lobby)).answer()
    form = await (await ben.press(listed, "Edit")).view()
    bot.platform.ack_seconds = 0.05
    bot.platform.faults.hang("POST /interactions/*")
    failed = await ben.submit(form, {"File": ben.upload("a.csv", b"x")})
    assert (failed.error_shown, form.is_open) == ("Something went wrong. Try again.", True)
    assert failed.payload["message"]["id"] == listed.id


async def test_what_others_do_not_see_they_can_not_press(
    bot: SampleApp, discord: DiscordPlatform, ben: Person, lobby: Channel
) -> None:
    carl = discord.person(discord.world.user("carl"))
    bot.gate.set()
    first = await (await ben.command("/task later", channel=lobby)).answer()
    with pytest.raises(NotShownError):
        ben.delete(await _deleted(ben, first))
    private = discord.world.channel("private", [ben.user], private=True)
    with pytest.raises(NotAcceptedError):
        await carl.command("/task list", channel=private)


async def _deleted(person: Person, message: Any) -> Any:
    person.delete(message)
    return message


# ---------------------------------------------------------------- talking


async def test_a_mention_in_a_thread_is_answered_there(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    await ben.say("a topic", lobby)
    root = bot.platform.messages(lobby)[0]
    heard = await ben.mention("@bot task done 12", lobby, thread_ts=root.ts)
    answer = await heard.answer()
    assert answer.text == f"heard {bot.platform.world.bot.mention} task done 12"
    assert answer.thread_ts == root.ts
    assert bot.platform.messages(lobby, thread_ts=root.ts)[-1] is answer


async def test_direct_messages_go_both_ways_unless_the_person_refuses_them(
    bot: SampleApp, discord: DiscordPlatform, ben: Person
) -> None:
    heard = await ben.direct_message("@quartermaster hello")
    assert "hello" in (await heard.answer()).text
    user = await bot.fetch_user(int(ben.user.id))
    await user.send("your tasks")
    assert [message.text for message in discord.direct_messages(ben.user)][-1] == "your tasks"
    exchange = await ben.command("/task add Buy milk", channel=ben.direct_channel)
    assert exchange.payload["context"] == 1
    assert "user" in exchange.payload
    assert "member" not in exchange.payload
    ben.user.takes_messages = False
    with pytest.raises(Exception, match="50007"):
        await user.send("again")


async def test_two_hundred_invocations_at_once_are_all_answered(bot: SampleApp, ben: Person, lobby: Channel) -> None:
    exchanges = await asyncio.gather(*(ben.command(f"/task add task {n}", channel=lobby) for n in range(200)))
    texts = {(await exchange.answer()).text for exchange in exchanges}
    assert len(texts) == 200
