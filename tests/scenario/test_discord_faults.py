"""Discord at its worst, over the wire: each fault ends in a clear answer or a clean retry, and nothing twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.platforms.discord import answers
from core.chat.reply import Reply
from core.chat.request import Platform
from core.chat.text import text
from core.ports.storage import Post, StorageUnavailableError
from core.workspaces.model import InstallationStatus
from tests.support.discord import Channel, DiscordPlatform, Message, Permission, Person
from tests.support.discord_product import DiscordShop, brisk
from tests.support.patience import patience, patiently, until

SLOW = replace(brisk(), answer=0.0)
"""Every answer comes after a deferral."""
CALLBACK = "POST /interactions/*"
FOLLOW_UP = "POST /webhooks/{app}/{token}"
EDIT = "PATCH /webhooks/*"


ENDS: dict[str, Callable[[DiscordPlatform], None]] = {
    "cut": lambda discord: discord.gateway.cut(),
    "asked to reconnect": lambda discord: discord.gateway.ask_to_reconnect(),
    "session invalid": lambda discord: discord.gateway.invalidate(),
    "session resumable": lambda discord: discord.gateway.invalidate(resumable=True),
    "session forgotten": lambda discord: discord.gateway.disconnect(4009, forget=True),
}
"""How the gateway's connection may end."""


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        yield platform


@pytest.fixture
def anna(discord: DiscordPlatform) -> Person:
    return discord.person(discord.world.user("anna"))


@pytest.fixture
def ben(discord: DiscordPlatform) -> Person:
    return discord.person(discord.world.user("ben"))


@pytest.fixture
def general(discord: DiscordPlatform, anna: Person, ben: Person) -> Channel:
    return discord.world.channel("general", [anna.user, ben.user])


@pytest.fixture
async def shop(discord: DiscordPlatform, general: Channel, tmp_path: Path) -> AsyncIterator[DiscordShop]:
    opened = DiscordShop(discord, tmp_path)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def slow(discord: DiscordPlatform, general: Channel, tmp_path: Path) -> AsyncIterator[DiscordShop]:
    opened = DiscordShop(discord, tmp_path, timings=SLOW)
    await opened.start()
    yield opened
    await opened.stop()


async def _said(person: Person, line: str, channel: Channel) -> Message:
    return await (await person.command(line, channel=channel)).answer()


def _about(discord: DiscordPlatform, channel: Channel, words: str) -> list[Message]:
    return [message for message in discord.messages(channel) if words in message.shown]


# ---------------------------------------------------------------- the first response, and what follows a deferral


async def test_what_takes_longer_is_deferred_as_visible_as_its_answer_will_be(
    discord: DiscordPlatform, slow: DiscordShop, anna: Person, general: Channel
) -> None:
    exchange = await anna.command("/task add Buy milk", channel=general)
    assert exchange.response == 5
    added = await exchange.answer()
    assert "added #1" in added.shown
    assert not added.is_ephemeral
    listed = await _said(anna, "/task list", general)
    assert listed.is_ephemeral
    assert discord.thinking(general) == []


async def test_a_mistake_found_after_a_public_deferral_is_still_for_the_asker_alone(
    discord: DiscordPlatform, slow: DiscordShop, anna: Person, general: Channel
) -> None:
    answer = await _said(anna, "/task done 99", general)
    assert answer.is_ephemeral
    assert "no task #99" in answer.shown
    assert discord.messages(general) == []
    assert discord.thinking(general) == []


async def test_a_button_whose_work_takes_longer_changes_its_message_later(
    slow: DiscordShop, anna: Person, general: Channel
) -> None:
    added = await _said(anna, "/task add Buy milk", general)
    pressed = await anna.press(added, "Undo")
    assert pressed.response == 6
    assert "taken away again" in (await pressed.answer()).shown


