"""What is said to who types an argument that is not there, `none` where nothing can be none, or somebody unknown."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.platforms.terminal import terminal_request
from bot.cli.exec_command import unknown_channel
from core.chat.request import ChannelKind, ChannelRef
from core.chat.text import plain
from tests.unit.bot.stage import Stage, staged


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as stage:
        await stage.type("/task add Buy milk")
        yield stage


async def refusal(stage: Stage, line: str) -> tuple[str, str]:
    problem = (await stage.type(line)).problem
    assert problem is not None
    return problem.message, problem.hint


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("/user whoami foo", "what to do with “foo”", "This command takes nothing more."),
        ("/qm audit page:2", "There is no `page:` here.", "This command takes nothing more."),
        ("/qm settings timezone:Europe/Berlin", "There is no `timezone:` here.", "Did you mean `zone:`?"),
        ("/task list due:today", "There is no `due:` here.", "Name the argument it belongs to: `status:` or `assign:`"),
        ("/task list overdue", "what to do with “overdue”", "Name the argument it belongs to: `status:` or `assign:`"),
        ("/task edit 1 title:none", "`title` can't be taken away.", 'put it in quotes: `title:"none"`.'),
        ("/task edit 1 priority:none", "Say what to change", "`urgent`, `medium` and `low`"),
        ("/task assign 1 none", "`people` has to be somebody, not “none”.", "`@ann mode:remove`"),
        ("/task assign 1 everyone", "Nobody here is called “everyone”.", "`/user list` shows everybody."),
        ("/task assign 1 @onwer", "Nobody here is called “@onwer”.", "Did you mean `@owner`?"),
        ("/taks list", "There is no command `/taks list`.", "Did you mean `/task list`"),
        ("/qm undo foo", "There is no such change to undo.", "`/qm undo` alone takes your last one back"),
        ("/user role owner boss", "`role` can't be “boss”.", "It is one of"),
    ],
)
async def test_a_refusal_says_what_can_be_typed_instead(stage: Stage, line: str, message: str, hint: str) -> None:
    said, advice = await refusal(stage, line)
    assert message in said
    assert hint in advice


async def test_the_word_none_in_quotes_is_a_title(stage: Stage) -> None:
    assert (await stage.type('/task edit 1 title:"none"')).problem is None
    assert "#1 none" in plain((await stage.type("/task done 1")).text)


async def test_a_task_for_none_is_for_nobody(stage: Stage) -> None:
    assert (await stage.type("/task add Call Ann assign:none")).problem is None


async def test_no_zone_of_ones_own_is_that_of_the_workspace(stage: Stage) -> None:
    await stage.type("/user zone America/New_York")
    assert "Europe/Berlin (was America/New_York)" in plain((await stage.type("/user zone none")).text)
    assert "Your time zone is Europe/Berlin" in plain((await stage.type("/user zone")).text)


async def test_a_task_that_is_done_is_not_advised_to_repeat(stage: Stage) -> None:
    await stage.type("/task done 1")
    said, advice = await refusal(stage, "/task skip 1")
    assert "is done, so there is nothing to skip" in said
    assert advice == "`/task reopen 1` opens it again."


@pytest.mark.parametrize(
    ("line", "channel", "hint"),
    [
        ("/task list", "no such", "The first command that adds something makes it."),
        ("/taks list", "ofice", 'Did you mean --channel "office"?'),
        ("/task list", "office", None),
        ("/task list", "general", None),
        ("/task add Count the tins", "stockroom", None),
    ],
)
async def test_only_looking_makes_no_channel(stage: Stage, line: str, channel: str, hint: str | None) -> None:
    await stage.type("/task add Dust", channel=ChannelRef("office", "office", ChannelKind.PUBLIC))
    request = terminal_request(line, user="owner", channel=channel, workspace="default")
    problem = await unknown_channel(stage.product, request)
    assert (problem and problem.hint) == hint
