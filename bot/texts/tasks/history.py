"""How the history of a task is told."""

from bot.texts import history
from bot.texts.history import Told
from bot.texts.view import View
from core.chat.reply import Reply
from core.tasks.results import TaskHistory
from core.tasks.snapshots import TASK_KIND

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
    return history.shown(TOLD, f"#{found.task.number} {found.task.title}", command, found.page, view)
