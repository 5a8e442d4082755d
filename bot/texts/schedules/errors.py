"""Why something can't be scheduled as asked, and what would do."""

from collections.abc import Mapping

from bot.texts import errors
from core.schedules.errors import RuleReason

_HOURS = 24
_TIMES = (
    "It can be `weekdays 9:00`, `every monday 8am`, `mon,thu 9:00 and 17:00`, `last day of the month 17:00`, "
    "`every 15 minutes`, or five fields of cron such as `0 9 * * 1-5`."
)


def _not_understood(words: errors.Words) -> tuple[str, str]:
    value = errors.shown(words["value"])
    is_hour = value.isdecimal() and int(value) < _HOURS
    how = f"If that is the hour, say `at {value}` or `{value}:00`." if is_hour else _TIMES
    return errors.not_read(words, "as when something runs"), how


def _cron_value(words: errors.Words) -> tuple[str, str]:
    value, takes = errors.shown(words["value"]), words["takes"]
    return (
        f"“{value}” can't stand in that cron expression ({takes}).",
        "Each field takes `*`, values, ranges such as `1-5`, lists such as `1,15` and steps such as `*/15`. "
        "In words there is more: `last day of the month 17:00`.",
    )


_NO_TIMES: Mapping[RuleReason, errors.Wording] = {
    RuleReason.EMPTY: lambda _w: ("When it runs is missing.", _TIMES),
    RuleReason.TOO_LONG: lambda _w: ("That is too long for when something runs.", _TIMES),
    RuleReason.NOT_UNDERSTOOD: _not_understood,
    RuleReason.AMBIGUOUS: errors.ambiguous,
    RuleReason.NO_SUCH_DAY: lambda w: (
        f"No month has the day in “{errors.shown(w['value'])}”.",
        f"Days go from the 1st to the 31st, and there is `{w['example']}`.",
    ),
    RuleReason.NO_FIFTH: lambda w: (
        f"“{errors.shown(w['value'])}”: most months have only four.",
        f"Say {errors.either(w)}.",
    ),
    RuleReason.NO_SUCH_DATE: lambda w: (
        f"There is no {errors.shown(w['value'])} in the calendar.",
        errors.tried(w),
    ),
    RuleReason.NO_SUCH_COUNT: lambda w: (
        f"A schedule doesn't count its times, and {errors.shown(w['value'])} can't be counted anyway.",
        f"Name its last day: `{w['example']}`.",
    ),
    RuleReason.TOO_OFTEN: lambda w: (
        f"“{errors.shown(w['value'])}” is too often, or doesn't say when.",
        "The most often is `every minute`; several times of a day are named, as in `daily 9:00 and 17:00`.",
    ),
    RuleReason.TOO_RARE: lambda w: (
        f"“{errors.shown(w['value'])}” is too long from one time to the next.",
        f"Try `{w['example']}`.",
    ),
    RuleReason.NO_SUCH_TIME: lambda w: (
        f"There is no {errors.shown(w['value'])} on the clock.",
        f"Try `{w['example']}`.",
    ),
    RuleReason.LATE_DAYS: lambda w: (
        f"“{errors.shown(w['value'])}”: shorter months don't have all of those days.",
        f"Name one of the 29th, 30th, 31st and the last day, such as `{w['example']}`.",
    ),
    RuleReason.ENDLESS: lambda w: (
        f"“{errors.shown(w['value'])}”: a schedule doesn't count its times, and nothing of it is ever done.",
        f"Name its last day, or leave the end out: `{w['example']}`.",
    ),
    RuleReason.CRON_FIELDS: lambda w: (
        f"“{errors.shown(w['value'])}” looks like cron, but has more or less than five fields.",
        "They are minute, hour, day of the month, month, day of the week: `0 9 * * 1-5`.",
    ),
    RuleReason.CRON_VALUE: _cron_value,
    RuleReason.CRON_NEVER: lambda w: (
        f"No year has a {errors.shown(w['value'])}, so that would never run.",
        "For the end of a month, say `last day of the month 17:00`.",
    ),
}

REASONS = errors.Reasons(
    arguments={
        "schedule_over": lambda w: (
            f"“{errors.shown(w['value'])}” has no time that is still to come.",
            "Name a later end, or none.",
        ),
        "one_channel": lambda _w: (
            "A report comes into one channel.",
            "Name it, such as `channel:#shop`; another one can have a schedule of its own.",
        ),
        "nothing_to_change": lambda _w: (
            "Say what is to be otherwise.",
            'Try `when:"weekdays 9:00"`; `/qm help report change` has all that can be given.',
        ),
        **{f"times_{reason.value}": wording for reason, wording in _NO_TIMES.items()},
    },
    refusals={
        "name_taken": lambda w: (
            f"There is one called “{errors.shown(w['value'])}” already.",
            "Take another name, or remove that one first.",
        ),
        "runs_already": lambda w: (f"“{errors.shown(w['title'])}” has just begun.", "Its answer comes as a message."),
        "schedule_changed_meanwhile": lambda w: (
            f"Somebody changed #{w['number']} “{errors.shown(w['title'])}” at the same moment.",
            "Try again.",
        ),
    },
    absent={
        "report schedule": (
            "There is no such schedule here.",
            "`/report schedules` lists the reports that come by themselves.",
        ),
        "job schedule": (
            "There is no such periodic job here.",
            "`/job every` lists those that there are.",
        ),
    },
)
"""Shared by the areas that have schedules."""
