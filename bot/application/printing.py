"""Answers on paper: a PDF for who asks, as files are that are made for somebody."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.application.context import Context
from bot.texts.transfer import file_link
from core.chat.reply import Reply
from core.chat.text import lines


async def printed(ctx: Context, stem: str, reply: Reply) -> Reply | None:
    """Return an answer with itself as a PDF of that name, which nobody else is given; None if there is no room now."""
    services = ctx.services
    paper = await services.supplies.papers().printed(reply)
    if paper is None:
        return None

    async def chunks() -> AsyncIterator[bytes]:
        yield paper.content

    file = await services.files.write(ctx.actor, f"{stem}.pdf", chunks(), only=ctx.actor.member_id)
    async with services.transactions.write() as work:
        work.files.add(file)
        await work.commit()
    boxes = "No font of the server has some of its letters: they are boxes in the PDF." if paper.has_boxes else ""
    return replace(reply, text=lines(reply.text, boxes), files=(file_link(file),))
