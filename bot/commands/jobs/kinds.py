"""Kinds of job that belong to no other area."""

import asyncio

from bot.application.job_context import JobContext
from bot.commands.jobs.area import job
from bot.grammar.arguments import Rest
from bot.texts.jobs import answers as texts
from core.chat.reply import Reply
from core.jobs.kinds import COMMAND, EXPORT, IMPORT, REPORT
from core.shared.errors import InvalidArgumentError

SHORTEST, LONGEST = 1, 24 * 3600
"""Seconds."""
_SPARE = 60.0
BEAT = 1.0
"""Seconds between two looks at the clock."""


def _refuse_longer(seconds: int) -> None:
    """Refuse at once what no process would wait for; one that is too short is a job that fails, and keeps why."""
    if seconds > LONGEST:
        raise InvalidArgumentError("seconds", "job_too_long_wait", value=seconds, most=LONGEST)


@job.job(seconds=LONGEST + _SPARE, width=50, check=_refuse_longer)
async def wait(ctx: JobContext, seconds: int) -> Reply:
    """Do nothing for a while.

    Args:
        seconds: how long that takes, such as `2`
    """
    if seconds < SHORTEST:
        raise InvalidArgumentError("seconds", "job_too_short", value=seconds, least=SHORTEST)
    # A process that takes it over does not begin anew; the clock may be put to another time.
    passed = max(0.0, (ctx.context.now - (ctx.job.started_at or ctx.context.now)).total_seconds())
    now = asyncio.get_running_loop().time
    end = now() + seconds - passed
    while (left := end - now()) > 0:
        await ctx.progress(max(0, round(seconds - left)), seconds)
        await asyncio.sleep(min(BEAT, left))
    return texts.waited(ctx.job, seconds)


def _typed(name: str, does: str, example: str, *, seconds: float, width: int) -> None:
    """Declare a kind of job that runs commands: what takes long, or is asked for often, keeps no other kind waiting."""

    async def run(ctx: JobContext, line: Rest, delivery: str = "") -> Reply:
        return await ctx.ask(line, delivery)

    run.__name__, run.__doc__ = name, _WORDS.format(does=does, example=example)
    job.job(retries=3, seconds=seconds, width=width)(run)


_WORDS = """{does}, as whoever it is for.

Args:
    line: the command, such as `{example}`
    delivery: what makes it known if it was run before
"""
_HOUR = 3600.0

_typed(COMMAND, "Run a command", "/task list", seconds=_HOUR, width=8)
_typed(REPORT, "Make a report", "/report sales", seconds=_HOUR, width=8)
_typed(IMPORT, "Bring a file in that is kept here", "/task import file:ID", seconds=4 * _HOUR, width=2)
_typed(EXPORT, "Put records into a file", "/task export", seconds=4 * _HOUR, width=2)
