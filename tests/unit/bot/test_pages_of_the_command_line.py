"""The pages of a long list for the command line, put together."""

from dataclasses import replace

import pytest

from bot.cli.pages import ask_for_pages
from core.chat.reply import Action, Column, Reply, Row, Table

NUMBER, TITLE, REPEAT = Column("number", "No."), Column("title", "Title"), Column("repeat", "Repeats")
PAGES = {
    "/task list": Reply(
        text=("1–2 of 4 tasks, 1 overdue on this page.",),
        tables=(Table("Open", (NUMBER, TITLE), (Row((1, "Milk")), Row((2, "Bread")))),),
        actions=(Action("Next", "/task list page:x"), Action("Add a task", "/task add")),
    ),
    "/task list page:x": Reply(
        text=("3–4 of 4 tasks.",),
        tables=(Table("Open", (NUMBER, TITLE, REPEAT), (Row((3, "Rent", "monthly")), Row((4, "Tins", None)))),),
        actions=(Action("Previous", "/task list"),),
    ),
}


async def ask(line: str) -> Reply:
    return PAGES[line]


async def test_pages_of_which_one_has_a_column_more_are_put_together() -> None:
    (table,) = (await ask_for_pages(ask, "/task list", whole=True)).tables
    assert table.columns == (NUMBER, TITLE, REPEAT)
    assert [row.cells for row in table.rows] == [
        (1, "Milk", None), (2, "Bread", None), (3, "Rent", "monthly"), (4, "Tins", None)
    ]  # fmt: skip


async def test_what_is_true_of_one_page_is_not_said_of_all() -> None:
    reply = await ask_for_pages(ask, "/task list", whole=True)
    assert reply.text == ("4 tasks.",)
    assert [action.label for action in reply.actions] == ["Add a task"]


@pytest.mark.parametrize(
    ("limit", "said"), [(1, "1 of 4 tasks."), (2, "1–2 of 4 tasks."), (3, "1–3 of 4 tasks."), (4, "4 tasks.")]
)
async def test_the_first_rows_are_told_as_what_they_are(limit: int, said: str) -> None:
    reply = await ask_for_pages(ask, "/task list", whole=True, limit=limit)
    assert (len(reply.tables[0].rows), reply.text) == (limit, (said,))


async def test_a_page_alone_is_left_as_it_is() -> None:
    assert await ask_for_pages(ask, "/task list", whole=False) == PAGES["/task list"]
    short = replace(PAGES["/task list"], actions=())
    assert await ask_for_pages(lambda _: _answered(short), "/task list", whole=True) == short


async def _answered(reply: Reply) -> Reply:
    return reply
