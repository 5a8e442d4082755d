"""What people in Slack are told of their tasks without asking, and what they do about it from there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.platforms.slack.client import SlackMessenger
from core.chat.reply import Chart, Reply, Series, Visibility
from core.chat.request import Platform
from core.chat.text import text
from core.ports.platform import Destination, PostOutcomeUnknownError, PostRejectedError
from core.ports.storage import Post
from tests.scenario.conftest import By
from tests.support.clock import RunningClock
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.messages import Message
from tests.support.slack_product import SlackShop


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock()


@pytest.fixture
async def shop(slack: SlackPlatform, tmp_path: Path, clock: RunningClock) -> AsyncIterator[SlackShop]:
    opened = SlackShop(slack, tmp_path, clock=clock)
    await opened.start()
    yield opened
    await opened.stop()


async def _said(person: Person, line: str, channel: Channel) -> Message:
    return await (await person.command(line, channel=channel)).answer()


async def _told(slack: SlackPlatform, person: Person, words: str) -> Message:
    """The direct message that has these words, once it is there."""
    direct = person.direct_channel
    found = await slack.until(lambda: [m for m in direct.messages if words in m.shown], what=f"“{words}” in a message")
    return found[0]


async def test_whoever_is_given_a_task_is_told_and_completes_it_from_there(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(ben, "/user whoami", general)
    await _said(anna, "/task add Buy milk assign:@ben", general)
    notice = await _told(slack, ben, "anna gave you #1 *Buy milk*")
    assert notice.labels == ["Done", "Snooze", "Show"]
    done = await (await ben.press(notice, "Done")).answer()
    assert "ben completed #1 *Buy milk*" in done.shown
    assert "#1" not in (await _said(anna, "/task list", general)).shown


async def test_a_due_task_reminds_once_and_is_snoozed_from_the_reminder(
    slack: SlackPlatform, by: By, general: Channel, clock: RunningClock
) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk due:in 2h assign:@me", general)
    clock.ahead = timedelta(hours=2, minutes=1)
    reminder = await _told(slack, anna, "reminder: #1 *Buy milk*")
    snoozed = await (await anna.choose(reminder, "Snooze", "3 hours")).answer()
    assert "anna snoozed #1 *Buy milk*" in snoozed.shown
    clock.ahead += timedelta(hours=3, minutes=1)
    await slack.until(
        lambda: len([m for m in anna.direct_channel.messages if "reminder: " in m.shown]) == 2,
        what="the second reminder",
    )


async def test_a_due_task_of_nobody_reminds_its_channel(
    slack: SlackPlatform, by: By, general: Channel, clock: RunningClock
) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(anna, "/task add Buy milk due:in 2h", general)
    clock.ahead = timedelta(hours=2, minutes=1)
    (reminder,) = await slack.until(
        lambda: [m for m in general.messages if "Reminder: #1 *Buy milk*" in m.shown], what="the reminder"
    )
    done = await (await ben.press(reminder, "Done")).answer()
    assert "ben completed #1 *Buy milk*" in done.shown


async def test_a_person_whose_conversation_cannot_be_opened_leaves_no_doubt(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    anna = by("anna")
    await _said(anna, "/task list", general)
    identities = shop.served.product.identities
    (space,) = [one for one in await identities.all_spaces() if one.platform is Platform.SLACK]
    messenger, where = identities.messengers[Platform.SLACK], Destination(space, user=anna.user.id)
    slack.faults.add("conversations.open", status=200, error="cannot_dm_bot")
    with pytest.raises(PostRejectedError):
        await messenger.find(where, "key")
    slack.faults.add("conversations.history", status=200, error="missing_scope")
    with pytest.raises(PostOutcomeUnknownError):
        await messenger.find(where, "key")


async def test_pictures_that_could_not_follow_their_message_follow_it_once(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    await _said(by("anna"), "/task list", general)
    identities = shop.served.product.identities
    (space,) = [one for one in await identities.all_spaces() if one.platform is Platform.SLACK]
    messenger, where = identities.messengers[Platform.SLACK], Destination(space, channel=general.id)
    heat = Chart("Sales", "heat", ("9", "10"), (Series("Mon", (1.0, 2.0)),), "Most at 10.")
    reply = Reply(title="Sales", charts=(heat, replace(heat, title="More")), visibility=Visibility.CHANNEL)
    slack.faults.add("files.getUploadURLExternal", status=429, retry_after=60)
    with pytest.raises(PostOutcomeUnknownError) as limited:
        await messenger.post(where, reply, "key")
    assert limited.value.seconds == 60
    found = await messenger.find(where, "key")
    assert found
    slack.faults.add("upload", status=429, retry_after=7)
    with pytest.raises(PostOutcomeUnknownError) as again:
        await messenger.complete(where, found, reply)
    assert again.value.seconds == 7
    slack.faults.drop("files.completeUploadExternal", after_effect=True)
    for _ in range(2):
        await messenger.complete(where, found, reply)
    shared = [file["name"] for message in general.messages for file in message.files]
    assert shared == ["Sales.png", "More.png"]
    assert len([message for message in general.messages if message.metadata]) == 1


async def test_posts_keep_ahead_of_slacks_pace_and_wait_for_nobody_elses_limit(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    anna = by("anna")
    yard = slack.world.channel("yard", [anna.user])
    for channel in (general, yard):
        await _said(anna, "/task list", channel)
    product = shop.served.product
    messenger = product.identities.messengers[Platform.SLACK]
    assert isinstance(messenger, SlackMessenger)
    slack.pace.seconds = messenger.pace.rest = 0.1
    (space,) = [one for one in await product.identities.all_spaces() if one.platform is Platform.SLACK]
    work_of = product.storage.workspace(space.workspace_id)
    async with work_of.read() as reading:
        ids = {channel.external_id: channel.id for channel in await reading.channels.all()}
    slack.faults.drop("chat.postMessage", after_effect=True)
    slack.faults.add("chat.postMessage", status=429, retry_after=1)
    slack.faults.add("chat.postMessage", status=503)
    async with work_of.write() as work:
        for number in range(5):
            for channel in (general, yard):
                post = Post(Reply(text=text(f"Post {number}.")), ids[channel.id])
                work.outbox.add(post, product.clock.now())
        await work.commit()
    expected = [f"Post {number}." for number in range(5)]

    def posted(channel: Channel) -> list[str]:
        return [message.text for message in channel.messages if message.text.startswith("Post")]

    await slack.until(lambda: posted(general) == posted(yard) == expected, what="all posts in both channels")
    assert slack.pace.refused == 0


async def test_a_digest_comes_to_its_person_alone_and_its_tasks_are_done_from_it(
    slack: SlackPlatform, by: By, general: Channel, clock: RunningClock
) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(ben, "/user whoami", general)
    await _said(anna, "/user zone UTC", general)
    await _said(anna, "/task add Buy milk due:in 30 min assign:@me", general)
    in_an_hour = f"{clock.now() + timedelta(hours=1):%H:%M}"
    set_up = await _said(anna, f"/task digest on at:{in_an_hour}", general)
    assert f"You get your digest of tasks, daily at {in_an_hour} (UTC)" in set_up.shown
    clock.ahead = timedelta(hours=2)
    # The clock was put forward: who makes jobs looks at it again when a schedule changes.
    await _said(ben, "/task digest on at:23:59", general)
    digest = await _told(slack, anna, "1 task overdue.")
    assert {"Done", "Snooze"} <= set(digest.labels)
    done = await (await anna.press(digest, "Done")).answer()
    assert "anna completed #1 *Buy milk*" in done.shown
    assert not [message for message in general.messages if "overdue" in message.shown]
