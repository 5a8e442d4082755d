"""The tasks of one workspace."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.storage.repositories.numbered import BULK, NumberedItems
from adapters.storage.repositories.tasks.counts import counts
from adapters.storage.repositories.tasks.queries import TASKS, narrowed, order_of
from adapters.storage.repositories.tasks.rows import assignee_rows, assignees_of
from adapters.storage.schema.tables import task_assignees, task_snapshots, tasks
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.codec import data_of, data_text
from adapters.storage.work.scope import Scoped
from core.shared.paging import Page
from core.tasks.model import Status, Task, TaskCounts, TaskFilter
from core.tasks.snapshots import snapshot_of, task_of
from core.workspaces.model import Audience

REMEMBERED = 5000
"""Tasks whose people a transaction remembers."""

_LAST_CHANGES = 10

_t, _a, _s = tasks.c, task_assignees.c, task_snapshots.c

_CLEAR_REMINDER = (
    scope.update(tasks)
    .where(_t.number == bindparam("the_number"), _t.version == bindparam("expected"))
    .where(_t.remind_at == bindparam("reminds_at", type_=_t.remind_at.type))
    .values(remind_at=None)
)
_UNASSIGN = scope.delete(task_assignees).where(_a.number.in_(bindparam("numbers", expanding=True)))
_OF_BATCH = _t.batch == bindparam("the_batch")
_TOUCHED = (
    scope.select(tasks, _t.number)
    .where(_OF_BATCH, sa.or_(_t.version > 1, _t.removed_at.is_not(None)))
    .order_by(_t.number)
    .limit(_LAST_CHANGES)
)
_REMOVE = (
    scope.update(tasks)
    .where(_OF_BATCH, _t.version == 1, _t.removed_at.is_(None))
    .values(removed_at=bindparam("removed", type_=_t.removed_at.type), remind_at=None, version=_t.version + 1)
)
_SNAPSHOTS = (
    scope.select(task_snapshots, _s.number, _s.task)
    .where(_s.undo_id == bindparam("the_undo"), _s.number > bindparam("after"))
    .order_by(_s.number)
    .limit(bindparam("at_most"))
)


class Tasks(NumberedItems[Task]):
    """The repository of tasks."""

    _kind = TASKS

    def add(self, task: Task) -> None:
        """Insert a task with its assignees at the latest when the unit of work commits."""
        super().add(task)
        for row in assignee_rows(task):
            self._transaction.later(task_assignees, row)

    async def clear_reminder(self, task: Task) -> bool:
        """Take a task's reminder away if task and reminder are still as they were read; tell whether they were."""
        read = {"the_number": task.number, "expected": task.version, "reminds_at": task.remind_at}
        return await self._transaction.run(lambda db: db.change(_CLEAR_REMINDER, **read) == 1)

    async def page(self, wanted: TaskFilter, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Task]:
        """Return a page: by due (none last), then priority, then number; completed ones by completion, newest first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that no page of these tasks has.
        """
        return await self._page(narrowed(wanted), audience, order_of(wanted.status), cursor=cursor, limit=limit)

    async def counts(self, wanted: TaskFilter, audience: Audience, *, now: datetime, today: date) -> TaskCounts:
        """Count by status (the filter's own status does not narrow that), and pending ones in more detail."""
        return await self._transaction.run(lambda db: counts(db, wanted, audience, now, today))

    def stream(self, wanted: TaskFilter, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Task]]:
        """Yield all matching tasks by number, in chunks, without holding more than one chunk."""
        return self._walk(narrowed(wanted), audience, chunk=chunk)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Task]:
        """Return pending tasks whose number or a word of whose title starts so, for completion."""
        wanted, order = narrowed(TaskFilter(Status.PENDING)), order_of(Status.PENDING)
        return await self._suggest(prefix, wanted, audience, order, limit=limit)

    async def remove_batch(self, batch: str, at: datetime) -> int:
        """Mark the untouched (version 1) tasks of an import as removed and return how many."""
        return await self._transaction.run(lambda db: db.change(_REMOVE, the_batch=batch, removed=at))

    async def changed_since_import(self, batch: str) -> Sequence[int]:
        """Return up to ten numbers of tasks of an import that were changed or removed after it."""
        return await self._transaction.run(lambda db: [row.number for row in db.all(_TOUCHED, the_batch=batch)])

    async def save_snapshots(self, undo_id: str, tasks_: Iterable[Task]) -> None:
        """Keep tasks as they were before a batch changed them."""
        for chunk in chunks(tasks_, BULK):
            await self._transaction.run(lambda db, chunk=chunk: _keep(db, undo_id, chunk))  # type: ignore[misc]

    async def snapshots(self, undo_id: str, *, chunk: int = 1000) -> AsyncIterator[Sequence[Task]]:
        """Yield the tasks kept for an undo entry, by number, in chunks."""
        after = -1
        while True:
            kept = await self._transaction.run(
                lambda db, after=after: _kept(db, the_undo=undo_id, after=after, at_most=chunk)  # type: ignore[misc]
            )
            if kept:
                yield kept
            if len(kept) < chunk:
                return
            after = kept[-1].number

    def _insert(self, db: Scoped, items: Sequence[Task]) -> None:
        super()._insert(db, items)
        db.insert_many(task_assignees, (row for task in items for row in assignee_rows(task)))

    def _changed(self, db: Scoped, items: Sequence[Task]) -> None:
        """Store the people of tasks that have others than before, or in another order."""
        known = self._transaction.people
        unknown = [task.number for task in items if task.number not in known]
        known.update(dict.fromkeys(unknown, ()) | dict(assignees_of(db, unknown)))
        changed = [task for task in items if known[task.number] != task.assignees]
        for chunk in chunks(changed):
            db.change(_UNASSIGN, numbers=[task.number for task in chunk])
        db.insert_many(task_assignees, (row for task in changed for row in assignee_rows(task)))
        known.update((task.number, task.assignees) for task in changed)

    def _met(self, items: list[Task]) -> list[Task]:
        """Remember who has the tasks, so that storing them need not ask: nobody else writes until the commit."""
        if len(self._transaction.people) > REMEMBERED:
            self._transaction.people.clear()
        self._transaction.people.update((task.number, task.assignees) for task in items)
        return items


def _keep(db: Scoped, undo_id: str, tasks_: Sequence[Task]) -> None:
    snapshots = ((task.number, data_text(snapshot_of(task))) for task in tasks_)
    rows = ({"undo_id": undo_id, "number": number, "task": text} for number, text in snapshots)
    db.insert_many(task_snapshots, rows)


def _kept(db: Scoped, **which: Any) -> list[Task]:
    return [task_of(data_of(row.task)) for row in db.all(_SNAPSHOTS, **which)]
