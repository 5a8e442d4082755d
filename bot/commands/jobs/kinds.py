"""Kinds of job that belong to no other area."""

import asyncio

from bot.application.job_context import JobContext
from bot.commands.jobs.area import job
from bot.grammar.arguments import Rest
from bot.texts.jobs import answers as texts
from core.chat.reply import Reply
from core.shared.errors import InvalidArgumentError

SHORTEST = 1
"""Seconds."""
BEAT = 1.0
"""Seconds between two looks at the clock."""


@job.job(seconds=24 * 3600.0, width=50)
async def wait(ctx: JobContext, seconds: int) -> Reply:
    """Do nothing for a while.

    Args:
        seconds: how long that takes, such as `2`
    """
    if seconds < SHORTEST:
        raise InvalidArgumentError("seconds", "job_too_short", value=seconds, least=SHORTEST)
    # A process that takes it over does not begin anew; from then on the clock may be put to another time.
    passed = (ctx.context.now - (ctx.job.started_at or ctx.context.now)).total_seconds()
    now = asyncio.get_running_loop().time
    end = now() + seconds - passed
    while (left := end - now()) > 0:
        await ctx.progress(max(0, round(seconds - left)), seconds)
        await asyncio.sleep(min(BEAT, left))
    return texts.waited(ctx.job, seconds)


@job.job(retries=3, seconds=4 * 3600.0, width=8)
async def command(ctx: JobContext, line: Rest, delivery: str = "") -> Reply:
    """Run a command, as whoever it is for.

    Args:
        line: the command, such as `/task list`
        delivery: what makes it known if it was run before
    """
    return await ctx.ask(line, delivery)
