"""What people read after changing tasks."""

from collections.abc import Mapping, Sequence

from bot.texts import undo
from bot.texts.common import SHOWN_LINES, counted, listed, moment
from bot.texts.dates import due_clause, due_words, moment_cell
from bot.texts.tasks.answers import Already, several, untouched, written
from bot.texts.tasks.series import (
    ended_by_removal,
    following_fields,
    left_behind,
    only_this_one,
    short_months,
    what_follows,
)
from bot.texts.tasks.words import done_action, is_overdue, repeat_clause, task_fields, task_name
from bot.texts.view import View
from core.chat.reply import Field, Reply
from core.chat.text import Code, Text, lines, text
from core.reminders.quiet import told_from
from core.tasks.model import Task
from core.tasks.requests import AssignMode
from core.tasks.results import Change
from core.tasks.rules import at_its_time
from core.undo.entries import TakenBack


def added(change: Change, view: View) -> Reply:
    """Say what was added, for whom and when it is due."""
    task = change.task
    people = f", for {view.people_words(task.assignees)}" if task.assignees else ""
    said = text(
        f"{view.actor.name} added ",
        task_name(task),
        due_clause(task.due, view.now, view.actor.zone),
        repeat_clause(task),
        people,
        ".",
    )
    known = task_fields(task, view, "number", "priority", "due", "assignees")
    fields = tuple(field for field in known if field.value)
    words = lines(said, _past_warning(change, view), short_months(task))
    return written(change, words, fields, done_action(task.number))


def completed(change: Change, view: View) -> Reply:
    """Say what is done now, and who had done before what was done already."""

    def already(task: Task) -> Text:
        who = view.directory.name(task.completed_by) if task.completed_by is not None else "somebody"
        when = text(" – ", moment(task.completed_at, view.actor.zone)) if task.completed_at else ()
        return text(task_name(task), f" was done already: {who} completed it", when)

    return _acted(change, view, "completed", already, *what_follows(change, view))


def reopened(change: Change, view: View) -> Reply:
    """Say what is open again."""
    left = left_behind(change)
    return _acted(change, view, "reopened", lambda task: text(task_name(task), " is open already"), left)


def removed(change: Change, view: View) -> Reply:
    """Say what is gone."""
    return _acted(change, view, "removed", task_name, ended_by_removal(change))


def edited(change: Change, view: View) -> Reply:
    """Say what reads differently now."""
    if not change.tasks:
        return untouched(change, lambda task: text(task_name(task), " reads like that already"))
    old, new = change.before[0], change.task
    parts = [name for name in ("title", "notes", "priority") if getattr(old, name) != getattr(new, name)]
    was = f"It was called “{old.title}”." if "title" in parts else ""
    priority = f"Its priority is {new.priority.label} now." if "priority" in parts else ""
    said = text(f"{view.actor.name} changed the {listed(parts)} of ", task_name(new), ".")
    return written(change, lines(said, was, priority), task_fields(new, view, "number", "title", "priority"))


def assigned(change: Change, view: View, people: Sequence[int], mode: AssignMode) -> Reply:
    """Say who has which tasks now."""
    names = view.people_words(people)

    def holders(task: Task) -> str:
        return view.people_words(task.assignees) or "nobody"

    if not change.tasks:
        return untouched(change, lambda task: text(task_name(task), f" is with {holders(task)} already"))
    if len(change.tasks) == 1:
        now = f"{holders(change.task)} will do it" if change.task.assignees else "nobody has it now"
        said = text(f"{view.actor.name} assigned ", task_name(change.task), f": {now}.")
        return written(change, said, task_fields(change.task, view, "number", "assignees"))
    tasks = counted(len(change.tasks), "task")
    deed = {
        AssignMode.ADD: f"gave {tasks} to {names}",
        AssignMode.SET: f"gave {tasks} to {names} alone",
        AssignMode.REMOVE: f"took {tasks} from {names}",
    }
    return several(change, view, text(f"{view.actor.name} {deed[mode]}."))


