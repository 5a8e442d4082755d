"""What people read on the board of their own tasks, which is in their direct messages."""

from bot.grammar.boards import BoardView
from bot.texts.common import counted, sentence_case
from bot.texts.dates import due_cell
from bot.texts.tasks.lists import MY_WORK, NOTHING_WAITS, WORKERS
from bot.texts.tasks.words import assign_action, done_action, is_overdue, snooze_action
from bot.texts.view import View
from core.chat.actions import NUMBER, about
from core.chat.reply import Action, Cell, Column, Reply, Row, Style, Table, Visibility
from core.chat.text import Code, Text, text
from core.shared.paging import COUNT_LIMIT
from core.tasks.boards import Work
from core.tasks.model import Task

TITLE, NAMES = 100, 100
"""Characters of a task's title and of the people who do it too; all of it is in the list."""

MESSAGE_BUTTONS = (
    Action("Add a task", "/task add assign:@me", style=Style.PRIMARY),
    Action("Show all", "/task mine"),
)
ROW_BUTTONS = (done_action(NUMBER), snooze_action(NUMBER), assign_action(NUMBER))
BUTTONS = (*MESSAGE_BUTTONS, *ROW_BUTTONS)
"""The buttons of such a board; those of a task are stored once for all tasks, so that an edit stores nothing."""

COLUMNS = (
    Column("number", "No.", "number"),
    Column("title", "Title"),
    Column("due", "Due", "moment"),
    Column("priority", "Priority"),
    Column("channel", "Channel"),
    Column("others", "With", "people"),
)


def work(content: Work, asked: BoardView) -> Reply:
    """Show somebody's open tasks, each with its buttons."""
    add, show_all, *of_row = asked.buttons
    if asked.reader is None:
        return Reply(actions=(add,))
    view = View(asked.reader, asked.directory, asked.now)
    if not content.tasks:
        return Reply(title=MY_WORK, text=NOTHING_WAITS, visibility=Visibility.CHANNEL, actions=(add,))
    may_work = view.actor.role >= WORKERS
    rows = tuple(
        Row(
            _cells(task, view),
            tuple(about(button, task.number) for button in of_row) if may_work else (),
            "warning" if is_overdue(task, view) else "",
        )
        for task in content.tasks
    )
    is_all = content.total <= len(content.tasks)
    return Reply(
        title=MY_WORK,
        text=_said(content, view),
        visibility=Visibility.CHANNEL,
        tables=(Table(MY_WORK, COLUMNS, rows),),
        actions=(add,) if is_all else (add, show_all),
    )


def _said(content: Work, view: View) -> Text:
    """Return how many tasks there are, how many of them are overdue, and how many are not shown."""
    late, shown = sum(is_overdue(task, view) for task in content.tasks), len(content.tasks)
    more = content.total - shown
    overdue = "" if not late else f", {late} or more overdue" if late == shown and more > 0 else f", {late} overdue"
    said = f"{sentence_case(counted(content.total, 'task'))}{overdue}."
    if more <= 0:
        return text(said)
    rest = f"{COUNT_LIMIT:,} or more" if content.total > COUNT_LIMIT else f"{more:,} more"
    return text(f"{said} These come first; {rest}: ", Code("/task mine"))


def _cells(task: Task, view: View) -> tuple[Cell, ...]:
    others = view.people([member for member in task.assignees if member != view.actor.member_id])
    return (
        task.number,
        _cut(task.title, TITLE),
        due_cell(task.due, view.actor.zone),
        task.priority.label,
        view.directory.channel_name(task.channel_id),
        _cut(others, NAMES) or None,
    )


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else f"{words[: limit - 1]}…"
