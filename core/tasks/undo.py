"""Taking changes of tasks back."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from core.chat.actor import Actor
from core.shared.events import Event, EventValue
from core.tasks.kind import TASK_KIND
from core.tasks.model import Task
from core.transfer.undo_kinds import import_kind
from core.undo.entries import TakenBack, Undoing

TASK_CHANGE = TASK_KIND.change
"""The kind of the undo entries of changes."""
TASK_IMPORT = import_kind("task")
"""The kind of those of imports."""


def _own(task: Task) -> Iterable[int]:
    return (task.author_id, *task.assignees)


def _gone(task: Task, now: datetime) -> Task:
    return replace(task, removed_at=now, remind_at=None)


TASK_UNDO = Undoing(TASK_KIND, _own, _gone)


def undone_events(undone: TakenBack[Task], actor: Actor, now: datetime) -> Iterator[Event]:
    """Return the facts that an undo put tasks back or took new ones away, with whom each had and has."""
    had = {task.number: task.assignees for task in undone.before}
    for kind, tasks in (("task.restored", undone.restored), ("task.removed", undone.withdrawn)):
        for task in tasks:
            facts: dict[str, EventValue] = {
                "number": task.number,
                "undo": True,
                "assignees": list(task.assignees),
                "removed": [member for member in had[task.number] if member not in task.assignees],
            }
            yield Event(kind, now, task.channel_id, actor.member_id, facts)
