"""Groups named among people: everybody in them is meant."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from core.ports.platform import PostOutcomeUnknownError
from tests.unit.bot.stage import Stage, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
ANNA = UserRef("U1", "Anna")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        for number, name in enumerate(("Anna", "Ben", "Cat"), start=1):
            made.chat.profiles[f"U{number}"] = UserRef(f"U{number}", name)
        made.chat.groups["S1"] = ["U2", "U3"]
        yield made


async def said(stage: Stage, line: str, **more: Any) -> Reply:
    return await stage.type(line, platform=Platform.SLACK, channel=SHOP, user=ANNA, **more)


def people(reply: Reply) -> object:
    return next(field.value for field in reply.fields if field.key == "assignees")


async def test_everybody_in_a_group_is_assigned_and_made_known(stage: Stage) -> None:
    await said(stage, "/task add Buy milk")
    reply = await said(stage, "/task assign 1 <@&S1|devs>")
    assert people(reply) == "Ben, Cat"
    assert [item.post.member_id is not None for item in await stage.parts.storage.outbox.claim(stage.clock.now(), 9)]
    assert "Ben" in plain((await said(stage, "/user list")).text) or (await said(stage, "/user list")).tables


async def test_groups_and_people_are_named_together(stage: Stage) -> None:
    reply = await said(stage, "/task add Buy milk assign:<@&S1|devs>,@me")
    assert people(reply) == "Ben, Cat, Anna"
    await said(stage, "/task assign 1 <@&S1> mode:remove")
    assert people(await said(stage, "/task assign 1 <@U2> <@&S1> <@U1>")) == "Anna, Ben, Cat"
    assert len([one for one in stage.chat.asked if one.startswith("profile")]) == 3


async def test_somebody_who_is_mentioned_is_known_from_then_on(stage: Stage) -> None:
    reply = await said(stage, "/task add Buy milk assign:<@U2|ben>")
    assert people(reply) == "Ben"
    assert people(await said(stage, "/task assign 1 <@U3>")) == "Ben, Cat"
    assert people(await said(stage, "/task add Buy tea assign:@ben")) == "Ben"


async def test_an_id_that_is_nobodys_makes_nobody_known(stage: Stage) -> None:
    reply = await said(stage, "/task add Buy milk assign:<@U99>")
    assert reply.problem
    assert reply.problem.message == "`assign`: I don't know that person yet."
    assert [row.cells[0] for row in (await said(stage, "/user list")).tables[0].rows] == ["Anna"]


async def test_of_a_large_group_the_first_are_taken_and_the_answer_says_so(stage: Stage) -> None:
    stage.chat.groups["S2"] = [f"U{number}" for number in range(1, 41)]
    reply = await said(stage, "/task add Buy milk assign:<@&S2|everybody>")
    assert reply.problem is None
    assert "@everybody has 40 people; I took the first 25." in plain(reply.text)
    assert str(people(reply)).count(",") == 24


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("<@&S9|ops>", "I can't find the group “ops”."),
        ("<@&S3|none>", "Nobody is in the group “none”."),
        (" ".join(f"<@&S{number}>" for number in range(11, 17)), "That is more than 5 groups."),
    ],
)
async def test_a_group_that_can_not_be_meant_is_named_and_nothing_changes(
    stage: Stage, group: str, message: str
) -> None:
    stage.chat.groups["S3"] = []
    await said(stage, "/task add Buy milk")
    reply = await said(stage, f"/task assign 1 {group}")
    assert reply.problem
    assert reply.problem.message.endswith(message)
    shown = await said(stage, "/task show 1")
    assert not [field for field in shown.fields if field.key == "assignees"]


@pytest.mark.parametrize("error", [PostOutcomeUnknownError(), TimeoutError(), ValueError("broken")])
async def test_a_platform_that_does_not_tell_who_is_in_a_group_is_said(stage: Stage, error: Exception) -> None:
    await said(stage, "/task add Buy milk")
    stage.chat.unreachable.append(error)
    reply = await said(stage, "/task assign 1 <@&S1|devs>")
    assert reply.problem
    assert "I could not find out who is in “devs”." in reply.problem.message


async def test_without_a_group_no_platform_is_asked(stage: Stage) -> None:
    await said(stage, "/task add Buy milk assign:@me")
    assert not [one for one in stage.chat.asked if one.startswith("group")]


async def test_a_platform_without_groups_says_so(stage: Stage) -> None:
    reply = await stage.type("/task add Buy milk assign:<@&S1|devs>")
    assert reply.problem
    assert "I can't find the group “devs”." in reply.problem.message


async def test_in_a_title_a_group_is_a_word(stage: Stage) -> None:
    await said(stage, "/task add Ask <@&S1|devs> about it")
    assert (await said(stage, "/task show 1")).title == "#1 Ask @devs about it"
