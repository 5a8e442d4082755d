"""`/stock alerts` and what is posted when goods fall to their reorder level."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands.stock.upkeep import PATIENCE
from bot.texts.low import became_low
from core.chat.reply import Reply
from core.chat.request import Attachment, ChannelKind, ChannelRef, Request
from core.chat.text import plain
from core.ports.storage import Post
from core.stock.low import LowStock
from core.stock.repository import PRODUCTS
from tests.unit.bot.stage import GENERAL, Stage, button, done, field_of, refused, said, staged

SHOP = ChannelRef("shop", "shop", ChannelKind.PUBLIC)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        await done(made, "/stock add Apples 12 0.50 category:fruit reorder:10", "/stock add Tea 12 4.80 reorder:10")
        await done(made, "/stock alerts all here")
        yield made


async def posted(stage: Stage) -> list[Post]:
    """What was posted since it was asked last."""
    found, outbox = list[Post](), stage.parts.storage.outbox
    while items := await outbox.claim(stage.clock.now(), 50):
        for item in items:
            await outbox.sent(item.id, "m1", stage.clock.now())
            found.append(item.post)
    return found


async def told(stage: Stage) -> list[Reply]:
    return [post.reply for post in await posted(stage)]


async def words(stage: Stage) -> list[str]:
    return [plain(reply.text) for reply in await told(stage)]


APPLES_AT = "APPLES Apples is at its reorder level of 10: 10 left."


async def test_it_is_told_once_and_again_only_after_there_was_enough(stage: Stage) -> None:
    await done(stage, "/stock sell apples 1")
    assert await words(stage) == []
    await done(stage, "/stock sell apples 1", "/stock sell apples 1", "/stock sell apples 1")
    assert await words(stage) == [APPLES_AT]
    await done(stage, "/stock restock apples 1", "/stock restock apples 5")
    assert await words(stage) == [], "that there is enough again is seen where it is restocked"
    await done(stage, "/stock sell apples 8")
    assert await words(stage) == ["APPLES Apples is below its reorder level of 10: 6 left."]


@pytest.mark.parametrize(
    "line",
    [
        "/stock sell apples 2",
        "/stock adjust apples -2 two were rotten",
        "/stock edit apples reorder:12",
        "/order checkout",
        "/stock add Figs 3 0.50 reorder:3",
    ],
)
async def test_whatever_makes_it_low_tells_it_and_undo_lets_it_be_told_again(stage: Stage, line: str) -> None:
    await done(stage, "/order add apples 2")
    changed = await done(stage, line)
    assert len(await words(stage)) == 1
    undone = await stage.press(button(changed, "Undo"))
    assert undone.problem is None
    await done(stage, line)
    assert len(await words(stage)) == 1


async def test_what_is_refused_is_told_nowhere(stage: Stage) -> None:
    await refused(stage, "/stock sell apples 13")
    assert await words(stage) == []


async def test_what_is_discontinued_or_gone_is_not_told(stage: Stage) -> None:
    await done(stage, "/stock edit apples discontinued:yes", "/stock adjust apples -5")
    assert await words(stage) == []
    await done(stage, "/stock edit apples discontinued:no")
    assert await words(stage) == ["APPLES Apples is below its reorder level of 10: 7 left."]


async def test_the_post_says_what_is_on_order_and_has_what_to_do_next(stage: Stage) -> None:
    await done(stage, "/stock ordered apples 3", "/stock sell apples 8")
    (post,) = await told(stage)
    assert plain(post.text) == "APPLES Apples is below its reorder level of 10: 4 left, and 3 on order."
    assert [(action.label, action.command) for action in post.actions] == [
        ("Restock", "/stock restock #1"),
        ("Mark 3 as ordered", "/stock ordered #1 3"),
        ("Mute", "/stock mute #1"),
    ]


async def test_an_order_of_several_that_become_low_is_told_in_one_post_for_each_channel(stage: Stage) -> None:
    await done(stage, "/stock add Pears 11 0.50 category:Fruit reorder:10", "/stock add Cups 3 2 reorder:2")
    await stage.type("/task list", channel=SHOP)
    await done(stage, "/stock alerts fruit #shop")
    await done(stage, *(f"/order add {name} 2" for name in ("apples", "pears", "tea", "cups")), "/order checkout")
    names = {post.channel_id: rows(post.reply) for post in await posted(stage)}
    assert sorted(names.values()) == [["Cups", "Tea"], ["Pears", "Apples"]]


def rows(reply: Reply) -> list[str]:
    return [str(row.cells[1]) for table in reply.tables for row in table.rows]


async def test_categories_have_channels_of_their_own_or_none_in_any_case(stage: Stage) -> None:
    await done(stage, "/stock alerts FRUIT off", "/stock sell apples 5")
    assert await words(stage) == []
    shown = await done(stage, "/stock alerts")
    assert [row.cells for row in shown.tables[0].rows] == [("All others", "#general"), ("FRUIT", "nowhere")]
    assert "where all others are told" in await said(stage, "/stock alerts fruit all")
    await done(stage, "/stock restock apples 5", "/stock sell apples 5")
    assert len(await words(stage)) == 1
    off = await done(stage, "/stock alerts off")
    await done(stage, "/stock sell tea 5")
    assert await words(stage) == []
    assert (await stage.press(button(off, "Undo"))).problem is None
    await done(stage, "/stock restock tea 5", "/stock sell tea 5")
    assert len(await words(stage)) == 1


@pytest.mark.parametrize("line", ["/stock alerts here", "/stock alerts #general", "/stock alerts all here"])
async def test_a_channel_may_be_typed_alone_and_what_is_set_already_is_said(stage: Stage, line: str) -> None:
    assert "is told in #general already" in await said(stage, line)


@pytest.mark.parametrize(
    ("line", "at", "word"),
    [
        ("/stock alerts fruit", "channel", "in which channel"),
        ("/stock alerts #nowhere", "channel", "I know no channel"),
        ("/stock alerts fruit #nowhere", "channel", "I know no channel"),
        ("/stock mute apples until:2020-01-01", "until", "has to be ahead"),
        ("/stock mute nothing", None, "no product “nothing”"),
    ],
)
async def test_what_can_not_be_set_is_refused(stage: Stage, line: str, at: str | None, word: str) -> None:
    problem = await refused(stage, line)
    assert problem.field == at
    assert word in problem.message


async def test_which_private_channel_it_is_only_its_people_are_shown(stage: Stage) -> None:
    vault = ChannelRef("G1", "vault", ChannelKind.PRIVATE)
    assert (await stage.type("/stock alerts fruit here", channel=vault)).problem is None
    for channel, told_in in ((GENERAL, "a private channel"), (vault, "#vault")):
        (table,) = (await stage.type("/stock alerts", channel=channel)).tables
        assert [row.cells for row in table.rows] == [("All others", "#general"), ("fruit", told_in)]


async def test_nothing_is_told_of_what_is_muted_until_it_is_not(stage: Stage) -> None:
    muted = await done(stage, "/stock mute apples")
    await done(stage, "/stock sell apples 5", "/stock restock apples 5")
    assert await words(stage) == []
    assert (await stage.press(button(muted, "Undo"))).problem is None
    await done(stage, "/stock sell apples 5", "/stock restock apples 5")
    assert len(await words(stage)) == 1
    await done(stage, "/stock mute apples until:in 2h", "/stock sell apples 5", "/stock restock apples 5")
    assert await words(stage) == []
    stage.clock.moment += timedelta(hours=2)
    await done(stage, "/stock sell apples 5")
    assert len(await words(stage)) == 1
    assert "already" in await said(stage, "/stock mute apples off")


async def test_people_who_sell_may_mute_and_who_manages_says_where(stage: Stage) -> None:
    await stage.type("/task list", by="bob")
    await done(stage, "/user role @bob clerk")
    assert (await refused(stage, "/stock alerts", by="bob")).code == "forbidden"
    await done(stage, "/stock mute apples", by="bob")


def attached(stage: Stage, text: str) -> Request:
    async def content() -> AsyncIterator[bytes]:
        yield text.encode()

    file = Attachment("goods.csv", "text/csv", None, content)
    return replace(stage.request("/stock import mode:good"), attachments=(file,))


async def test_of_a_whole_import_it_is_told_in_one_post_and_again_if_it_is_taken_back(stage: Stage) -> None:
    lines = "".join(f"N{number},Thing {number},1,5\n" for number in range(1, 1201))
    text = f"sku,name,quantity,reorder\nAPPLES,Apples,9,13\n{lines}"
    imported = await stage.product.application.handle(attached(stage, text))
    assert imported.problem is None
    (post,) = await told(stage)
    assert plain(post.text).splitlines()[0] == "1,201 products fell to the reorder level."
    assert len(rows(post)) == 10
    await stage.press(button(imported, "Undo"))
    assert await told(stage) == [], "they are gone, and there are enough apples"
    await done(stage, "/stock sell apples 5")
    assert await words(stage) == ["APPLES Apples is below its reorder level of 10: 7 left."]


async def test_books_that_become_low_are_told_too_and_sold_as_books_whichever_way(stage: Stage) -> None:
    await done(stage, '/book add Dune "Frank Herbert" 1965 price:9.50 quantity:3 reorder:2', "/book sell dune 1")
    assert await words(stage) == ["BOOK-1 Dune is at its reorder level of 2: 2 left."]
    await done(stage, "/stock sell dune 1")
    sales = await done(stage, "/book sales")
    assert (field_of(sales, "quantity"), field_of(sales, "amount")) == (2, "19.00")
    assert [row.cells[1:4] for row in sales.tables[0].rows] == [("Dune", 1, "9.50")] * 2


async def test_what_an_import_left_untold_is_told_all_the_same(stage: Stage) -> None:
    low = LowStock(stage.clock, became_low, later=True)
    async with stage.parts.storage.workspace(1).write() as work:
        apples = await work.of(PRODUCTS).find(1)
        assert apples is not None
        fewer = replace(apples, reorder_level=20, version=2)
        await work.of(PRODUCTS).change_many([fewer])
        await low.look(work, [fewer])
        await work.commit()
    await stage.see_to_all()
    assert await words(stage) == []
    stage.clock.moment += PATIENCE
    await stage.see_to_all()
    await stage.see_to_all()
    assert await words(stage) == ["APPLES Apples is below its reorder level of 20: 12 left."]
