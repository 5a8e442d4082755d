"""The Home tab in Slack, over the wire: my work, as fresh for others' deeds as for one's own."""

import pytest

from tests.scenario.conftest import By
from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.messages import Message, View

both_ways = pytest.mark.parametrize("way", ["http", "socket"])
"""For what Slack sends; what the product does of itself takes the same way always."""


async def _said(person: Person, line: str, channel: Channel) -> Message:
    return await (await person.command(line, channel=channel)).answer()


async def _home(slack: SlackPlatform, person: Person) -> View:
    await person.open_home()
    return await slack.until(lambda: slack.home_of(person.user), what="the home tab")


async def _shows(slack: SlackPlatform, person: Person, words: str) -> View:
    def look() -> View | None:
        home = slack.home_of(person.user)
        return home if home and words in home.shown else None

    return await slack.until(look, what=f"“{words}” in the home tab")


async def _lacks(slack: SlackPlatform, person: Person, words: str) -> View:
    def look() -> View | None:
        home = slack.home_of(person.user)
        return home if home and words not in home.shown else None

    return await slack.until(look, what=f"the home tab without “{words}”")


async def test_my_tasks_of_all_channels_stand_there_due_first(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    back = slack.world.channel("back", [anna.user], private=True)
    await _said(anna, "/task add Some day assign:@me", general)
    await _said(anna, "/task add Soon due:tomorrow assign:@me", back)
    await _said(ben, "/task add Not hers assign:@me", general)
    home = await _home(slack, anna)
    assert "My work" in home.shown
    assert home.shown.index("#2 Soon") < home.shown.index("#1 Some day")
    assert "Not hers" not in home.shown
    assert home.labels[:3] == ["Done", "Snooze", "Assign"]
    assert "/task" in home.shown


async def test_both_people_see_an_assignment_at_once(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    for person in (anna, ben):
        await _said(person, "/task list", general)
        await _home(slack, person)
    await _said(anna, "/task add Buy milk assign:@ben", general)
    await _shows(slack, ben, "#1 Buy milk")
    await _said(anna, "/task assign 1 @anna", general)
    await _shows(slack, anna, "#1 Buy milk")
    await _said(ben, "/task assign 1 @ben mode:remove", general)
    await _lacks(slack, ben, "#1 Buy milk")
    await _said(ben, "/task done 1", general)
    await _lacks(slack, anna, "#1 Buy milk")


@both_ways
async def test_done_is_pressed_in_the_tab_and_told_directly_with_the_way_back(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    await _said(anna, "/task add Buy milk assign:@me", general)
    home = await _home(slack, anna)
    await anna.press(home, "Done")
    await _lacks(slack, anna, "#1 Buy milk")
    told = await slack.until(lambda: slack.direct_messages(anna.user), what="the answer")
    assert "anna completed #1 *Buy milk*" in told[0].shown
    assert len(told) == 1
    await anna.press(told[0], "Undo")
    await _shows(slack, anna, "#1 Buy milk")


@both_ways
async def test_a_form_that_opens_from_the_tab_changes_it(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    await _said(ben, "/task list", general)
    await _said(anna, "/task add Buy milk assign:@me", general)
    home = await _home(slack, anna)
    form = await (await anna.press(home, "Assign")).view()
    await anna.submit(form, {"People": [ben.user]})
    await _shows(slack, anna, "anna, ben")
    told = await slack.until(lambda: slack.direct_messages(anna.user), what="the answer")
    assert ["assigned #1" in message.shown for message in told] == [True]


async def test_the_pages_of_the_tab_are_turned_in_it(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    for number in range(12):
        await _said(anna, f"/task add Number {number} assign:@me", general)
    home = await _home(slack, anna)
    await anna.press(home, "Next")
    turned = await _shows(slack, anna, "#12 Number 11")
    assert "#1 Number 0" not in turned.shown
    assert not slack.direct_messages(anna.user)


async def test_a_burst_of_changes_is_a_few_versions_and_none_without_need(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    for person in (anna, ben):
        await _said(person, "/task list", general)
        await _home(slack, person)
    published = len(slack.calls_of("views.publish"))
    for number in range(8):
        await _said(anna, f"/task add Number {number} assign:@me", general)
    await _shows(slack, anna, "#8 Number 7")
    made = [call.args["user_id"] for call in slack.calls_of("views.publish")[published:]]
    assert ben.user.id not in made
    assert 1 <= len(made) <= 8


async def test_the_tab_outlives_rate_limits_and_faults(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    await _home(slack, anna)
    slack.faults.add("views.publish", status=429, retry_after=1)
    slack.faults.add("views.publish", status=503)
    slack.faults.drop("views.publish")
    await _said(anna, "/task add Buy milk assign:@me", general)
    await _shows(slack, anna, "#1 Buy milk")
