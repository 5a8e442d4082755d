"""Records as long and as odd as they may be: every answer about them is one that Slack and Discord take."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.fitting import misfits
from tests.unit.bot.stage import Stage, done, staged

ODD = (
    "W" * 200,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 40,
    "\u0645\u0631\u062d\u0628\u0627 \u202eabc\u202c " * 12,
    "a&<b>`*_~|> " * 12,
    "@everyone <!channel> <@U1> #general ",
    "e" + "\u0301" * 150,
    "\u65e5\u672c\u8a9e\u306e\u540d\u524d" * 30,
)
"""Names, each of them up to 200 characters long."""

SHOWN = (
    *("/stock list", "/stock low", "/stock value", "/stock show #1", "/stock history #2"),
    *("/book list", "/book low", "/book genres", "/book show #3", "/book sales", "/book history #3"),
    *("/order cart", "/order list", "/order show #1", "/order history #1", "/order receipt #1", "/order terms"),
    *("/customer list", "/customer show #1", "/customer history #1", "/customer over 0"),
    *("/report sales today", "/report products", "/report top-customers"),
)


def quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def fitting(stage: Stage, line: str) -> None:
    reply = await done(stage, line)
    assert misfits(reply) == [], (line[:60], misfits(reply))


async def test_answers_about_odd_records_fit(stage: Stage) -> None:
    await fitting(stage, f"/order terms seller:{quoted(ODD[3][:200])} tax-id:{quoted(ODD[1][:60])} tax:19")
    for number, odd in enumerate(ODD, 1):
        name = quoted(odd[:200])
        details = f"category:{quoted(odd[:60])} description:{quoted(odd[:200] * 19)} reorder:9"
        await fitting(stage, f"/stock add {name} 1 99999999.99 sku:{'S' * 63}{number} {details}")
        await fitting(stage, f"/book add {name} {name} genre:{quoted(odd[:60])} price:12 quantity:3 reorder:9")
        await fitting(stage, f"/customer register {'u' * 19}{number} {'m' * 60}{number}@example.org 99 address:{name}")
        await fitting(stage, f"/order add #{number}")
    await fitting(
        stage, f"/order address {quoted(ODD[1] * 2)} customer:{quoted(ODD[2][:100])} billing:{quoted(ODD[0])}"
    )
    await fitting(stage, "/order cart")
    await fitting(stage, "/order checkout")
    await fitting(stage, "/order pay #1")
    await fitting(stage, "/book sell #3")
    for line in SHOWN:
        await fitting(stage, line)
