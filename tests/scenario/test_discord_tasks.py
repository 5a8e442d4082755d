"""Tasks in Discord, over the wire."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.discord import Channel, DiscordPlatform, Message, Permission, Person
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
def general(discord: DiscordPlatform, by: By) -> Channel:
    return discord.world.channel("general", [by("anna").user, by("ben").user])


async def _said(person: Person, line: str, channel: Channel) -> Message:
    return await (await person.command(line, channel=channel)).answer()


async def test_a_task_added_is_told_to_the_channel_by_the_first_response(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    exchange = await by("anna").command(
        "/task add", title="Buy milk", due="tomorrow 9am", assign="@me", channel=general
    )
    added = await exchange.answer()
    assert "anna added #1 **Buy milk**" in added.shown
    assert not added.is_ephemeral
    assert added.labels == ["Done", "Undo"]
    assert exchange.response == 4
    assert not discord.calls_of("PATCH *")
    assert not discord.calls_of("GET /gateway*")


async def test_the_list_is_shown_to_the_asker_alone_and_completing_from_it_renews_it(by: By, general: Channel) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    await _said(anna, "/task add Sweep the floor", general)
    shown = await _said(anna, "/task list", general)
    assert shown.is_ephemeral
    assert "#1 Buy milk" in shown.shown
    assert "#2 Sweep the floor" in shown.shown
    assert shown.labels == ["Done: which one?", "Snooze: which one?", "Assign: which one?"]
    exchange = await anna.choose(shown, "Done: which one?", "#1 Buy milk")
    renewed, told = await exchange.answers(2)
    assert renewed is shown
    assert "Buy milk" not in renewed.shown
    assert "Sweep the floor" in renewed.shown
    assert "anna completed #1 **Buy milk**" in told.shown
    assert not told.is_ephemeral


async def test_undo_takes_the_place_of_what_it_undoes(by: By, general: Channel) -> None:
    anna = by("anna")
    added = await _said(anna, "/task add Buy milk", general)
    undone = await (await anna.press(added, "Undo")).answer()
    assert undone is added
    assert "taken away again" in undone.shown
    assert undone.labels == []


async def test_snoozing_one_of_several_asks_which_then_when(by: By, general: Channel) -> None:
    anna = by("anna")
    for title in ("Buy milk", "Sweep"):
        await _said(anna, f"/task add {title}", general)
    shown = await _said(anna, "/task list", general)
    chosen = await (await anna.choose(shown, "Snooze: which one?", "#2 Sweep")).answer()
    assert chosen is shown
    assert chosen.labels == ["Done: which one?", "Snooze: which one?", "Snooze #2 Sweep", "Assign: which one?"]
    await (await anna.choose(shown, "Snooze: which one?", "#1 Buy milk")).answer()
    assert chosen.labels == ["Done: which one?", "Snooze: which one?", "Snooze #1 Buy milk", "Assign: which one?"]
    await (await anna.choose(shown, "Snooze: which one?", "#2 Sweep")).answer()
    renewed, told = await (await anna.choose(shown, "Snooze #2 Sweep", "3 hours")).answers(2)
    assert renewed is shown
    assert "snoozed #2 **Sweep**" in told.shown


async def test_choosing_to_pick_a_time_opens_a_form_whose_answer_renews_the_list(by: By, general: Channel) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    shown = await _said(anna, "/task list", general)
    chosen = await anna.choose(shown, "Snooze", "Pick a time…")
    form = await chosen.view()
    assert form.title == "Task: snooze 1"
    await anna.submit(form, {"Until": "in 2 h"})
    renewed, told = await chosen.answers(2)
    assert renewed is shown
    assert "snoozed #1 **Buy milk**" in told.shown


async def test_a_form_assigns_whom_the_person_picks(by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(ben, "/task list", general)
    await _said(anna, "/task add Buy milk", general)
    shown = await _said(anna, "/task list", general)
    pressed = await anna.press(shown, "Assign")
    form = await pressed.view()
    await anna.submit(form, {"People": [ben.user]})
    told = (await pressed.answers(2))[1]
    assert "ben will do it" in told.shown


async def _by_option(anna: Person, cleo: Person, channel: Channel) -> Message:
    return await (await anna.command("/task add", title="Buy milk", assign="@cleo", channel=channel)).answer()


async def _by_form(anna: Person, cleo: Person, channel: Channel) -> Message:
    form = await (await anna.command("/task add", channel=channel)).view()
    return await (await anna.submit(form, {"Title": "Buy milk", "Assign": [cleo.user]})).answer()


async def _by_message(anna: Person, cleo: Person, channel: Channel) -> Message:
    return await (await anna.mention("@bot task add Buy milk assign:@cleo", channel)).answer()


@pytest.mark.parametrize("adding", [_by_option, _by_form, _by_message])
async def test_who_never_typed_anything_is_given_a_task_by_being_named_without_asking_discord(
    discord: DiscordPlatform, by: By, general: Channel, adding: Callable[[Person, Person, Channel], Awaitable[Message]]
) -> None:
    anna, cleo = by("anna"), discord.person(discord.world.user("cleo"))
    general.members.append(cleo.user)
    assert "added #1" in (await adding(anna, cleo, general)).shown
    listed = await (await anna.command("/task list", assign="@cleo", channel=general)).answer()
    assert "#1 Buy milk" in listed.shown
    notices = await discord.until(lambda: discord.direct_messages(cleo.user), what="the notice")
    assert "anna gave you #1 **Buy milk**" in notices[0].shown
    asked = [call.parts["user"] for call in discord.calls_of("GET /guilds/{guild}/members/{user}")]
    assert anna.user.id in asked
    assert cleo.user.id not in asked


async def test_a_missing_argument_is_asked_for_and_a_mistake_brings_the_form_up_again(by: By, general: Channel) -> None:
    anna = by("anna")
    asked = await anna.command("/task add", channel=general)
    form = await asked.view()
    assert form.title == "Task: add"
    refused = await (await anna.submit(form, {"Title": "Buy milk", "Due": "tomorrow 25:00"})).answer()
    assert refused.is_ephemeral
    assert "25:00" in refused.shown
    again = await (await anna.press(refused, "Fill in again")).view()
    assert "25:00" in again.shown
    told = await (await anna.submit(again, {"Due": "tomorrow", "Priority": "high"})).answer()
    assert "added #1 **Buy milk**" in told.shown
    assert not told.is_ephemeral


async def test_a_file_handed_in_by_a_form_is_checked_then_imported(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    asked = await anna.command("/task import", channel=general)
    form = await asked.view()
    file = anna.upload("tasks.csv", b"title,due,priority\nBuy milk,2026-12-01,high\nSweep,2026-13-01,low\n")
    checked = await (await anna.submit(form, {"File": [file]})).answer()
    assert checked.is_ephemeral
    assert discord.downloads == [file.id]
    button = next(label for label in checked.labels if "good" in label.lower() or "import" in label.lower())
    await (await anna.press(checked, button)).answer()
    assert "Buy milk" in (await _said(anna, "/task list", general)).shown


async def test_a_file_handed_in_as_an_option_is_imported(by: By, general: Channel) -> None:
    anna = by("anna")
    file = anna.upload("tasks.csv", b"title\nBuy milk\n")
    await (await anna.command("/task import", file=file, mode="good", channel=general)).answer()
    assert "Buy milk" in (await _said(anna, "/task list", general)).shown


async def test_a_file_that_is_asked_for_comes_with_the_answer(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    answer = await _said(anna, "/task export", general)
    (file,) = answer.files
    assert answer.is_ephemeral
    assert file["filename"].endswith(".csv")
    assert b"Buy milk" in discord.world.files[file["id"]].content


async def test_pages_turn_in_place(by: By, general: Channel) -> None:
    anna = by("anna")
    for number in range(12):
        await _said(anna, f"/task add Task number {number} with a title of some length, as people write them", general)
    shown = await _said(anna, "/task list", general)
    turned = await (await anna.press(shown, "Next")).answer()
    assert turned is shown
    assert "Task number 11" in turned.shown
    back = await (await anna.press(shown, "Previous")).answer()
    assert "Task number 0" in back.shown


async def test_suggestions_come_from_memory_and_fit_what_is_typed(by: By, general: Channel) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    await _said(anna, "/task add Sweep the floor", general)
    tasks = await anna.suggest("/task done", "task", "Sw", channel=general)
    assert [one["value"] for one in tasks.options] == ["2"]
    whole = await anna.suggest("/task done", "task", "Sweep the f", channel=general)
    assert [one["value"] for one in whole.options] == ["2"]
    none = await anna.suggest("/task done", "task", "Sweep the roof", channel=general)
    assert none.options == []
    more = await anna.suggest("/task done", "task", "1 ", channel=general)
    assert "1 2" in [one["value"] for one in more.options]
    people = await anna.suggest("/task assign", "people", "@an", channel=general)
    assert "@anna" in [one["value"] for one in people.options]
    dues = await anna.suggest("/task due", "due", "tomorrow 9", channel=general)
    assert [one["value"] for one in dues.options] == ["tomorrow 9", "tomorrow 9am"]


async def test_nobody_is_called_by_words_in_a_title(by: By, general: Channel) -> None:
    added = await _said(by("anna"), "/task add Tell @everyone & <@&1> about *this*", general)
    assert "@everyone" not in added.shown
    assert added.allowed_mentions == {"parse": [], "users": []}
    assert added.pinged == set()


async def test_people_and_channels_in_a_title_are_read_by_name(by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(ben, "/user whoami", general)
    added = await _said(anna, "/task add Ask @ben what #general needs", general)
    assert "anna added #1 **Ask @ben what #general needs**" in added.shown


async def test_administrators_start_as_admins(discord: DiscordPlatform, shop: DiscordShop, general: Channel) -> None:
    boss = discord.person(discord.world.user("carla", is_admin=True))
    answer = await _said(boss, "/user whoami", general)
    assert "admin" in answer.shown.lower()


async def test_tasks_of_a_private_channel_stay_with_its_members(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    office = discord.world.channel("office", [anna.user], private=True)
    await _said(anna, "/task add Write the offer", office)
    mine = await (await anna.command("/task list channel:all", channel=general)).answer()
    assert "Write the offer" in mine.shown
    others = await (await ben.command("/task list channel:all", channel=general)).answer()
    assert "Write the offer" not in others.shown


async def test_commands_work_in_direct_messages(discord: DiscordPlatform, by: By) -> None:
    anna = by("anna")
    added = await _said(anna, "/task add Call the bank", anna.direct_channel)
    assert "added #1 **Call the bank**" in added.shown
    undone = await (await anna.press(added, "Undo")).answer()
    assert undone is added


async def test_mistakes_are_told_to_the_asker_alone(by: By, general: Channel) -> None:
    unknown = await _said(by("anna"), "/task done 99", general)
    assert unknown.is_ephemeral
    assert "no task #99" in unknown.shown


async def test_commands_are_told_to_discord_once_until_they_change(discord: DiscordPlatform, shop: DiscordShop) -> None:
    assert len(discord.calls_of("PUT /applications/*")) == 1
    await shop.stop()
    await shop.start()
    assert len(discord.calls_of("PUT /applications/*")) == 1


async def test_a_direct_message_is_about_the_server_that_its_writer_is_in(
    discord: DiscordPlatform, shop: DiscordShop, by: By, general: Channel
) -> None:
    other = discord.world.guild("Elsewhere")
    discord.changes.install(other)
    eve = discord.person(discord.world.user("eve", other))
    place = discord.world.channel("elsewhere", [eve.user])
    await _said(by("anna"), "/task add Buy milk", general)
    await _said(eve, "/task add Feed the cat", place)
    mine = await _said(eve, "/task list channel:all", eve.direct_channel)
    assert "Feed the cat" in mine.shown
    assert "Buy milk" not in mine.shown
    fay = discord.person(discord.world.user("fay", other))
    seen = await _said(fay, "/task list channel:all", fay.direct_channel)
    assert "Feed the cat" in seen.shown


async def test_whoever_is_given_a_task_is_told_and_completes_it_from_there(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(ben, "/user whoami", general)
    await _said(anna, "/task add Buy milk assign:@ben", general)
    (notice,) = await discord.until(lambda: discord.direct_messages(ben.user), what="the notice")
    assert "anna gave you #1 **Buy milk**" in notice.shown
    assert {"Done", "Snooze", "Show"} == set(notice.labels)
    done = await (await ben.press(notice, "Done")).answer()
    assert "ben completed #1 **Buy milk**" in done.shown
    assert "#1" not in (await _said(anna, "/task list", general)).shown


async def test_a_command_in_a_thread_belongs_to_its_channel(discord: DiscordPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    await anna.say("We are out of milk", general)
    root = general.messages[-1]
    thread = discord.world.thread(general, "Milk", anna.user, root.id)
    discord.gateway.dispatch("THREAD_CREATE", thread.public() | {"newly_created": True})
    added = await _said(anna, "/task add Buy milk", thread)
    assert added.thread_ts == root.id
    assert "#1 Buy milk" in (await _said(anna, "/task list", general)).shown


async def test_an_admin_looks_past_a_private_channel_by_an_option_and_nobody_else_does(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    ben, boss = by("ben"), discord.person(discord.world.user("boss"))
    # Who administers the server sees every channel in Discord already; who manages it does not.
    discord.changes.give_role(boss.user, discord.world.role("managers", Permission.MANAGE_GUILD))
    back = discord.world.channel("back", [ben.user], private=True)
    await _said(ben, "/task add Count the till", back)

    async def look(person: Person, *, override: bool) -> Message:
        return await (await person.command("/task show", task="1", override=override, channel=general)).answer()

    shown = await look(boss, override=True)
    assert "Count the till" in shown.shown
    assert shown.is_ephemeral
    assert "Count the till" not in (await look(boss, override=False)).shown
    refused = await look(by("anna"), override=True)
    assert "Count the till" not in refused.shown
    assert "admin" in refused.shown
    trail = await _said(boss, "/qm audit", general)
    assert "/task show" in trail.shown


async def test_a_task_is_given_to_everybody_in_a_role_where_the_members_may_be_listed(
    discord: DiscordPlatform, by: By, general: Channel
) -> None:
    bakers = discord.world.role("bakers")
    for name in ("anna", "ben"):
        discord.changes.give_role(by(name).user, bakers)
    added = await _said(by("anna"), f"/task add title:Bake assign:{bakers.mention}", general)
    assert "anna, ben" in added.shown
    discord.app.privileged = 0
    refused = await _said(by("anna"), f"/task add title:Bake assign:{bakers.mention}", general)
    assert refused.is_ephemeral
    assert "not allowed to see who is in" in refused.shown
    assert "quartermaster doctor" in refused.shown


async def test_a_summary_comes_with_pictures_of_its_charts(discord: DiscordPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    summary = await _said(anna, "/task summary", general)
    assert [file["filename"] for file in summary.files] == ["chart-1.png", "chart-2.png"]
    assert summary.files[0]["description"].startswith("Open by priority: ")
    assert summary.files[0]["url"] in str(summary.embeds[0]["image"])
