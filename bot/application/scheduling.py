"""What the commands of all areas have in common that run something at times that people say."""

import datetime as dt
from typing import Annotated

from bot.application.context import Context
from bot.grammar.arguments import Suggests
from bot.grammar.tokens import normalise, tokenise
from core.schedules.errors import RuleError
from core.schedules.grammar import parse_rule
from core.schedules.requests import Scheduled
from core.schedules.rules import Rule
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.zones import UnknownZoneError, zone

_TIMES = ("weekdays 9:00", "daily 9:00", "every monday 8am", "1st of the month 7:00", "every 2 hours")

TimesWords = Annotated[str, Suggests(_TIMES)]
"""When something is to run, in words."""


def asked_zone(ctx: Context, typed: str) -> str:
    """Return the zone that was named, else the actor's; raises `RefusedError` (`unknown_zone`)."""
    try:
        return zone(typed).key if typed else ctx.actor.zone
    except UnknownZoneError as error:
        raise RefusedError("unknown_zone", field="zone", value=typed, near=error.near) from error


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


def touch(ctx: Context, made: Scheduled) -> None:
    """Note which schedule a command was about; that nothing had to be changed is told to the asker alone."""
    ctx.touched.append(f"#{made.schedule.number}")
    ctx.tells_of([made.schedule.channel_id])
    if not made.undo_id:
        ctx.tells_asker_alone()
