"""What people read on the board of their own tasks, which is in their direct messages, and about it."""

from bot.texts.common import counted, sentence_case
from bot.texts.dates import due_cell
from bot.texts.tasks.lists import MY_WORK, NOTHING_WAITS, WORKERS
from bot.texts.tasks.words import assign_action, done_action, is_overdue, snooze_action
from bot.texts.view import View
from core.boards.model import Board, Work
from core.chat.actions import NUMBER, about
from core.chat.reply import Action, Cell, Column, Placement, Reply, Row, Style, Table, Visibility
from core.chat.request import Platform
from core.chat.text import Code, Text, text
from core.ports.platform import MESSAGE_GONE
from core.shared.paging import COUNT_LIMIT
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

PERMIT = (
    "If nothing comes up, Discord keeps my messages from you: allow direct messages in the server's privacy settings."
)


def work(content: Work, made: Board, buttons: tuple[Action, ...], view: View) -> Reply:
    """Show somebody's open tasks, each with its buttons; `buttons` are `BUTTONS` with their ids."""
    add, show_all, *of_row = buttons
    if not content.tasks:
        return Reply(title=MY_WORK, text=NOTHING_WAITS, visibility=Visibility.CHANNEL, actions=(add,))
    may_work = view.actor.role >= WORKERS
    rows = tuple(
        Row(
            _cells(task, made, view),
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


def _cells(task: Task, made: Board, view: View) -> tuple[Cell, ...]:
    others = view.people([member for member in task.assignees if member != made.member_id])
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


# ---------------------------------------------------------------- about it


def put_up(platform: Platform, *, moved: bool) -> Reply:
    """Say that the board comes, and how to get rid of it."""
    said = "Your open tasks move down here" if moved else "Your open tasks, of all channels, come up here"
    hint = f" {PERMIT}" if platform is Platform.DISCORD else ""
    return Reply(
        text=text(f"{said} in one message that keeps itself up to date.{hint}"),
        actions=(Action("Take it down", "/task unboard", placement=Placement.UPDATE),),
    )


def taken_down() -> Reply:
    """Say that the board goes, and offer it back."""
    again = Action("Put it up again", "/task board", placement=Placement.UPDATE)
    return Reply(text=text("The overview of your tasks goes. The tasks stay."), actions=(again,))


def switched_off(reason: str, platform: Platform) -> Reply:
    """Tell somebody why the overview of their tasks is no longer kept up to date."""
    why = "its message was deleted" if reason == MESSAGE_GONE else f"{platform.value.title()} refuses its message"
    return Reply(
        title="The overview of your tasks is off",
        text=text(
            f"I no longer keep it up to date in our direct messages on {platform.value.title()}: {why}. Type ",
            Code("/task board"),
            " there to have it back.",
        ),
    )
