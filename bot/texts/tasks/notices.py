"""What people are told of tasks without having asked: that they were given one, that one is due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.texts.common import SHOWN_LINES, counted
from bot.texts.dates import due_clause, due_words
from bot.texts.tasks.words import done_action, repeat_clause, skip_action, snooze_action, task_line, task_name
from core.chat.reply import Action, Reply, Visibility
from core.chat.text import Code, Link, Mention, Text, lines, text
from core.people.model import Reader
from core.tasks.model import Task


class TaskNotices:
    """Words notices so that they can stand in direct messages and, with the person named, in a channel."""

    def assigned(self, tasks: Sequence[Task], to: Reader, by: str, now: datetime) -> Reply:
        """Say who gave somebody which tasks."""
        if len(tasks) > 1:
            return _several(text(_address(to), f"{by} gave you {len(tasks)} tasks:"), tasks, to, now)
        task = tasks[0]
        said = text(
            _address(to),
            f"{by} gave you ",
            task_name(task),
            due_clause(_local(task, to).due, now),
            repeat_clause(task),
            ".",
        )
        return _one(said, task)

    def reminder(self, tasks: Sequence[Task], to: Reader, now: datetime) -> Reply:
        """Say which tasks are due, or what was snoozed until now."""
        if len(tasks) > 1:
            return _several(text(_address(to), f"{counted(len(tasks), 'task')} to look at now:"), tasks, to, now)
        task = _local(tasks[0], to)
        return _one(text(_address(to), "reminder: " if to.member else "Reminder: ", _state(task, to, now)), task)


def _state(task: Task, to: Reader, now: datetime) -> Text:
    if task.due is None:
        return text(task_name(task), ".")
    verb = " was due " if task.due.is_overdue(now, to.zone) else " is due "
    return text(task_name(task), verb, due_words(task.due, now), ".")


def _local(task: Task, to: Reader) -> Task:
    """Return the task with its due on the reader's clock."""
    return replace(task, due=task.due.in_zone(to.zone)) if task.due else task


def _address(to: Reader) -> Text:
    return text(Mention(to.member.id, to.member.name), ", ") if to.member else ()


def _one(said: Text, task: Task) -> Reply:
    origin = text("It came up ", Link("here", task.origin), ".") if task.origin else ()
    skip = (skip_action(task.number),) if task.repeat else ()
    show = Action("Show", f"/task show {task.number}")
    actions = (done_action(task.number), snooze_action(task.number), *skip, show)
    return Reply(text=lines(said, origin), visibility=Visibility.CHANNEL, actions=actions)


def _several(said: Text, tasks: Sequence[Task], to: Reader, now: datetime) -> Reply:
    shown = [task_line(_local(task, to), now) for task in tasks[:SHOWN_LINES]]
    more = len(tasks) - len(shown)
    rest = text(f"and {more:,} more: ", Code("/task list")) if more else ()
    who = " assign:@me channel:all" if to.member else ""
    actions = (Action("Show my tasks" if to.member else "Show the list", f"/task list{who}"),)
    return Reply(text=lines(said, *shown, rest), visibility=Visibility.CHANNEL, actions=actions)
