"""Forms that come with what a record has."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.chat.reply import Form
from core.chat.request import ChannelRef
from tests.unit.bot.stage import BACK, GENERAL, Stage, staged


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as stage:
        yield stage


async def filled(stage: Stage, line: str, by: str = "owner", channel: ChannelRef = GENERAL) -> Form:
    request = stage.request(line, by, channel=channel)
    form = await stage.product.application.filled(request, stage.product.application.plan(request))
    assert form is not None
    return form


def values(form: Form) -> dict[str, str]:
    return {field.name: field.value for field in form.fields}


async def test_an_edit_begins_with_what_there_is(stage: Stage) -> None:
    await stage.type('/task add Buy milk priority:high notes:"the oat one"')
    form = await filled(stage, "/task edit #1")
    assert form.about == "#1 Buy milk"
    assert values(form) == {"title": "Buy milk", "notes": "the oat one", "priority": "high"}


async def test_people_are_ticked_and_stay_only_if_they_stay_ticked(stage: Stage) -> None:
    await stage.type("/task add Buy milk")
    assert values(await filled(stage, "/task assign 1")) == {"people": "", "mode": ""}
    await stage.type("/task assign 1 @me")
    assert values(await filled(stage, "/task assign 1")) == {"people": "@owner", "mode": "set"}


@pytest.mark.parametrize("line", ["/task edit 7", "/task assign 1 2", "/task comment", "/task assign"])
async def test_a_form_about_no_single_record_is_as_it_was(stage: Stage, line: str) -> None:
    await stage.type("/task add Buy milk")
    form = await filled(stage, line)
    assert form.about == ""
    assert not any(values(form).values())


async def test_what_somebody_may_not_see_fills_no_form_of_theirs(stage: Stage) -> None:
    await stage.type("/task add Pay the ransom", channel=BACK)
    assert (await filled(stage, "/task edit 1", channel=BACK)).about == "#1 Pay the ransom"
    await stage.type("/task list", by="ben")
    assert (await filled(stage, "/task edit 1", by="ben")).about == ""


async def test_what_can_be_taken_away_may_be_emptied_and_what_can_not_may_not(stage: Stage) -> None:
    await stage.type("/task add Buy milk notes:oat")
    form = await filled(stage, "/task edit 1")
    assert form.clearable == ("notes",)
    assert [field.name for field in form.fields if field.required] == ["title", "priority"]
    assert (await stage.type("/task edit 1 notes:none")).problem is None
    assert (await filled(stage, "/task edit 1")).clearable == ()
