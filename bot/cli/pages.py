"""The pages of a long list for the command line: a certain one, or all of them in one answer."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.texts.records import of_all_pages
from core.chat.reply import Reply

Ask = Callable[[str], Awaitable[Reply]]
"""Runs a typed line and returns its answer."""

_PAGE = re.compile(r"\spage:([0-9]{1,6})(?=\s|$)")
_BUTTONS = frozenset({"Next", "Previous"})


async def ask_for_pages(ask: Ask, line: str, *, whole: bool) -> Reply:
    """Return a line's answer: of `page:2` the second page, else with `whole` the rows of all pages together."""
    wanted = _PAGE.search(line)
    if wanted is None:
        reply = await ask(line)
        return await _together(ask, reply) if whole else reply
    reply = await ask(line[: wanted.start()] + line[wanted.end() :])
    for _ in range(int(wanted[1]) - 1):
        further = _next(reply)
        if not further:
            # What stands there has no such page, and says so in its own words.
            return await ask(line)
        reply = await ask(further)
    return reply


async def _together(ask: Ask, reply: Reply) -> Reply:
    """Put the rows of all further pages below those of the first."""
    further, rows = _next(reply), [row for table in reply.tables[:1] for row in table.rows]
    if not further:
        return reply
    while further:
        page = await ask(further)
        rows += [row for table in page.tables[:1] for row in table.rows]
        further = _next(page)
    table = replace(reply.tables[0], rows=tuple(rows))
    left = tuple(action for action in reply.actions if action.label not in _BUTTONS and not action.sorts)
    return replace(reply, text=of_all_pages(reply.text), tables=(table, *reply.tables[1:]), actions=left)


def _next(reply: Reply) -> str:
    """Return the command of the page after this one; empty if there is none."""
    return next((action.command for action in reply.actions if action.label == "Next" and reply.tables), "")
