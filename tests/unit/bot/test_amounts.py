"""Exact numbers as people type them: prices, weights, percentages."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pytest

from bot.application.context import Context
from bot.grammar.arguments import Positional, Rest
from bot.grammar.declaration import Area
from core.chat.reply import Reply
from core.chat.text import plain, text
from core.people.model import Role
from tests.unit.bot.stage import Stage, staged

scale = Area("scale", "Scales")


@scale.command(role=Role.GUEST)
async def weigh(
    ctx: Context, kilos: Decimal, most: Decimal | None = None, what: Annotated[Rest, Positional()] = ""
) -> Reply:
    """Weigh something.

    Args:
        kilos: how heavy it is, such as `1.25`
        most: how heavy it may be, such as `2`
        what: what it is

    Examples:
        /scale weigh 1.25 Flour
    """
    return Reply(text=text(f"{kilos} {most} {what}"))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, areas=[scale]) as opened:
        yield opened


@pytest.mark.parametrize("typed", ["0", "1.25", "-3", "0.10", "999999999999.999999"])
async def test_an_amount_is_exactly_what_was_typed(stage: Stage, typed: str) -> None:
    assert plain((await stage.type(f"/scale weigh {typed} Flour")).text) == f"{typed} None Flour"


async def test_an_amount_leaves_the_words_behind_it_to_the_text(stage: Stage) -> None:
    assert plain((await stage.type("/scale weigh 1.25 most:2 Flour, white")).text) == "1.25 2 Flour, white"
    assert plain((await stage.type("/scale weigh 1.25 most:none Flour")).text) == "1.25 None Flour"


@pytest.mark.parametrize("typed", ["1.0000001", "9" * 13, "-" + "9" * 13])
async def test_an_amount_of_too_many_digits_is_refused_with_how_many_there_may_be(stage: Stage, typed: str) -> None:
    problem = (await stage.type(f"/scale weigh {typed} Flour")).problem
    assert problem is not None
    assert problem.field == "kilos"
    assert problem.message == f"`kilos` has 12 digits at most, and 6 behind the point: it can't be “{typed}”."


@pytest.mark.parametrize("typed", ["1,25", "1.234,56", "1e3", "NaN", "½", "٣", "ten"])
async def test_what_is_no_amount_is_refused_with_how_to_write_one(stage: Stage, typed: str) -> None:
    problem = (await stage.type(f"/scale weigh {typed} Flour")).problem
    assert problem is not None
    assert problem.field == "kilos"
    assert problem.message == f"`kilos` is a number such as `1.25`, not “{typed}”."
    assert problem.hint == "Write it with a point before the decimals, and nothing between the thousands."
