"""Why a task can't be as asked, by the reasons that the task service gives."""

from collections.abc import Mapping
from datetime import date

from bot.texts import errors
from core.dates.recurrence import COUNT_LIMIT, INTERVAL_LIMIT
from core.dates.recurrence_errors import RecurrenceReason
from core.dates.words import day_words

_CHANGED_PARTS = {
    "assignees": "who it is for",
    "due": "when it is due",
    "status": "whether it is done",
    "completed_at": "whether it is done",
    "completed_by": "whether it is done",
    "removed_at": "whether it is removed",
    "number": "whether it exists",
    "repeat": "how it repeats",
    "planned": "how it repeats",
    "series": "how it repeats",
}


def _task(words: errors.Words) -> str:
    return f"#{words['number']} “{errors.shown(words['title'])}”"


def _day(value: object) -> str:
    return day_words(value) if isinstance(value, date) else str(value)


_REPEATS_BY = (
    "It can be `daily`, `every weekday`, `every mon and thu`, `every 2 weeks on fri` or `monthly on the 15th`."
)

_NO_REPETITION: Mapping[RecurrenceReason, errors.Wording] = {
    RecurrenceReason.EMPTY: lambda w: ("How it repeats is missing.", _REPEATS_BY),
    RecurrenceReason.TOO_LONG: lambda w: ("That is too long for how a task repeats.", _REPEATS_BY),
    RecurrenceReason.NOT_UNDERSTOOD: lambda w: (
        errors.not_read(w, "as how a task repeats"),
        _REPEATS_BY,
    ),
    RecurrenceReason.AMBIGUOUS: errors.ambiguous,
    RecurrenceReason.NO_SUCH_DAY: lambda w: (
        f"No month has the day in “{errors.shown(w['value'])}”.",
        f"Days go from the 1st to the 31st, and there is `{w['example']}`.",
    ),
    RecurrenceReason.NO_FIFTH: lambda w: (
        f"“{errors.shown(w['value'])}”: most months have only four.",
        f"Say {errors.either(w)}.",
    ),
    RecurrenceReason.NO_SUCH_DATE: lambda w: (
        f"There is no {errors.shown(w['value'])} in the calendar.",
        errors.tried(w),
    ),
    RecurrenceReason.NO_SUCH_COUNT: lambda w: (
        f"A task can repeat 1 to {COUNT_LIMIT:,} times, not {errors.shown(w['value'])}.",
        f"Try `{w['example']}`.",
    ),
    RecurrenceReason.TOO_OFTEN: lambda w: (
        f"“{errors.shown(w['value'])}”: tasks repeat by days, weeks and months.",
        f"The most often is `{w['example']}`.",
    ),
    RecurrenceReason.TOO_RARE: lambda w: (
        f"“{errors.shown(w['value'])}” is too long from one time to the next; at most {INTERVAL_LIMIT} fit.",
        f"Try `{w['example']}`.",
    ),
    RecurrenceReason.NO_SUCH_TIME: lambda w: (
        f"There is no {errors.shown(w['value'])} on the clock.",
        f"Try `{w['example']}`.",
    ),
    RecurrenceReason.LATE_DAYS: lambda w: (
        f"“{errors.shown(w['value'])}”: shorter months don't have all of those days.",
        f"Name one of the 29th, 30th, 31st and the last day, such as `{w['example']}`.",
    ),
}

_ARGUMENTS: Mapping[str, errors.Wording] = {
    "too_many_spans": lambda w: (
        f"That is more than {w['limit']:,} days or weeks to tell one by one.",
        "Try `by:month`, or fewer days.",
    ),
    "title_empty": lambda w: ("A task needs a title.", f"Say what has to be done: `/task add {w['example']}`"),
    "title_too_long": lambda w: (
        f"That title has {w['length']:,} characters; at most {w['limit']:,} fit.",
        "Shorten it and put the rest into `notes:`, which take up to 4,000.",
    ),
    "notes_too_long": lambda w: (
        f"Those notes have {w['length']:,} characters; at most {w['limit']:,} fit.",
        "Shorten them, or put a link to a page that has it all.",
    ),
    "too_many_assignees": lambda w: (
        f"That would be {w['count']} people on one task; at most {w['limit']} fit.",
        "Name those who do it; everybody in the channel sees it anyway.",
    ),
    "too_many_tasks": lambda w: (
        f"Those are {w['count']} tasks; one command takes at most {w['limit']}.",
        "Split them over several commands.",
    ),
    "nothing_to_edit": lambda w: (
        "Say what to change: title, notes or priority.",
        f"Try `/task edit {w['number']} priority:high`; `urgent`, `medium` and `low` are the others.",
    ),
    "edited_elsewhere": lambda w: (
        "Editing changes the title, the notes and the priority.",
        f"What you gave has a command of its own: `{w['example']}`.",
    ),
    "no_such_page": lambda w: (
        f"There is no page “{errors.shown(w['value'])}” of that list.",
        "`/task list` begins at the first, and each page leads to the next.",
    ),
    "snooze_past": lambda w: ("A reminder can't come in the past.", f"Try `{w['example']}`."),
    "repeat_over": lambda w: (
        f"That ends on {_day(w['until'])}, before the task is first due on {_day(w['due'])}.",
        "Name a later end, or none.",
    ),
    **{f"repeat_{reason.value}": wording for reason, wording in _NO_REPETITION.items()},
}

_REFUSALS: Mapping[str, errors.Wording] = {
    "repeat_completed": lambda w: (
        f"{_task(w)} is done, so it can't repeat.",
        f"`/task reopen {w['number']}` opens it again.",
    ),
    "skip_completed": lambda w: (
        f"{_task(w)} is done, so there is nothing to skip.",
        f"`/task reopen {w['number']}` opens it again.",
    ),
    "not_repeating": lambda w: (
        f"{_task(w)} does not repeat, so there is no next time to skip to.",
        f"`/task repeat {w['number']} weekly` makes it repeat, `/task due {w['number']} tomorrow` moves it.",
    ),
    "skip_last": lambda w: (
        f"{_task(w)} is the last of its series, so there is no next time to skip to.",
        f"`/task remove {w['number']}` takes it off the list.",
    ),
    "task_changed_meanwhile": lambda w: (f"Somebody changed {_task(w)} at the same moment.", "Try again."),
    "snooze_completed": lambda w: (
        f"{_task(w)} is done, so there is nothing to remind of.",
        f"`/task reopen {w['number']}` opens it again.",
    ),
}

REASONS = errors.Reasons(arguments=_ARGUMENTS, refusals=_REFUSALS, parts={"task": _CHANGED_PARTS})
