"""What holds of every task however it came to be: clean texts, bounded lists, when its people are reminded."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time

from core.dates.due import Due
from core.shared.errors import InvalidArgumentError
from core.shared.readable import one_line, several_lines
from core.shared.zones import instant, zone
from core.tasks.model import ASSIGNEES_LIMIT, NOTES_LIMIT, TITLE_LIMIT, Task

START_OF_WORK = time(9)
"""When people are reminded of a day without a time, on its own clock."""

NUMBERS_LIMIT = 100
"""Tasks that one command may name."""


def clean_title(raw: str) -> str:
    """Return a title as one line without control characters or doubled spaces.

    Raises `InvalidArgumentError` with reason `title_empty`, or `title_too_long` (details `length`, `limit`).
    """
    title = one_line(raw)
    if not title:
        raise InvalidArgumentError("title", "title_empty", example="Buy milk")
    if len(title) > TITLE_LIMIT:
        raise InvalidArgumentError("title", "title_too_long", length=len(title), limit=TITLE_LIMIT)
    return title


def clean_notes(raw: str) -> str:
    """Return notes with plain line ends and without other control characters than tabs; they may be empty.

    Raises `InvalidArgumentError` with reason `notes_too_long` (details `length`, `limit`).
    """
    notes = several_lines(raw)
    if len(notes) > NOTES_LIMIT:
        raise InvalidArgumentError("notes", "notes_too_long", length=len(notes), limit=NOTES_LIMIT)
    return notes


def checked_assignees(members: Iterable[int], argument: str = "assign") -> tuple[int, ...]:
    """Return the members once each, in the order given; `argument` is what they were named in.

    Raises `InvalidArgumentError` with reason `too_many_assignees` (details `count`, `limit`).
    """
    unique = tuple(dict.fromkeys(members))
    if len(unique) > ASSIGNEES_LIMIT:
        raise InvalidArgumentError(argument, "too_many_assignees", count=len(unique), limit=ASSIGNEES_LIMIT)
    return unique


def checked_numbers(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the task numbers once each, in the order given.

    Raises `InvalidArgumentError` with reason `too_many_tasks` (details `count`, `limit`).
    """
    unique = tuple(dict.fromkeys(numbers))
    if len(unique) > NUMBERS_LIMIT:
        raise InvalidArgumentError("task", "too_many_tasks", count=len(unique), limit=NUMBERS_LIMIT)
    return unique


def moment_of(due: Due) -> datetime:
    """Return the instant (UTC) at which people want to hear of a due: its time, or 9:00 of its day on its own clock."""
    return due.at if due.time is not None else instant(due.date, START_OF_WORK, zone(due.zone))


def reminder_for(due: Due | None, now: datetime) -> datetime | None:
    """Return when a task with that due reminds its people; None without a due or when that moment is past."""
    moment = moment_of(due) if due else None
    return moment if moment and moment > now else None


def rescheduled(task: Task, due: Due | None, now: datetime) -> Task:
    """Return the task with another due and the reminder that goes with it."""
    return replace(task, due=due, remind_at=reminder_for(due, now) if task.completed_at is None else None)


def at_its_time(one: Task) -> bool:
    """Tell whether somebody gave themselves alone a reminder for a time of day: they said when."""
    is_own = one.assignees == (one.author_id,)
    return is_own and (one.due is None or one.due.time is not None or one.remind_at != moment_of(one.due))
