"""`/stock category` and `/stock categories`: what is known of categories besides their names."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.chat.reply import Cell
from core.chat.text import plain
from tests.unit.bot.stage import Stage, button, done, refused, said, staged


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        await done(made, "/stock add Apples 12 0.50 category:Fruit", '/stock add Mint 5 1 category:"Green tea"')
        yield made


async def shown(stage: Stage, by: str = "") -> list[tuple[Cell, ...]]:
    reply = await stage.type("/stock categories", **({"by": by} if by else {}))
    return [row.cells for table in reply.tables for row in table.rows]


async def test_each_has_an_address_of_its_own_and_is_active_unless_told_otherwise(stage: Stage) -> None:
    await done(stage, "/stock add Sencha 5 1 category:green-tea", "/stock add Pears 1 1 category:Fruit")
    assert await shown(stage) == [
        ("Fruit", "fruit", "yes", 2),
        ("Green tea", "green-tea", "yes", 1),
        ("green-tea", "green-tea-2", "yes", 1),
    ]
    assert await said(stage, '/stock category "Green tea" address:tea') == (
        "Green tea is called tea in addresses, and is active."
    )
    assert [row[1] for row in await shown(stage)] == ["fruit", "tea", "green-tea"]


async def test_nothing_new_is_put_into_one_that_is_not_active(stage: Stage) -> None:
    reply = await stage.type("/stock category Fruit active:no")
    assert plain(reply.text).splitlines()[0] == "Fruit is called fruit in addresses, and is not active."
    for line in ("/stock add Pears 5 1 category:fruit", "/stock edit mint category:FRUIT"):
        problem = await refused(stage, line)
        assert problem.field == "category"
        assert problem.message == "Fruit is not active, so nothing new is put into it: `category`."
        assert problem.hint == 'A manager changes that: `/stock category "Fruit" active:yes`.'
    await done(stage, "/stock edit apples reorder:3", "/stock edit apples category:fruit", "/stock sell apples 1")
    assert [row[2] for row in await shown(stage)] == ["no", "yes"]
    await stage.press(button(reply, "Undo"))
    await done(stage, "/stock edit mint category:FRUIT")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("tea", "`address` can't be “tea”: that is the one of Green tea."),
        ("Fresh", "“Fresh” can't be part of an address."),
        ("a/b", "“a/b” can't be part of an address."),
    ],
)
async def test_what_can_be_no_address_is_refused(stage: Stage, address: str, message: str) -> None:
    await done(stage, '/stock category "Green tea" address:tea')
    problem = await refused(stage, f"/stock category Fruit address:{address}")
    assert (problem.message, problem.field) == (message, "address")


async def test_what_is_so_already_is_said(stage: Stage) -> None:
    await done(stage, "/stock category Fruit active:no")
    again = await said(stage, "/stock category FRUIT active:no")
    assert again.startswith("Fruit is called fruit in addresses, and is not active already.")


async def test_everybody_looks_and_managers_say(stage: Stage) -> None:
    await stage.type("/qm help", by="cleo")
    await stage.type("/user role @cleo clerk")
    assert len(await shown(stage, by="cleo")) == 2
    problem = await refused(stage, "/stock category Fruit active:no", by="cleo")
    assert "only a manager can do that" in problem.message.lower()
