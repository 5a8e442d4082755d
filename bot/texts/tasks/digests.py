"""The digest of tasks: what is overdue, what is due today, and in a channel what nobody has."""

from bot.texts.common import counted, listed, on_the_clock
from bot.texts.tasks.lists import WORKERS
from bot.texts.tasks.words import assign_action, done_action, snooze_action, task_table
from bot.texts.view import View
from core.chat.reply import Action, Reply, Table, Visibility
from core.chat.text import Code, Text, lines, text
from core.shared.paging import Page
from core.shared.value_objects import value_object
from core.tasks.model import Task

SHOWN = 10
"""Tasks that are named, each with its buttons, so that a message of any platform takes all of them."""
FREE_SHOWN = 4
"""Those among them that nobody has, in a channel."""


@value_object
class DigestContent:
    """The first tasks that are due until the end of today, how many of them are overdue, and those that nobody has."""

    due: Page[Task]
    overdue: int
    nobodys: Page[Task] | None


def digest(content: DigestContent, channel: str, view: View) -> Reply:
    """Tell what there is to look at today, in a channel or to somebody alone."""
    day = on_the_clock(view.now, view.actor.zone).rpartition(" ")[0]
    title = f"Tasks in {channel}, {day}" if channel else f"Your tasks, {day}"
    visibility = Visibility.CHANNEL if channel else Visibility.PRIVATE
    free = content.nobodys.total if content.nobodys else 0
    if not content.due.total and not free:
        return Reply(title=title, text=text("Nothing is due."), visibility=visibility, is_empty=True)
    today = content.due.total - content.overdue
    counts = ((content.overdue, "overdue"), (today, "due today"), (free, "for nobody yet"))
    said = listed([f"{counted(count, 'task')} {what}" for count, what in counts if count])
    return Reply(
        title=title,
        text=lines(text(f"{said}."), _rest(content, channel)),
        visibility=visibility,
        tables=tuple(_tables(content, view)),
        actions=(Action("Show all", "/task list" if channel else "/task mine"),),
    )


def _tables(content: DigestContent, view: View) -> list[Table]:
    found = []
    if content.due.items:
        found.append(task_table("Due", content.due.items, view, lambda task: _buttons(task, view)))
    if content.nobodys and content.nobodys.items:
        found.append(task_table("For nobody yet", content.nobodys.items, view, lambda task: _buttons(task, view)))
    return found


def _rest(content: DigestContent, channel: str) -> Text:
    pages = [content.due, *([content.nobodys] if content.nobodys else [])]
    if all(page.total <= len(page.items) for page in pages):
        return ()
    return text("These come first; all of them: ", Code("/task list" if channel else "/task mine"))


def _buttons(task: Task, view: View) -> tuple[Action, ...]:
    """Return what may be done about a task; who has nobody's task is asked for too."""
    if view.actor.role < WORKERS:
        return ()
    assign = () if task.assignees else (assign_action(task.number),)
    return done_action(task.number), snooze_action(task.number), *assign
