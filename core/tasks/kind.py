"""Tasks as a kind of record: what undo and history are made of."""

from core.shared.names import Names
from core.tasks.model import Task
from core.undo.kinds import RecordKind

TASK_KIND = RecordKind("task", Task, aside={"version"}, drifting={"remind_at"})
"""How often a task was changed is no content, and a reminder that goes out is no reason to refuse an undo."""

TASK_NAMES = Names("task", "task", "tasks")
