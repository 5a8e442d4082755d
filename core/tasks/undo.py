"""Taking changes of tasks back: each leaves what it found and what it made; its undo compares before it restores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.chat.actor import Actor
from core.chat.request import ChannelKind
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, NotFoundError
from core.shared.events import Event, EventValue
from core.shared.ids import new_id
from core.shared.undo import UNDO_WINDOW
from core.tasks.model import Task
from core.tasks.results import Undone
from core.tasks.snapshots import TASK_KIND, differences, snapshot_of, task_of
from core.undo.keeping import TAKING_BACK, record_changes
from core.workspaces.model import Audience

TASK_CHANGE, TASK_COMMENT = "task.change", "task.comment"
"""The kinds of the undo entries of changes and of comments."""


def keep_undo(
    work: UnitOfWork, actor: Actor, command: str, before: Sequence[Task | None], after: Sequence[Task], now: datetime
) -> str:
    """Record a change and how to take it back, and return the entry's id; `before` holds None for a new task."""
    record_changes(work, TASK_KIND, actor, command, before, after, now)
    entry = UndoEntry(
        id=new_id(now),
        author_id=actor.member_id,
        channel_id=actor.channel_id,
        command=command,
        kind=TASK_CHANGE,
        payload={"tasks": [_step(old, new) for old, new in zip(before, after, strict=True)]},
        created_at=now,
        expires_at=now + UNDO_WINDOW,
    )
    work.undo.add(entry)
    return entry.id


def _step(before: Task | None, after: Task) -> dict[str, object]:
    made = snapshot_of(after)
    if before is None:
        return {"before": None, "made": made}
    found = snapshot_of(before)
    return {"before": found, "made": {name: value for name, value in made.items() if value != found[name]}}


async def take_back(
    work: UnitOfWork, actor: Actor, entry: UndoEntry, now: datetime, audience: Audience | None = None
) -> Undone:
    """Put the tasks of an entry back as they were; nothing is written unless all of them still are as it left them.

    Raises `ConflictError` with reason `task_changed_since` (details `number`, `title`, `changed`: names of fields),
    or `NotFoundError` if there is an audience that may not see the task as it is now.
    """
    restored: list[Task] = []
    withdrawn: list[Task] = []
    found: list[Task] = []
    let_go: dict[int, tuple[int, ...]] = {}
    for step in _steps(entry):
        before = task_of(step["before"]) if step["before"] else None
        made = task_of({**(step["before"] or {}), **step["made"]})
        current = await work.tasks.find(made.number)
        changed = differences(made, current) if current else ("number",)
        if current is None or changed:
            if audience is not None and not (current and await _may_see(work, current, audience)):
                raise NotFoundError("task", made.number)
            raise ConflictError("task_changed_since", number=made.number, title=made.title, changed=changed)
        found.append(current)
        if before is None:
            withdrawn.append(replace(current, removed_at=now, remind_at=None, version=current.version + 1))
        else:
            remind_at = _reminder(before, made, current)
            restored.append(replace(before, remind_at=remind_at, version=current.version + 1))
            let_go[made.number] = tuple(member for member in made.assignees if member not in before.assignees)
    after = {task.number: task for task in (*restored, *withdrawn)}
    await work.tasks.change_many([*after.values()])
    record_changes(work, TASK_KIND, actor, TAKING_BACK, found, [after[task.number] for task in found], now)
    return Undone(entry.command, tuple(restored), tuple(withdrawn), let_go)


async def find_for(work: UnitOfWork, number: int, audience: Audience) -> Task:
    """Return a task that somebody may see, a removed one too, which no other read finds; raises `NotFoundError`."""
    task = await work.tasks.find(number)
    if task is None or not await _may_see(work, task, audience):
        raise NotFoundError("task", number)
    return task


async def _may_see(work: UnitOfWork, task: Task, audience: Audience) -> bool:
    if audience.everything or task.channel_id in audience.channels:
        return True
    if audience.member_id in (task.author_id, *task.assignees):
        return True
    channels = await work.channels.all()
    return any(channel.id == task.channel_id and channel.kind is ChannelKind.PUBLIC for channel in channels)


def _reminder(before: Task, made: Task, current: Task) -> datetime | None:
    """Bring a reminder back only if the change had taken it away: one that went out meanwhile stays out."""
    return current.remind_at if before.remind_at == made.remind_at else before.remind_at


def _steps(entry: UndoEntry) -> Sequence[Mapping[str, Any]]:
    steps = entry.payload["tasks"]
    if not isinstance(steps, (list, tuple)):
        raise TypeError("the payload of an undo entry has a list of tasks")
    return steps


def undone_events(undone: Undone, actor: Actor, now: datetime) -> Iterator[Event]:
    """Return the facts that an undo put tasks back or took new ones away, with whom each had and has."""
    for kind, tasks in (("task.restored", undone.restored), ("task.removed", undone.withdrawn)):
        for task in tasks:
            facts: dict[str, EventValue] = {
                "number": task.number,
                "undo": True,
                "assignees": list(task.assignees),
                "removed": list(undone.let_go.get(task.number, ())),
            }
            yield Event(kind, now, task.channel_id, actor.member_id, facts)
