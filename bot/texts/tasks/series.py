"""What people read about tasks that repeat."""

from bot.texts.common import SHOWN_LINES, counted
from bot.texts.dates import due_cell, due_words
from bot.texts.tasks.answers import several, untouched, written
from bot.texts.tasks.words import task_fields, task_name
from bot.texts.view import View
from core.chat.reply import Field, Reply
from core.chat.text import Code, Text, lines, text
from core.dates.recurrence import ALWAYS_THERE
from core.tasks.model import Task
from core.tasks.results import Change


def repeat_set(change: Change, view: View) -> Reply:
    """Say how tasks repeat now and from when, or that they do no longer."""
    repeat = change.task.repeat
    if not change.tasks:
        how = f" repeats {repeat.words()} already" if repeat else " does not repeat anyway"
        return untouched(change, lambda task: text(task_name(task), how))
    if len(change.tasks) > 1:
        tasks = counted(len(change.tasks), "task")
        how = f"let {tasks} repeat" if repeat else f"stopped {tasks} from repeating"
        return several(change, view, lines(f"{view.actor.name} {how}.", short_months(change.task)))
    due = text(", due ", due_words(change.task.due, view.now, view.actor.zone)) if repeat and change.task.due else ()
    how = f" repeats {repeat.words()}" if repeat else " does not repeat any more"
    said = lines(text(task_name(change.task), how, due, "."), short_months(change.task))
    return written(change, said, task_fields(change.task, view, "number", "due"))


def skipped(change: Change, view: View) -> Reply:
    """Say to when tasks have moved on."""
    if len(change.tasks) > 1:
        return several(change, view, text(f"{view.actor.name} skipped one time of {len(change.tasks)} tasks."))
    due = change.task.due
    when = text(": next due ", due_words(due, view.now, view.actor.zone)) if due else ()
    said = text(f"{view.actor.name} skipped ", task_name(change.task), when, ".")
    return written(change, said, task_fields(change.task, view, "number", "due"))


def short_months(task: Task) -> Text:
    """Say what becomes of a day that not every month has."""
    repeat = task.repeat
    if repeat is None or repeat.month or max(repeat.days, default=0) <= ALWAYS_THERE:
        return ()
    return text("In shorter months it is due on the last day.")


def what_follows(change: Change, view: View) -> list[Text]:
    """Say of completed tasks that repeated which ones come next, or that they were the last."""
    rows = []
    for before in change.before:
        following = change.following.get(before.number)
        whose = text(" after ", f"#{before.number}") if len(change.tasks) > 1 else ()
        if following and following.due:
            number = f"#{following.number}"
            rows.append(
                text("Next", whose, f": {number}, due ", due_words(following.due, view.now, view.actor.zone), ".")
            )
        elif before.repeat:
            rows.append(text(f"#{before.number} was the last of its series."))
    more = len(rows) - SHOWN_LINES
    return [*rows[:SHOWN_LINES], *([text(f"The same of {counted(more, 'more task')}.")] if more > 0 else [])]


def following_fields(change: Change, view: View) -> tuple[Field, ...]:
    """Return which task comes after a completed one, and when it is due."""
    following = change.following.get(change.task.number)
    if following is None:
        return ()
    due = due_cell(following.due, view.actor.zone)
    return Field("next", "Next", following.number, "number"), Field("next_due", "Next due", due, "moment")


def left_behind(change: Change) -> Text:
    """Say of a task that was done and is open again that its series has gone on without it."""
    alone = [task for task in change.tasks if task.series and not task.repeat]
    if not alone:
        return ()
    if len(change.tasks) > 1:
        numbers = ", ".join(f"#{task.number}" for task in alone[:SHOWN_LINES])
        return text(f"No longer repeating: {numbers}. What comes next in a series is a task of its own.")
    return text("It does not repeat any more: what comes next in its series is a task of its own.")


def ended_by_removal(change: Change) -> Text:
    """Say that nothing follows a removed task that repeated, and how to leave out a single time."""
    ended = [task for task in change.tasks if task.repeat]
    if not ended:
        return ()
    numbers = " ".join(str(task.number) for task in ended[:SHOWN_LINES])
    return text(
        "That ends the series. To leave out one time only, undo it and type ", Code(f"/task skip {numbers}"), "."
    )


def only_this_one(task: Task) -> Text:
    """Say that a due was moved for one time alone."""
    if task.repeat is None or task.due == task.planned:
        return ()
    return text(f"Only this time moves; it still repeats {task.repeat.words()}.")