def due_set(change: Change, view: View) -> Reply:
    """Echo when tasks are due now, with the zone, and warn of a past due."""
    due = change.task.due
    if not change.tasks:
        when = (
            text(" is due ", due_words(due, view.now, view.actor.zone), " already")
            if due
            else text(" has no due date anyway")
        )
        return untouched(change, lambda task: text(task_name(task), when))
    if len(change.tasks) == 1:
        when = text(" is due ", due_words(due, view.now, view.actor.zone)) if due else text(" has no due date any more")
        said = lines(text(task_name(change.task), when, "."), _past_warning(change, view), only_this_one(change.task))
        return written(change, said, task_fields(change.task, view, "number", "due"))
    when = text(" are due ", due_words(due, view.now, view.actor.zone)) if due else text(" have no due date any more")
    said = lines(text(counted(len(change.tasks), "task"), when, "."), _past_warning(change, view))
    return several(change, view, said)


def snoozed(change: Change, view: View) -> Reply:
    """Say when people will hear of tasks again."""
    zone = view.actor.zone
    at = change.task.remind_at or view.now
    until = text("until ", moment(at, zone))
    if not change.tasks:
        return untouched(change, lambda task: text(task_name(task), " is snoozed ", until, " already"))
    quiet = _kept_quiet(change.tasks, view)
    if len(change.tasks) > 1:
        said = text(f"{view.actor.name} snoozed {len(change.tasks)} tasks ", until, ".")
        return several(change, view, lines(said, *quiet))
    field = Field("remind_at", "Reminder", moment_cell(at, zone), "moment")
    said = text(f"{view.actor.name} snoozed ", task_name(change.task), " ", until, ".")
    return written(change, lines(said, *quiet), (*task_fields(change.task, view, "number"), field))


def _kept_quiet(tasks: Sequence[Task], view: View) -> list[Text]:
    """Say whose quiet hours hold these reminders back, and until when."""
    held = {
        (member_id, later)
        for task in tasks
        if task.remind_at and not at_its_time(task)
        for member_id in task.assignees
        if (member := view.directory.members.get(member_id))
        and (later := told_from(member, view.directory.workspace, task.remind_at)) > task.remind_at
    }
    said = "That falls into the quiet hours of {}, whose reminder waits until "
    return [
        text(said.format(view.directory.name(member_id)), moment(later, view.actor.zone), ".")
        for member_id, later in sorted(held)
    ]


_AFTER_UNDO: Mapping[str, tuple[str, str]] = {
    "task done": ("is open again", "are open again"),
    "task reopen": ("is done again", "are done again"),
    "task edit": ("reads as before", "read as before"),
    "task assign": ("is with whom it was before", "are with whom they were before"),
    "task due": ("is due as before", "are due as before"),
    "task repeat": ("repeats as before, or not", "repeat as before, or not"),
    "task skip": ("is due as before", "are due as before"),
    "task stop": ("repeats again", "repeat again"),
    "task snooze": ("is no longer snoozed", "are no longer snoozed"),
    "task remove": ("is back", "are back"),
}


def undone(result: TakenBack[Task], view: View) -> Reply:
    """Say what an undo brought back or took away."""
    restored, withdrawn = ([task_name(task) for task in tasks] for tasks in (result.restored, result.withdrawn))
    after = _AFTER_UNDO.get(result.command, undo.AFTER)
    return undo.undone(result.command, restored, withdrawn, view, plural="tasks", after=after)


def _acted(change: Change, view: View, verb: str, already: Already, *more: Text) -> Reply:
    """Word a change that is all said with one verb, and what is to be said of it besides."""
    if not change.tasks:
        return untouched(change, already)
    if len(change.tasks) > 1 or change.unchanged:
        said = text(f"{view.actor.name} {verb} {counted(len(change.tasks), 'task')}.")
        return several(change, view, lines(said, *(text(already(task), ".") for task in change.unchanged), *more))
    said = text(f"{view.actor.name} {verb} ", task_name(change.task), ".")
    keys = ("number",) if change.task.removed_at else ("number", "status")
    return written(
        change, lines(said, *more), (*task_fields(change.task, view, *keys), *following_fields(change, view))
    )


def _past_warning(change: Change, view: View) -> Text:
    """Warn of a due that has passed already: it is taken, but may be a slip."""
    late = [task for task in change.tasks if is_overdue(task, view)]
    if not late:
        return ()
    numbers = " ".join(str(task.number) for task in late[:SHOWN_LINES])
    return text("That is in the past already. To change it: ", Code(f"/task due {numbers} tomorrow"))
