"""Tasks in Slack, over the wire, by HTTP and by Socket Mode alike."""

from collections.abc import Awaitable, Callable

import pytest

from core.chat.request import Platform
from tests.scenario.conftest import By
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.messages import Message
from tests.support.slack_product import SlackShop, Way


@pytest.fixture(params=["http", "socket"])
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


async def _said(person: Person, line: str, channel: Channel) -> Message:
    return await (await person.command(line, channel=channel)).answer()


async def test_a_task_added_is_told_to_the_channel_by_the_acknowledgement_itself(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    exchange = await by("anna").command("/task add Buy milk due:tomorrow 9am assign:@me", channel=general)
    added = await exchange.answer()
    assert "anna added #1 *Buy milk*" in added.shown
    assert "Buy milk" in added.text
    assert not added.is_ephemeral
    assert added.labels == ["Done", "Undo"]
    assert exchange.answers_at is not None
    assert exchange.answers_at.uses == 0
    assert not slack.calls_of("chat.postMessage")


async def test_the_list_is_shown_to_the_asker_alone_and_completing_from_it_renews_it(by: By, general: Channel) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    await _said(anna, "/task add Sweep the floor", general)
    shown = await _said(anna, "/task list", general)
    assert shown.is_ephemeral
    assert "#1 Buy milk" in shown.shown
    assert "#2 Sweep the floor" in shown.shown
    assert shown.labels == ["Done", "Snooze", "Assign"] * 2
    renewed, told = await (await anna.press(shown, "Done")).answers(2)
    assert renewed is shown
    assert "Buy milk" not in renewed.shown
    assert "Sweep the floor" in renewed.shown
    assert "anna completed #1 *Buy milk*" in told.shown
    assert not told.is_ephemeral


async def test_undo_takes_the_place_of_what_it_undoes(by: By, general: Channel) -> None:
    anna = by("anna")
    added = await _said(anna, "/task add Buy milk", general)
    undone = await (await anna.press(added, "Undo")).answer()
    assert undone is added
    assert "taken away again" in undone.shown
    assert undone.labels == []
    assert "Nothing to do" in (await _said(anna, "/task list", general)).shown


async def test_a_press_that_slack_delivers_again_is_answered_once(by: By, general: Channel) -> None:
    anna = by("anna")
    added = await _said(anna, "/task add Buy milk", general)
    exchange = await anna.press(added, "Undo")
    await exchange.answer()
    await exchange.delivery.repeat(10)
    await _said(anna, "/task list", general)
    assert len(exchange.messages) == 1


async def test_choosing_a_time_snoozes_at_once(by: By, general: Channel) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    shown = await _said(anna, "/task list", general)
    renewed, told = await (await anna.choose(shown, "Snooze", "3 hours")).answers(2)
    assert renewed is shown
    assert "snoozed #1 *Buy milk*" in told.shown


async def test_choosing_to_pick_a_time_opens_a_form_whose_answer_renews_the_list(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    shown = await _said(anna, "/task list", general)
    chosen = await anna.choose(shown, "Snooze", "Pick a time…")
    form = await chosen.view()
    assert form.title == "Task: snooze 1"
    submitted = await anna.submit(form, {"Until": "in 2 h"})
    assert submitted.errors == {}
    assert not form.is_open
    renewed, told = await chosen.answers(2)
    assert renewed is shown
    assert "snoozed #1 *Buy milk*" in told.shown
    assert slack.open_views(anna.user) == []


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


async def test_a_missing_argument_is_asked_for_and_a_mistake_keeps_the_form_open(by: By, general: Channel) -> None:
    anna = by("anna")
    asked = await anna.command("/task add", channel=general)
    form = await asked.view()
    assert form.title == "Task: add"
    refused = await anna.submit(form, {"Title": "Buy milk", "Due": "tomorrow 25:00"})
    assert list(refused.errors) == ["due"]
    assert "25:00" in refused.errors["due"]
    assert anna.platform.open_views(anna.user) == [form]
    await anna.submit(form, {"Due": "tomorrow", "Priority": "high"})
    assert anna.platform.open_views(anna.user) == []
    told = await asked.answer()
    assert "added #1 *Buy milk*" in told.shown
    assert not told.is_ephemeral


async def test_a_file_handed_in_by_a_form_is_checked_then_imported(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    asked = await anna.command("/task import", channel=general)
    form = await asked.view()
    file = anna.upload("tasks.csv", b"title,due,priority\nBuy milk,2026-12-01,high\nSweep,2026-13-01,low\n")
    await anna.submit(form, {"File": [file]})
    checked = await asked.answer()
    assert checked.is_ephemeral
    assert slack.downloads == [file.id]
    button = next(label for label in checked.labels if "good" in label.lower() or "import" in label.lower())
    await (await anna.press(checked, button)).answer()
    assert "Buy milk" in (await _said(anna, "/task list", general)).shown


async def _by_mention(anna: Person, cleo: Person, channel: Channel) -> Message:
    exchange = await anna.command("/task add Buy milk assign:@cleo", channel=channel)
    assert f"<@{cleo.user.id}" in exchange.payload["text"]
    return await exchange.answer()


async def _by_form(anna: Person, cleo: Person, channel: Channel) -> Message:
    asked = await anna.command("/task add", channel=channel)
    await anna.submit(await asked.view(), {"Title": "Buy milk", "Assign": [cleo.user]})
    return await asked.answer()


@pytest.mark.parametrize("adding", [_by_mention, _by_form])
async def test_who_never_typed_anything_is_given_a_task_by_being_named(
    slack: SlackPlatform, by: By, general: Channel, adding: Callable[[Person, Person, Channel], Awaitable[Message]]
) -> None:
    anna, cleo = by("anna"), slack.person(slack.world.user("cleo"))
    general.members.append(cleo.user)
    assert "added #1" in (await adding(anna, cleo, general)).shown
    assert "#1 Buy milk" in (await _said(anna, "/task list assignee:@cleo", general)).shown
    notices = await slack.until(lambda: slack.direct_messages(cleo.user), what="the notice")
    assert "anna gave you #1 *Buy milk*" in notices[0].shown


async def test_a_mention_in_a_thread_is_answered_there(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    (said,) = [general.find(message.ts) for message in [(await _root(anna, general))]]
    assert said is not None
    heard = await anna.mention("@bot task add Buy milk", general, thread_ts=said.ts)
    answer = await heard.answer()
    assert answer.thread_ts == said.ts
    assert "added #1 *Buy milk*" in answer.shown
    private = await (await anna.mention("@bot task list", general, thread_ts=said.ts)).answer()
    assert private.is_ephemeral
    assert private.thread_ts == said.ts
    assert "Buy milk" in private.shown
    assert len(slack.messages(general, said.ts)) == 4


async def _root(person: Person, channel: Channel) -> Message:
    await person.say("We are out of milk", channel)
    return channel.messages[-1]


async def test_talk_that_does_not_begin_with_the_bot_is_left_alone(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    exchange = await by("anna").mention("I think @bot is great", general)
    assert exchange.status == 200
    await _said(by("anna"), "/task list", general)
    assert not exchange.messages


async def test_a_direct_message_is_a_command_and_its_answer_stays(slack: SlackPlatform, by: By) -> None:
    anna = by("anna")
    added = await (await anna.direct_message("task add Call the bank")).answer()
    assert "added #1 *Call the bank*" in added.shown
    listed = await (await anna.direct_message("/task list")).answer()
    assert not listed.is_ephemeral
    assert "Call the bank" in listed.shown
    done = await (await anna.press(listed, "Done")).answers(2)
    assert "completed #1" in done[1].shown


async def test_a_file_that_is_asked_for_comes_directly_and_the_answer_says_so(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk", general)
    exchange = await anna.command("/task export", channel=general)
    await exchange.answer()
    direct = anna.direct_channel
    shared = await slack.until(lambda: [m for m in direct.messages if m.files], what="the file")
    (file,) = shared[0].files
    assert file["name"].endswith(".csv")
    content = slack.world.files[file["id"]].content
    assert content is not None
    assert b"Buy milk" in content
    await slack.until(lambda: any("direct messages" in m.shown for m in exchange.messages), what="the hint")


async def test_pages_turn_in_place_with_ten_rows_and_their_buttons_each(by: By, general: Channel) -> None:
    anna = by("anna")
    for number in range(12):
        await _said(anna, f"/task add Task number {number} with a title of some length, as people write them", general)
    shown = await _said(anna, "/task list", general)
    assert shown.labels.count("Done") == 10
    turned = await (await anna.press(shown, "Next")).answer()
    assert turned is shown
    assert turned.labels.count("Done") == 2
    assert "Task number 11" in turned.shown
    back = await (await anna.press(shown, "Previous")).answer()
    assert back.labels.count("Done") == 10


async def test_the_longest_titles_are_shortened_in_a_list_and_whole_in_the_file_beside_it(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    for number in range(10):
        await _said(anna, f"/task add {number} {'<&>' * 150}", general)
    exchange = await anna.command("/task list", channel=general)
    shown = await exchange.answer()
    assert "file" in shown.shown
    files = await slack.until(lambda: [m for m in anna.direct_channel.messages if m.files], what="the file")
    content = slack.world.files[files[0].files[0]["id"]].content
    assert content is not None
    assert content.decode().count("<&>" * 150) == 10


async def test_nobody_is_called_by_words_in_a_title(by: By, general: Channel) -> None:
    added = await _said(by("anna"), "/task add <!channel> <@U0QM000001> & *all*", general)
    assert "<!channel>" not in added.shown
    assert "&lt;!channel&gt;" in added.shown
    assert "&lt;!channel&gt;" in added.text


async def test_people_and_channels_in_a_title_are_read_by_name(by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(ben, "/user whoami", general)
    added = await _said(anna, "/task add Ask @ben what #general needs", general)
    assert "anna added #1 *Ask @ben what #general needs*" in added.shown


async def test_a_summary_comes_with_charts(by: By, general: Channel) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk priority:high", general)
    summary = await _said(anna, "/task summary", general)
    kinds = [block["type"] for block in summary.blocks]
    assert kinds.count("data_visualization") == 2
    assert kinds.count("table") == 1
    assert "Open by priority" in summary.text


async def test_near_misses_and_mistakes_are_told_to_the_asker_alone(by: By, general: Channel) -> None:
    anna = by("anna")
    near = await _said(anna, "/task ad Buy milk", general)
    assert near.is_ephemeral
    assert "task add" in near.shown
    unknown = await _said(anna, "/task done 99", general)
    assert unknown.is_ephemeral
    assert "no task #99" in unknown.shown


async def test_help_is_offered_for_an_empty_command_and_in_the_home_tab(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    helped = await _said(anna, "/qm", general)
    assert helped.is_ephemeral
    assert "/task" in helped.shown
    await anna.open_home()
    home = await slack.until(lambda: slack.home_of(anna.user), what="the home tab")
    assert "/task" in home.shown


async def test_people_come_with_the_name_and_zone_of_their_profile(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    anna.user.tz = "America/New_York"
    added = await _said(anna, "/task add Buy milk due:tomorrow 9am", general)
    assert "America/New_York" in added.text
    assert len(slack.calls_of("users.info")) == 1
    assert slack.calls_of("auth.test") == slack.calls_of("auth.test")[:1]


async def test_members_are_known_by_their_slack_ids_for_mentions(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    anna = by("anna")
    await _said(anna, "/task list", general)
    identities, team = shop.served.product.identities, slack.installation.team.id
    (member,) = [number for number in range(1, 10) if identities.user_in(Platform.SLACK, team, number) == anna.user.id]
    assert identities.user_in(Platform.SLACK, team, member + 90) is None
    assert identities.user_in(Platform.SLACK, "T_elsewhere", member) is None


async def test_the_name_of_a_private_channel_is_asked_for_once(slack: SlackPlatform, by: By) -> None:
    anna = by("anna")
    secret = slack.world.channel("secret", [anna.user], private=True)
    listed = await (await anna.command("/task list", channel=secret)).answer()
    assert "Open tasks in a private channel" in listed.shown
    await slack.until(lambda: slack.calls_of("conversations.info"), what="the question")
    await (await anna.command("/task add Plan the party", channel=secret)).answer()
    listed = await (await anna.command("/task list", channel=secret)).answer()
    assert "Open tasks in #secret" in listed.shown
    assert len(slack.calls_of("conversations.info")) == 1


async def test_a_user_group_is_everybody_in_it(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    cat = slack.world.user("cat")
    slack.world.group("bakers", [ben.user, cat])
    added = await _said(anna, "/task add Bake bread assign:@bakers", general)
    assert "for ben and cat" in added.shown
    for person in (ben.user, cat):
        await slack.until(lambda person=person: slack.direct_messages(person), what="the notice")  # type: ignore[misc]
    slack.faults.add("usergroups.users.list", error="missing_scope")
    refused = await _said(anna, "/task assign 1 @bakers", general)
    assert refused.is_ephemeral
    assert "I am not allowed to see who is in “bakers”." in refused.shown
