"""The pages of a long list for the command line: a certain one, or all of them in one answer."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.texts.records import of_all_pages
from core.chat.reply import Reply, Row, Table

Ask = Callable[[str], Awaitable[Reply]]
"""Runs a typed line and returns its answer."""

_PAGE = re.compile(r"\spage:([0-9]{1,6})(?=\s|$)")
_BUTTONS = frozenset({"Next", "Previous"})


async def ask_for_pages(ask: Ask, line: str, *, whole: bool, limit: int | None = None) -> Reply:
    """Return a line's answer: of `page:2` the second page, else with `whole` the rows of all pages together.

    `limit`: the most rows, from as many pages as they take.
    """
    wanted = _PAGE.search(line)
    if wanted is None:
        reply = await ask(line)
        return await _together(ask, reply, limit) if whole or limit else reply
    reply = await ask(line[: wanted.start()] + line[wanted.end() :])
    for _ in range(int(wanted[1]) - 1):
        further = _next(reply)
        if not further:
            # What stands there has no such page, and says so in its own words.
            return await ask(line)
        reply = await ask(further)
    return reply


async def _together(ask: Ask, reply: Reply, limit: int | None) -> Reply:
    """Put the rows of further pages below those of the first, up to that many in all."""
    further, tables = _next(reply), [*reply.tables[:1]]
    count = sum(len(table.rows) for table in tables)
    if not further and (limit is None or count <= limit):
        return reply
    while further and (limit is None or count < limit):
        page = await ask(further)
        tables += page.tables[:1]
        count += sum(len(table.rows) for table in page.tables[:1])
        further = _next(page)
    table = _joined(tables, limit)
    left = tuple(action for action in reply.actions if action.label not in _BUTTONS and not action.sorts)
    is_cut = bool(further) or count > len(table.rows)
    said = of_all_pages(reply.text, len(table.rows) if is_cut else None)
    return replace(reply, text=said, tables=(table, *reply.tables[1:]), actions=left)


def _joined(tables: Sequence[Table], limit: int | None) -> Table:
    """Put rows of tables together: not every page has each column, since one with nothing in it is left out."""
    columns = {column.key: column for table in tables for column in table.columns}

    def aligned(table: Table, row: Row) -> Row:
        cells = dict(zip((column.key for column in table.columns), row.cells, strict=True))
        return replace(row, cells=tuple(cells.get(key) for key in columns))

    rows = [aligned(table, row) for table in tables for row in table.rows][:limit]
    return replace(tables[0], columns=tuple(columns.values()), rows=tuple(rows))


def _next(reply: Reply) -> str:
    """Return the command of the page after this one; empty if there is none."""
    return next((action.command for action in reply.actions if action.label == "Next" and reply.tables), "")
