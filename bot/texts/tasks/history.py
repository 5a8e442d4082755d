"""How the history of a task is told, and what is said about it."""

from bot.texts import comments, history
from bot.texts.history import Told
from bot.texts.tasks.words import task_name
from bot.texts.view import View
from core.chat.reply import Reply
from core.tasks.kind import TASK_KIND
from core.tasks.model import Task
from core.tasks.results import Commented, TaskHistory

TOLD = Told(
    TASK_KIND,
    "task",
    {
        "title": "Title",
        "notes": "Notes",
        "status": "Status",
        "priority": "Priority",
        "due": "Due",
        "assignees": "For",
        "channel_id": "Channel",
        "repeat": "Repeats",
        "remind_at": "Reminder",
        "removed_at": "Removed",
    },
)


def task_history(found: TaskHistory, command: str, view: View) -> Reply:
    """Show a page of what happened to a task."""
    return history.shown(TOLD, f"#{found.task.number} {found.task.title}", command, found.history, view)


def commented(said: Commented, view: View) -> Reply:
    """Say who said what about a task."""
    return comments.commented(task_name(said.task), said.words, said.undo_id, view)


def withdrawn(task: Task, command: str, view: View) -> Reply:
    """Say that a comment on a task is gone again."""
    return comments.withdrawn(task_name(task), command, view)
