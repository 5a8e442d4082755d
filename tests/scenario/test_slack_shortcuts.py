"""The message shortcut in Slack, over the wire: a message becomes a task."""

import pytest

from tests.scenario.conftest import By
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.messages import Message
from tests.support.slack_product import Way


@pytest.fixture(params=["http", "socket"])
def way(request: pytest.FixtureRequest) -> Way:
    found: Way = request.param
    return found


async def _message(person: Person, words: str, channel: Channel) -> Message:
    await person.say(words, channel)
    return channel.messages[-1]


async def test_a_message_becomes_a_task_with_its_link(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    message = await _message(ben, "Buy milk & bread", general)
    used = await anna.shortcut("make_task", message)
    form = await used.view()
    assert form.title == "Task: add"
    assert form.control("Title").element["initial_value"] == "Buy milk & bread"
    await anna.submit(form, {"Due": "tomorrow"})
    told = await used.answer()
    assert "anna added #1 *Buy milk &amp; bread*" in told.shown
    assert not told.is_ephemeral
    shown = await (await anna.command("/task show 1", channel=general)).answer()
    link = f"https://acme.slack.com/archives/{general.id}/p{message.ts.replace('.', '')}"
    assert link in shown.shown
    assert "#general" in shown.shown


async def test_a_long_message_is_kept_in_the_notes_and_people_by_their_names(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    message = await _message(ben, "@anna could you fix this?\nThe door squeaks, see https://example.org/door", general)
    form = await (await anna.shortcut("make_task", message)).view()
    assert form.control("Title").element["initial_value"] == "@anna could you fix this?"
    assert "see https://example.org/door" in form.control("Notes").element["initial_value"]
    assert form.control("Notes").element["multiline"]


async def test_a_message_where_the_bot_is_not_becomes_a_task_too(slack: SlackPlatform, by: By) -> None:
    anna = by("anna")
    safe = slack.world.channel("safe", [anna.user], private=True, with_bot=False)
    message = await _message(anna, "Change the code", safe)
    used = await anna.shortcut("make_task", message)
    form = await used.view()
    await anna.submit(form)
    assert "added #1 *Change the code*" in (await used.answer()).shown
    shown = await (await anna.command("/task show 1", channel=safe)).answer()
    assert f"/archives/{safe.id}/p{message.ts.replace('.', '')}" in shown.shown


async def test_slack_being_slow_with_the_link_does_not_cost_the_form(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    slack.faults.hang("chat.getPermalink")
    message = await _message(anna, "Buy milk", general)
    form = await (await anna.shortcut("make_task", message)).view()
    assert form.control("Title").element["initial_value"] == "Buy milk"


async def test_an_empty_message_asks_for_the_title_without_scolding(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    file = anna.upload("receipt.pdf", b"%PDF")
    await anna.say("", general, files=[file])
    form = await (await anna.shortcut("make_task", general.messages[-1])).view()
    assert "initial_value" not in form.control("Title").element
    assert "missing" not in form.shown


async def test_a_shortcut_that_is_delivered_again_opens_one_form(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    used = await anna.shortcut("make_task", await _message(anna, "Buy milk", general))
    await used.view()
    await used.delivery.repeat(3)
    assert len(slack.open_views(anna.user)) == 1