async def test_choices_that_cannot_be_read_just_now_are_answered_with_busy_and_shown_later(
    shop: DiscordShop, anna: Person, general: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailableError("cannot_connect")

    for title in ("Buy milk", "Sweep"):
        await _said(anna, f"/task add {title} due:tomorrow assign:@me", general)
    listed = await _said(anna, "/task list", general)
    with monkeypatch.context() as patched:
        patched.setattr(type(shop.served.product.storage.system), "action", away)
        pressed = await anna.choose(listed, "Snooze: which one?", "#1 Buy milk")
        told = await pressed.answer()
    assert told.is_ephemeral
    assert told.shown == "I'm busy just now. Nothing was changed; try again in a moment."
    again = await anna.choose(listed, "Snooze: which one?", "#1 Buy milk")
    assert "Snooze #1 Buy milk" in (await again.answer()).labels


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_first_response_that_fails_is_made_again(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel, status: int
) -> None:
    discord.faults.add(CALLBACK, status=status)
    assert "added #1" in (await _said(anna, "/task add Buy milk", general)).shown
    assert len(_about(discord, general, "added #1")) == 1


async def test_a_first_response_of_unknown_outcome_is_not_shown_twice(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    discord.faults.drop(CALLBACK)
    await _said(anna, "/task add Buy milk", general)
    await _said(anna, "/task list", general)
    assert len(_about(discord, general, "added #1")) == 1


async def test_a_first_response_whose_time_is_over_before_its_outcome_is_known_is_not_shown_twice(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    discord.ack_seconds = patience(30.0)
    monkeypatch.setattr(answers, "FIRST_RESPONSE", 0.0)
    monkeypatch.setattr(answers, "LAST_TRY", patience(30.0))
    discord.faults.drop(CALLBACK)
    await _said(anna, "/task add Buy milk", general)
    await _said(anna, "/task list", general)
    assert len(_about(discord, general, "added #1")) == 1


async def test_429_is_waited_out(discord: DiscordPlatform, slow: DiscordShop, anna: Person, general: Channel) -> None:
    discord.faults.add(EDIT, status=429, retry_after=0.1, times=2)
    assert "added #1" in (await _said(anna, "/task add Buy milk", general)).shown
    assert len(discord.calls_of(EDIT)) <= 4


async def test_an_edit_that_times_out_or_fails_is_repeated_without_harm(
    discord: DiscordPlatform, slow: DiscordShop, anna: Person, general: Channel
) -> None:
    discord.faults.drop(EDIT)
    discord.faults.add(EDIT, status=502)
    assert "added #1" in (await _said(anna, "/task add Buy milk", general)).shown
    await _said(anna, "/task list", general)
    assert len(_about(discord, general, "added #1")) == 1


async def test_a_follow_up_that_may_have_come_is_looked_for_first(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    await _said(anna, "/task add Buy milk", general)
    listed = await _said(anna, "/task list", general)
    discord.faults.drop(FOLLOW_UP)
    await (await anna.press(listed, "Done")).answers(2)
    await _said(anna, "/task list", general)
    assert len(_about(discord, general, "completed #1")) == 1


async def test_a_missed_deadline_ends_in_a_message_in_the_channel(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    discord.faults.add(CALLBACK, status=404, code=10062)
    discord.ack_seconds = 0.3
    exchange = await anna.command("/task add Buy milk", channel=general)
    assert exchange.error_shown
    await discord.until(lambda: _about(discord, general, "added #1"), what="the answer")
    assert len(_about(discord, general, "added #1")) == 1


async def test_a_private_answer_after_a_missed_deadline_comes_directly(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    discord.faults.add(CALLBACK, status=404, code=10062)
    discord.ack_seconds = 0.3
    await anna.command("/task list", channel=general)
    await discord.until(lambda: discord.direct_messages(anna.user), what="the direct message")
    assert discord.messages(general) == []


async def test_somebody_who_takes_no_direct_messages_is_told_so_in_the_channel(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    anna.user.takes_messages = False
    discord.faults.add(CALLBACK, status=404, code=10062)
    discord.ack_seconds = 0.3
    await anna.command("/task list", channel=general)
    hint = await discord.until(lambda: _about(discord, general, "may not write to you directly"), what="the hint")
    assert hint[0].pinged == {anna.user.id}


async def test_a_button_that_was_responded_to_too_late_still_renews_its_message(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    added = await _said(anna, "/task add Buy milk", general)
    discord.faults.add(CALLBACK, status=404, code=10062)
    discord.ack_seconds = 0.3
    await anna.press(added, "Undo")
    await discord.until(lambda: "taken away again" in added.shown, what="the renewed message")
    assert added.labels == []
    assert len(discord.messages(general)) == 1


async def test_a_button_on_a_message_deleted_meanwhile_does_what_it_says(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    added = await _said(anna, "/task add Buy milk", general)
    discord.gateway.hold()
    discord.ack_seconds = 0.5
    pressing = asyncio.create_task(anna.press(added, "Undo"))
    await discord.until(lambda: discord.gateway.is_holding)
    anna.user.roles.append(discord.world.role("mods", Permission.MANAGE_MESSAGES))
    anna.delete(added)
    discord.gateway.release()
    await pressing
    await discord.until(lambda: _about(discord, general, "taken away again"), what="the answer")


async def test_where_the_app_may_not_write_the_answer_comes_directly_and_says_what_to_allow(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    discord.changes.set_permissions(general, discord.world.bot, deny=Permission.SEND_MESSAGES | Permission.ATTACH_FILES)
    discord.faults.add(CALLBACK, status=404, code=10062)
    discord.ack_seconds = 0.3
    await anna.command("/task add Buy milk", channel=general)
    (told,) = await discord.until(lambda: discord.direct_messages(anna.user), what="the direct message")
    assert "added #1" in told.shown
    assert "Send Messages, Attach Files" in told.shown
    assert general.mention in told.shown


async def test_an_expired_token_ends_in_a_message_in_the_channel(
    discord: DiscordPlatform, slow: DiscordShop, anna: Person, general: Channel
) -> None:
    discord.faults.add(EDIT, status=401, code=50027, times=None)
    await anna.command("/task add Buy milk", channel=general)
    await discord.until(lambda: _about(discord, general, "added #1"), what="the answer")


# ---------------------------------------------------------------- the gateway


async def test_an_interaction_that_is_delivered_again_is_answered_once(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    exchange = await anna.command("/task add Buy milk", channel=general)
    await exchange.answer()
    await exchange.delivery.repeat(10)
    assert "#2" not in (await _said(anna, "/task list", general)).shown
    assert len(_about(discord, general, "added #1")) == 1


async def test_an_interaction_replayed_to_the_next_process_changes_nothing(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    exchange = await anna.command("/task add Buy milk", channel=general)
    await exchange.answer()
    await shop.stop()
    await shop.start()
    await exchange.delivery.repeat(3)
    listed = await _said(anna, "/task list", general)
    assert "#2" not in listed.shown
    assert len(_about(discord, general, "added #1")) == 1


@pytest.mark.parametrize("how", list(ENDS))
async def test_the_connection_comes_back_whatever_ended_it(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel, how: str
) -> None:
    await _said(anna, "/task add Buy milk", general)
    ENDS[how](discord)
    # What is asked meanwhile either reaches the product in time or is asked once more.
    discord.ack_seconds = 0.5
    async with patiently():
        while True:
            await discord.until(lambda: discord.gateway.sessions, what="a session")
            exchange = await anna.command("/task list", channel=general)
            if not exchange.error_shown:
                break
    assert "Buy milk" in (await exchange.answer()).shown


async def test_a_token_that_is_refused_is_told_in_one_line_and_tried_again(
    discord: DiscordPlatform, anna: Person, general: Channel, tmp_path: Path
) -> None:
    discord.faults.add("GET /users/@me", status=401, times=2)
    shop = DiscordShop(discord, tmp_path)
    with capture_logs() as logs:
        await shop.start()
    refused = [entry for entry in logs if entry["event"] == "discord_token_refused"]
    assert [entry["setting"] for entry in refused] == ["DISCORD_BOT_TOKEN"] * 2
    assert discord.bot_token not in str(logs)
    assert "added #1" in (await _said(anna, "/task add Buy milk", general)).shown
    await shop.stop()


async def test_a_server_that_sends_the_app_away_is_served_no_more(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    await _said(anna, "/task add Buy milk", general)
    system = shop.served.product.storage.system
    (before,) = await system.installations()
    assert (before.platform, before.status) == (Platform.DISCORD, InstallationStatus.ACTIVE)
    with capture_logs() as logs:
        discord.changes.uninstall(discord.world.home)
        await until(lambda: any(entry["event"] == "discord_disabled" for entry in logs))
    await shop.stop()
    await shop.start()
    (after,) = await shop.served.product.storage.system.installations()
    assert after.status is InstallationStatus.DISABLED


async def test_an_interaction_that_cannot_be_read_is_logged_and_the_next_one_is_served(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    seen = (await anna.command("/task add Buy milk", channel=general)).payload
    nowhere = {name: value for name, value in seen.items() if name not in ("channel", "channel_id")}
    with capture_logs() as logs:
        discord.gateway.dispatch("INTERACTION_CREATE", nowhere | {"id": "1"})
        await until(lambda: any(entry["event"] == "discord_event_failed" for entry in logs))
    await _said(anna, "/task add Sweep", general)
    assert discord.gateway.connected_in_all == 1


# ---------------------------------------------------------------- posts


async def test_a_notice_of_unknown_outcome_stands_there_once(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, ben: Person, general: Channel
) -> None:
    await _said(ben, "/user whoami", general)
    discord.faults.drop("POST /channels/*/messages")
    await _said(anna, "/task add Buy milk assign:@ben", general)
    await discord.until(lambda: discord.direct_messages(ben.user), what="the notice")
    discord.faults.add("POST /channels/*/messages", status=500, after_effect=True)
    await _said(anna, "/task add Sweep assign:@ben", general)
    await discord.until(lambda: len(discord.direct_messages(ben.user)) > 1, what="the second notice")
    assert len(discord.direct_messages(ben.user)) == 2


async def test_two_hundred_commands_at_once_are_all_responded_to(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    discord.ack_seconds = patience(30.0)  # how fast they are is the benchmark's subject
    exchanges = await asyncio.gather(
        *(anna.command(f"/task add Task {number}", channel=general) for number in range(200))
    )
    assert [exchange.error_shown for exchange in exchanges if exchange.error_shown] == []
    for exchange in exchanges:
        await exchange.answer()
    assert len(_about(discord, general, "added #")) == 200


async def test_posts_keep_within_discords_limits_and_in_order(
    discord: DiscordPlatform, shop: DiscordShop, anna: Person, general: Channel
) -> None:
    await _said(anna, "/task list", general)
    product = shop.served.product
    (space,) = [one for one in await product.identities.all_spaces() if one.platform is Platform.DISCORD]
    work_of = product.storage.workspace(space.workspace_id)
    async with work_of.read() as reading:
        (place,) = [one.id for one in await reading.channels.all() if one.external_id == str(general.id)]
    discord.limits.set("POST /channels/{channel}/messages", 2, 0.3)
    async with work_of.write() as work:
        for number in range(6):
            work.outbox.add(Post(Reply(text=text(f"Post {number}.")), place), product.clock.now())
        await work.commit()

    def posted() -> list[str]:
        return [message.shown for message in general.messages if message.shown.startswith("Post")]

    await discord.until(lambda: len(posted()) == 6, what="all posts")
    assert posted() == [f"Post {number}." for number in range(6)]
    assert discord.limits.exceeded == []
