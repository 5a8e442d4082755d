"""The overview of one's own tasks in Discord's direct messages, over the wire, whatever becomes of it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.discord import Channel, DiscordPlatform, Message, Person
from tests.support.discord.channels import remove
from tests.support.discord_product import DiscordShop

By = Callable[[str], Person]


@pytest.fixture
async def discord() -> AsyncIterator[DiscordPlatform]:
    async with DiscordPlatform() as platform:
        yield platform


@pytest.fixture
async def shop(discord: DiscordPlatform, tmp_path: Path) -> AsyncIterator[DiscordShop]:
    opened = DiscordShop(discord, tmp_path)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def by(discord: DiscordPlatform, shop: DiscordShop) -> By:
    known = {name: discord.world.user(name) for name in ("anna", "ben")}
    return lambda name: discord.person(known[name])


@pytest.fixture
async def general(discord: DiscordPlatform, by: By) -> Channel:
    """A channel in which everybody has been seen."""
    channel = discord.world.channel("general", [by("anna").user, by("ben").user])
    await _said(by("ben"), "/user whoami", channel)
    return channel


async def _said(person: Person, line: str, channel: Channel) -> Message:
    return await (await person.command(line, channel=channel)).answer()


async def _add(anna: Person, general: Channel, title: str, ben: Person) -> None:
    await (await anna.command("/task add", title=title, assign=ben.user.mention, channel=general)).answer()


async def _overview(discord: DiscordPlatform, person: Person) -> Message:
    before = len(person.direct_channel.pinned)
    await _said(person, "/task board", person.direct_channel)
    await discord.until(lambda: len(person.direct_channel.pinned) > before, what="the pin")
    found = person.direct_channel.find(person.direct_channel.pinned[-1])
    assert found is not None
    return found


async def test_the_list_in_direct_messages_offers_to_be_kept_there(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await _add(anna, general, "Buy milk", ben)
    listed = await _said(ben, "/task mine", ben.direct_channel)
    assert "Keep it here" in listed.labels
    kept = await (await ben.press(listed, "Keep it here")).answer()
    assert kept is listed
    assert "come up here" in kept.shown
    pinned = await discord.until(lambda: ben.direct_channel.pinned, what="the pin")
    overview = ben.direct_channel.find(pinned[0])
    assert overview is not None
    assert "#1 Buy milk" in overview.shown
    assert overview.labels == ["Done", "Assign", "Snooze", "Add a task"]


async def test_the_list_elsewhere_says_how_to_have_it_kept(by: By, general: Channel) -> None:
    listed = await _said(by("ben"), "/task mine", general)
    assert listed.is_ephemeral
    assert "open direct messages with me" in listed.shown
    assert "Keep it here" not in listed.labels


async def test_an_assignment_is_told_directly_and_shows_on_the_overview(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    safe = discord.world.channel("safe", [anna.user, ben.user], private=True)
    overview = await _overview(discord, ben)
    await _add(anna, general, "Buy milk", ben)
    await _add(anna, safe, "Count the cash", ben)
    await discord.until(lambda: "#2 Count the cash" in overview.shown, what="both tasks")
    assert "#1 Buy milk" in overview.shown

    def told() -> int:
        return sum("gave you" in message.shown for message in discord.direct_messages(ben.user))

    await discord.until(lambda: told() >= 2, what="both notices")
    assert told() == 2
    assert not discord.direct_messages(anna.user)
    assert len(discord.calls_of("PATCH *")) <= 2


async def test_one_of_several_is_done_and_another_snoozed_from_the_overview(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    for title in ("Buy milk", "Sweep", "Call the baker"):
        await _add(anna, general, title, ben)
    overview = await _overview(discord, ben)
    selects = ["Done: which one?", "Snooze: which one?", "Assign: which one?", "Add a task"]
    assert overview.labels == selects
    told = await (await ben.choose(overview, "Done: which one?", "#2 Sweep")).answer()
    assert "ben completed #2 **Sweep**" in told.shown
    await discord.until(lambda: "Sweep" not in overview.shown, what="the task gone")
    await (await ben.choose(overview, "Snooze: which one?", "#3 Call the baker")).answer()
    assert "Snooze #3 Call the baker" in overview.labels
    told = await (await ben.choose(overview, "Snooze #3 Call the baker", "3 hours")).answer()
    assert "snoozed #3" in told.shown
    await discord.until(lambda: overview.labels == selects, what="the selects back")


async def test_a_deleted_overview_is_told_once_and_not_put_up_again(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    overview = await _overview(discord, ben)
    remove(discord, overview)
    for title in ("Buy milk", "Sweep", "Call the baker"):
        await _add(anna, general, title, ben)
    notice = await discord.until(
        lambda: [one for one in discord.direct_messages(ben.user) if "overview of your tasks is off" in one.shown],
        what="the notice",
    )
    assert "its message was deleted" in notice[0].shown
    assert ben.direct_channel.pinned == []
    again = await _overview(discord, ben)
    assert "#1 Buy milk" in again.shown


async def test_closed_direct_messages_end_it_quietly_and_the_answer_said_what_to_allow(
    discord: DiscordPlatform, shop: DiscordShop, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    ben.user.takes_messages = False
    said = await _said(ben, "/task board", ben.direct_channel)
    assert "allow direct messages" in said.shown
    await discord.until(lambda: any(call.status == 403 for call in discord.calls), what="the refusal")
    await _add(anna, general, "Buy milk", ben)
    ben.user.takes_messages = True
    overview = await _overview(discord, ben)
    assert "#1 Buy milk" in overview.shown
    assert sum("My work" in message.shown for message in discord.direct_messages(ben.user)) == 1


async def test_direct_messages_closed_later_stop_nothing_else(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await _overview(discord, ben)
    closed = discord.faults.add("PATCH /channels/*", status=403, code=50007, times=None)
    await _add(anna, general, "Buy milk", ben)
    await closed.reached.wait()
    for title in ("Sweep", "Call the baker"):
        await _add(anna, general, title, ben)
    assert "Call the baker" in (await _said(ben, "/task mine", general)).shown
    assert closed.hits == 1


async def test_a_restart_goes_on_with_the_overview(
    discord: DiscordPlatform, shop: DiscordShop, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await _add(anna, general, "Buy milk", ben)
    overview = await _overview(discord, ben)
    await shop.stop()
    await shop.start()
    await _add(anna, general, "Sweep", ben)
    await discord.until(lambda: "#2 Sweep" in overview.shown, what="the task on the overview")
    told = await (await ben.choose(overview, "Done: which one?", "#1 Buy milk")).answer()
    assert "ben completed #1" in told.shown
    await discord.until(lambda: "Buy milk" not in overview.shown, what="the task gone")
    assert sum("My work" in message.shown for message in discord.direct_messages(ben.user)) == 1


async def test_faults_and_limits_are_outlived_and_nothing_stands_there_twice(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    discord.faults.drop("POST /channels/{channel}/messages")
    overview = await _overview(discord, ben)
    discord.faults.add("PATCH /channels/*", status=429, retry_after=0.2)
    discord.faults.add("PATCH /channels/*", status=502)
    await _add(anna, general, "Buy milk", ben)
    await discord.until(lambda: "#1 Buy milk" in overview.shown, what="the task on the overview")
    assert sum("My work" in message.shown for message in discord.direct_messages(ben.user)) == 1
