"""What happens to tasks, for those who follow it."""

from core.shared.events import Followed

TASK_EVENTS = Followed(
    prefix="task",
    people=("assignees", "added", "removed"),
    unseen=frozenset({"task.reminded", "task.snoozed", "task.commented"}),
)
"""Whose overviews a change of tasks may look different in."""
