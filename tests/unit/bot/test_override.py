"""An administrator's look into private channels: by name, for administrators only, and in the audit trail."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.chat.reply import Reply, Visibility
from core.chat.text import plain
from tests.unit.bot.stage import BACK, Stage, button, staged
from tests.unit.bot.test_people_commands import refused, rows

LOOKS = ["/task list channel:all", "/task list channel:#back", "/task show 1", "/task summary channel:#back"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A task of Ann's in a private channel that the owner and Ben are not in."""
    async with staged(tmp_path) as made:
        for name in ("owner", "ann", "ben"):
            await made.type("/task list", by=name)
        await made.type("/task add Count the till", by="ann", channel=BACK)
        yield made


def tells(reply: Reply) -> bool:
    return "Count the till" in f"{reply} {plain(reply.text)}"


@pytest.mark.parametrize("line", ["/task list channel:all", "/task show 1"])
async def test_an_admin_sees_a_private_channels_task_only_with_the_override(stage: Stage, line: str) -> None:
    assert not tells(await stage.type(line))
    assert not tells(await stage.type(f"{line} override:no"))
    shown = await stage.type(f"{line} override:yes")
    assert shown.problem is None
    assert tells(shown)
    assert shown.visibility is Visibility.PRIVATE


async def test_a_channel_that_is_not_for_the_admin_can_be_named_with_it(stage: Stage) -> None:
    for command in ("list", "summary", "export"):
        assert refused(await stage.type(f"/task {command} channel:#back"))[0] == "invalid_argument"
        assert (await stage.type(f"/task {command} channel:#back override:yes")).problem is None
    assert rows(await stage.type("/task list channel:#back override"))


@pytest.mark.parametrize("line", [*LOOKS, "/task export"])
async def test_below_an_admin_it_is_refused_and_leaves_no_trace(stage: Stage, line: str) -> None:
    await stage.type("/user role @ben manager")
    before = rows(await stage.type("/qm audit"))
    assert refused(await stage.type(f"{line} override:yes", by="ben"))[0] == "forbidden"
    assert refused(await stage.type(f"{line} override:yes", by="ann"))[0] == "forbidden"
    assert rows(await stage.type("/qm audit")) == before


async def test_the_audit_trail_tells_of_every_look(stage: Stage) -> None:
    await stage.type("/user role @ben admin")
    await stage.type("/task show 1 override:yes", by="ben")
    await stage.type("/task list channel:#back override:yes", by="ben")
    entries = [(row[1], row[2], row[3], row[5]) for row in rows(await stage.type("/qm audit"))]
    assert entries[:2] == [
        ("Ben", "/task list", "channel:#back", "yes"),
        ("Ben", "/task show", "task:1", "yes"),
    ]
    assert [entry[3] for entry in entries[2:]] == ["", ""]


async def test_it_only_looks(stage: Stage) -> None:
    shown = await stage.type("/task list channel:all override:yes")
    assert [row.actions for table in shown.tables for row in table.rows] == [()]
    assert (await stage.type("/task show 1 override:yes")).actions == ()
    assert refused(await stage.type("/task done 1"))[0] == "not_found"
    assert refused(await stage.type("/task done 1 override:yes"))[0] == "invalid_argument"


async def test_the_next_page_asks_for_it_again(stage: Stage) -> None:
    for number in range(30):
        await stage.type(f"/task add Task {number}", by="ann", channel=BACK)
    first = await stage.type("/task list channel:#back override:yes")
    more = next(action for action in first.actions if "page:" in action.command)
    assert rows(await stage.press(button(first, more.label)))
    assert refused(await stage.press(button(first, more.label), by="ben"))[0] == "forbidden"


async def test_it_is_yes_or_no(stage: Stage) -> None:
    assert refused(await stage.type("/task show 1 override:maybe"))[0] == "invalid_argument"


async def test_help_tells_of_it_where_it_can_be_used(stage: Stage) -> None:
    assert "override:yes" in plain((await stage.type("/qm help task show")).text)
    assert "override" not in plain((await stage.type("/qm help task done")).text)
