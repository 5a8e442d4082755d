"""What the commands of all areas have in common that run something at times that people say."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated

from bot.application.context import Context
from bot.application.upkeep import who_runs_jobs
from bot.grammar.arguments import OnTheClock, Suggests
from bot.grammar.tokens import normalise, tokenise
from bot.texts.schedules import changes
from core.chat.reply import Action, Reply
from core.chat.request import Platform
from core.ports.jobs import Runs
from core.ports.storage import UndoEntry
from core.schedules.errors import RuleError
from core.schedules.grammar import parse_rule
from core.schedules.requests import Scheduled
from core.schedules.rules import Rule
from core.schedules.service import Which
from core.shared.errors import InvalidArgumentError
from core.shared.zones import checked_zone, zone

WEEKDAYS = "weekdays 9:00"
_TIMES = (WEEKDAYS, "daily 9:00", "every monday 8am", "1st of the month 7:00", "every 2 hours")

TimesWords = Annotated[str, Suggests(_TIMES), OnTheClock()]
"""When something is to run, in words."""


def asked_zone(ctx: Context, typed: str, channel_id: int | None = None) -> str:
    """Return the zone that was named, else that of the channel that it is for, if it has one, else the actor's.

    Raises `RefusedError` (`unknown_zone`).
    """
    return checked_zone(typed) or ctx.directory.zones.of(channel_id=channel_id, home=ctx.actor.zone)


def unquoted(typed: str) -> str:
    """Return what was typed without the quotes around all of it: a form's field needs none, and is often given some."""
    match tokenise(normalise(typed)):
        case [only] if only.quoted:
            return only.text
    return typed


def asked_times(ctx: Context, argument: str, typed: str, where: str) -> Rule:
    """Return when something is to run, said on today's date of a zone; raises `InvalidArgumentError`."""
    typed = unquoted(typed)
    today: dt.date = ctx.now.astimezone(zone(where)).date()
    try:
        return parse_rule(typed, today=today)
    except RuleError as error:
        words = {"value": error.part or typed, "read": error.read, "example": error.example}
        about = {"readings": error.readings, "takes": error.field}
        raise InvalidArgumentError(argument, f"times_{error.reason.value}", **words, **about) from error


async def who_runs(ctx: Context) -> Runs:
    """Return who has schedules run; whoever is not in a shell is served by a process that does."""
    is_shell = ctx.request.platform is Platform.TERMINAL
    return await who_runs_jobs(ctx.services.supplies) if is_shell else Runs.HERE


def touch(ctx: Context, made: Scheduled) -> None:
    """Note which schedule a command was about; that nothing had to be changed is told to the asker alone."""
    ctx.touched.append(f"#{made.schedule.number}")
    ctx.tells_of([made.schedule.channel_id])
    if not made.undo_id:
        ctx.tells_asker_alone()


async def pause(ctx: Context, which: Which, command: str, go_on: Callable[[int], Action]) -> Reply:
    """Let a schedule rest; `go_on` is the button that lets it run again, by its number."""
    made = await ctx.services.schedules.pause(ctx.actor, await ctx.audience(), which, command)
    return _rested(ctx, made, go_on)


async def stop(ctx: Context, which: Which, command: str, go_on: Callable[[int], Action]) -> Reply:
    """Let a schedule end until it is started; `go_on` is the button that starts it, by its number."""
    made = await ctx.services.schedules.stop(ctx.actor, await ctx.audience(), which, command)
    return _rested(ctx, made, go_on)


async def resume(ctx: Context, which: Which, command: str) -> Reply:
    """Let a schedule run again."""
    made = await ctx.services.schedules.resume(ctx.actor, await ctx.audience(), which, command)
    touch(ctx, made)
    return changes.resumed(made, ctx.view)


async def remove(ctx: Context, which: Which, command: str) -> Reply:
    """Take a schedule away."""
    made = await ctx.services.schedules.remove(ctx.actor, await ctx.audience(), which, command)
    touch(ctx, made)
    return changes.removed(made, ctx.view)


async def run_now(ctx: Context, which: Which) -> Reply:
    """Run a schedule now, beside its times; raises `NotFoundError`."""
    found, job = await ctx.services.schedules.run_now(ctx.actor, await ctx.audience(), which)
    ctx.touched.append(f"#{found.number}")
    ctx.tells_of([found.channel_id])
    return changes.running_now(found, job, await who_runs_jobs(ctx.services.supplies))


async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Put schedules back as they were, of whichever area."""
    undone = await ctx.services.schedules.undo(ctx.actor, entry, await ctx.audience())
    ctx.touched.extend(f"#{record.number}" for record in undone.records)
    ctx.tells_of(record.channel_id for record in undone.records)
    return changes.taken_back(undone, ctx.view)


def _rested(ctx: Context, made: Scheduled, go_on: Callable[[int], Action]) -> Reply:
    touch(ctx, made)
    return changes.rested(made, (go_on(made.schedule.number),), ctx.view)
