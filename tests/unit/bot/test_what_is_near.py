"""What is near is offered to who names a record by its title, or asks for help on what is not there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.unit.bot.stage import BACK, Stage, staged


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as stage:
        yield stage


@pytest.mark.parametrize("line", ["/task done First one", "/task done first", '/task show "first one"'])
async def test_who_names_a_task_by_its_title_is_offered_its_number(stage: Stage, line: str) -> None:
    await stage.type("/task add First one")
    await stage.type("/task add Another")
    problem = (await stage.type(line)).problem
    assert problem is not None
    assert "goes by its number, not" in problem.message
    assert problem.hint == "Did you mean #1 “First one”?"


async def test_a_title_that_nobody_may_know_is_not_offered(stage: Stage) -> None:
    await stage.type("/task add Pay the ransom", channel=BACK)
    await stage.type("/task list", by="ben")
    problem = (await stage.type("/task done pay the ransom", by="ben")).problem
    assert problem is not None
    assert problem.hint == "`/task list` shows the numbers, such as `12`."


@pytest.mark.parametrize(
    ("topic", "hint"),
    [
        ("foo", "`/qm help` lists what there is."),
        ("done", "Did you mean `/task done`?"),
        ("tsk", "Did you mean `/task`?"),
        ("task dne", "Did you mean `/task done`?"),
        ("task frobnicate", "Did you mean `/task`?"),
    ],
)
async def test_help_on_what_is_not_there_names_what_is_near(stage: Stage, topic: str, hint: str) -> None:
    problem = (await stage.type(f"/qm help {topic}")).problem
    assert problem is not None
    assert problem.message == f"There is no command `/{topic}`."
    assert problem.hint.startswith(hint.rstrip("?"))
