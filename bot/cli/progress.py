"""How far a line is that takes its time, beside its answer: on standard error."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

from bot.texts.cli import under_way
from core.chat.application import Ticket

PATIENCE = 1.0
"""Seconds in which most lines are answered, of which nothing has to be told."""
PAUSE = 0.25
PARTS = 10
"""In how many parts it is told where lines can't be written over."""

_BACK, _CLEAR = "\r", "\r\x1b[K"


@asynccontextmanager
async def progress_shown(ticket: Ticket, stream: TextIO) -> AsyncIterator[None]:
    """Tell within the block how far a request is: in place on a terminal, else now and then in a line."""
    telling = asyncio.create_task(_on_terminal(ticket, stream) if stream.isatty() else _in_lines(ticket, stream))
    try:
        yield
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


async def _on_terminal(ticket: Ticket, stream: TextIO) -> None:
    await asyncio.sleep(PATIENCE)
    try:
        while True:
            stream.write(f"{_BACK}{under_way(ticket.progress)}")
            stream.flush()
            await asyncio.sleep(PAUSE)
    finally:
        stream.write(_CLEAR)
        stream.flush()


async def _in_lines(ticket: Ticket, stream: TextIO) -> None:
    await asyncio.sleep(PATIENCE)
    told = -1
    while True:
        part = int((ticket.progress or 0.0) * PARTS)
        if part > told:
            told = part
            stream.write(f"{under_way(ticket.progress)}\n")
            stream.flush()
        await asyncio.sleep(PAUSE)
