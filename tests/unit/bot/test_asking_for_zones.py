"""Who is asked in which time zone they are, and when."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.texts.zones import which_zone
from core.chat.reply import Placement, Reply, Visibility
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Stage, staged

SHOP = ChannelRef("1", "shop", ChannelKind.PUBLIC)
DIRECT = ChannelRef("2", "", ChannelKind.DIRECT)
CLEO = UserRef("U1", "Cleo")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        await made.type("/user whoami")
        yield made


async def told(stage: Stage, line: str = "", channel: ChannelRef = SHOP, **more: Any) -> Reply:
    """What Cleo is answered in Discord: to a typed message, or to a command with its options filled in."""
    reply = await stage.type(
        line, CLEO.id, **{"platform": Platform.DISCORD, "space": "G1", "channel": channel, "user": CLEO, **more}
    )
    assert reply.problem is None, reply.problem
    return reply


async def filled(stage: Stage, command: str = "task add", **given: str) -> Reply:
    return await told(stage, command=command, arguments={name.replace("_", "-"): text for name, text in given.items()})


CLOCKED: dict[str, dict[str, str]] = {
    "task add": {"title": "Tea", "due": "tomorrow 9am"},
    "user quiet": {"hours": "20:00-8:00"},
    "job every": {"name": "tea", "when": "daily 9:00", "what": "/task list"},
    "report schedule": {"report": "sales", "when": "daily 9:00"},
    "task digest": {"switch": "on"},
}


@pytest.mark.parametrize("command", CLOCKED)
async def test_whoever_says_something_of_times_is_asked_once_and_alone(stage: Stage, command: str) -> None:
    assert (await filled(stage, title="Nothing of times")).besides is None
    question = (await filled(stage, command, **CLOCKED[command])).besides
    assert question
    assert question.visibility is Visibility.PRIVATE
    assert (await filled(stage, title="Cake", due="fri 9am")).besides is None


async def test_what_is_said_in_a_message_for_all_to_see_asks_nothing_until_they_can_be_asked_alone(
    stage: Stage,
) -> None:
    assert (await told(stage, "/task add Tea due:tomorrow 9am")).besides is None
    assert (await told(stage, "/task add Tea due:tomorrow 9am", DIRECT)).besides


async def test_who_has_a_zone_is_not_asked(stage: Stage) -> None:
    await told(stage, "/user zone Asia/Tokyo")
    assert (await filled(stage, title="Tea", due="tomorrow 9am")).besides is None


@pytest.mark.parametrize("platform", [Platform.SLACK, Platform.WEB])
async def test_where_the_platform_or_the_browser_tells_it_nobody_is_asked(stage: Stage, platform: Platform) -> None:
    given: dict[str, Any] = {"command": "task add", "arguments": {"title": "Tea", "due": "tomorrow 9am"}}
    assert (await told(stage, platform=platform, space="", **given)).besides is None


async def test_what_is_refused_asks_nothing_yet(stage: Stage) -> None:
    refused = await stage.product.application.handle(
        replace(
            stage.request(platform=Platform.DISCORD, space="G1", channel=SHOP, user=CLEO),
            command="task add",
            arguments={"title": "Tea", "due": "someday"},
        )
    )
    assert refused.problem
    assert refused.besides is None
    assert (await filled(stage, title="Tea", due="tomorrow 9am")).besides


async def test_a_delivery_that_comes_again_is_answered_with_the_same_question(stage: Stage) -> None:
    given: dict[str, Any] = {"command": "task add", "arguments": {"title": "Tea", "due": "fri 9am"}, "delivery": "D"}
    first, again = await told(stage, **given), await told(stage, **given)
    assert first.besides
    assert again == first


async def test_what_one_answers_is_a_command_in_place_of_the_question(stage: Stage) -> None:
    question = (await filled(stage, title="Tea", due="tomorrow 9am")).besides
    assert question
    choices, keep = question.actions
    assert 0 < len(choices.choices) <= 25
    assert [choice.label for choice in choices.choices if "Berlin" in choice.label] == ["Europe/Berlin (UTC+1)"]
    tokyo = next(choice for choice in choices.choices if choice.command == "/user zone Asia/Tokyo")
    answer = await told(stage, action=tokyo.id)
    assert plain(answer.text).startswith("Your time zone is now Asia/Tokyo (was Europe/Berlin): ")
    assert answer.placement is Placement.UPDATE
    kept = await told(stage, action=keep.id)
    assert "Your time zone is now Europe/Berlin" in plain(kept.text)


async def test_the_choices_are_in_the_order_of_their_clocks(stage: Stage) -> None:
    actor = await stage.product.application.identify(stage.request())
    labels = [choice.label for choice in which_zone(actor, NOW).actions[0].choices]
    assert labels[0] == "Pacific/Honolulu (UTC-10)"
    assert labels[-1] == "Pacific/Auckland (UTC+13)"
    assert "Asia/Kolkata (UTC+5:30)" in labels
