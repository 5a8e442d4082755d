"""How the history of a task is told."""

from bot.texts.history import Told
from core.tasks.kind import TASK_KIND

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
