"""The tasks of one workspace."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam

from adapters.storage.engine.dialects.patterns import ESCAPE, literal
from adapters.storage.repositories.tasks import counts as task_counts
from adapters.storage.repositories.tasks import pages as task_pages
from adapters.storage.repositories.tasks.queries import (
    Shape,
    Sight,
    matching,
    parameters_of,
    reader_of,
    shape_of,
    visible,
)
from adapters.storage.repositories.tasks.rows import CHUNK, TASK, assignee_rows, assignees_of, chunks, row_of, tasks_of
from adapters.storage.schema.tables import counters, task_assignees, task_snapshots, tasks
from adapters.storage.schema.text_forms import sort_key
from adapters.storage.work import scope
from adapters.storage.work.codec import data_of, data_text
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.shared.paging import Page
from core.tasks.model import Task, TaskCounts, TaskFilter
from core.tasks.snapshots import snapshot_of, task_of
from core.workspaces.model import Audience

COUNTER = "tasks"
"""The counter that numbers come from."""

BULK = 2000
"""Tasks stored in one visit to the database."""

REMEMBERED = 5000
"""Tasks whose people a transaction remembers."""

_LAST_CHANGES = 10

_t, _a, _s = tasks.c, task_assignees.c, task_snapshots.c

_RESERVE = (
    scope.update(counters)
    .where(counters.c.name == COUNTER)
    .values(value=counters.c.value + bindparam("how_many", type_=sa.Integer()))
    .returning(counters.c.value)
)
_FIND = scope.select(tasks, *TASK).where(_t.number == bindparam("the_number"))
_ONE = _FIND.where(_t.removed_at.is_(None))
_NAMED = (
    scope.select(tasks, *TASK)
    .where(_t.number.in_(bindparam("numbers", expanding=True)), _t.removed_at.is_(None))
    .order_by(_t.number)
)
_CHANGE = scope.update(tasks).where(_t.number == bindparam("the_number"))
_CHANGE_VERSION = _CHANGE.where(_t.version == bindparam("expected"))
_CLEAR_REMINDER = _CHANGE_VERSION.where(_t.remind_at == bindparam("reminds_at", type_=_t.remind_at.type)).values(
    remind_at=None
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
_EVERYTHING = Shape(None, False, False, False, False, False, Sight.ALL)
_SEEN = visible(Sight.EACH)
_ONE_SEEN = _ONE.where(_SEEN)
_NAMED_SEEN = _NAMED.where(_SEEN)


class Tasks:
    """The repository of tasks."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def reserve_numbers(self, count: int = 1) -> int:
        """Take `count` fresh numbers and return the first; a number is never given twice."""
        return await self._transaction.run(lambda db: int(db.scalar(_RESERVE, how_many=count)) - count + 1)

    def add(self, task: Task) -> None:
        """Insert a task with its assignees at the latest when the unit of work commits."""
        self._transaction.later(tasks, row_of(task))
        for row in assignee_rows(task):
            self._transaction.later(task_assignees, row)

    async def add_many(self, tasks_: Sequence[Task]) -> None:
        """Insert many tasks by the database's bulk path."""
        for chunk in chunks(tasks_, BULK):
            await self._transaction.run(lambda db, chunk=chunk: _insert(db, chunk))  # type: ignore[misc]

    async def get(self, number: int, audience: Audience) -> Task | None:
        """Return a task that the audience may see and that is not removed."""
        statement = _ONE if audience.everything else _ONE_SEEN
        reader = reader_of(audience)
        row = await self._transaction.run(lambda db: db.first(statement, the_number=number, **reader))
        return self._remembered(tasks_of([row]))[0] if row else None

    async def get_many(self, numbers: Sequence[int], audience: Audience) -> Sequence[Task]:
        """Return those of the tasks that exist, are not removed and may be seen, by number."""
        statement = _NAMED if audience.everything else _NAMED_SEEN
        reader = reader_of(audience)
        wanted = sorted(set(numbers))

        def read(db: Scoped) -> list[Task]:
            rows = [row for chunk in chunks(wanted, CHUNK) for row in db.all(statement, numbers=chunk, **reader)]
            return tasks_of(rows)

        return self._remembered(await self._transaction.run(read))

    async def find(self, number: int) -> Task | None:
        """Return a task whatever its state, removed ones too; for undo and jobs, never for showing."""

        def read(db: Scoped) -> Task | None:
            row = db.first(_FIND, the_number=number)
            return tasks_of([row])[0] if row else None

        task = await self._transaction.run(read)
        if task is not None:
            self._remembered([task])
        return task

    async def change(self, task: Task, expected_version: int) -> bool:
        """Store a task (its `version` already raised) if it still has the expected version; tell whether it had."""

        def write(db: Scoped) -> bool:
            values = row_of(task)
            number = values.pop("number")
            if not db.change(_CHANGE_VERSION, the_number=number, expected=expected_version, **values):
                return False
            _reassign(db, [task], self._transaction.people)
            return True

        return await self._transaction.run(write)

    async def clear_reminder(self, task: Task) -> bool:
        """Take a task's reminder away if task and reminder are still as they were read; tell whether they were."""
        read = {"the_number": task.number, "expected": task.version, "reminds_at": task.remind_at}
        return await self._transaction.run(lambda db: db.change(_CLEAR_REMINDER, **read) == 1)

    async def change_many(self, tasks_: Sequence[Task]) -> None:
        """Store many changed tasks that were read in this very transaction."""
        for chunk in chunks(tasks_, BULK):
            await self._transaction.run(lambda db, chunk=chunk: self._store(db, chunk))  # type: ignore[misc]

    def _store(self, db: Scoped, tasks_: Sequence[Task]) -> None:
        db.update_many(tasks, ("number",), map(row_of, tasks_))
        _reassign(db, tasks_, self._transaction.people)

    def _remembered(self, tasks_: list[Task]) -> list[Task]:
        """Remember who has the tasks, so that storing them need not ask: nobody else writes until the commit."""
        if len(self._transaction.people) > REMEMBERED:
            self._transaction.people.clear()
        self._transaction.people.update((task.number, task.assignees) for task in tasks_)
        return tasks_

    async def page(self, wanted: TaskFilter, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Task]:
        """Return a page: by due (none last), then priority, then number; completed ones by completion, newest first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that no page of these tasks has.
        """
        place = task_pages.place_of(cursor, wanted.status)
        shape, parameters = shape_of(wanted, audience), parameters_of(wanted, audience)
        return await self._transaction.run(lambda db: task_pages.page(db, shape, parameters, place, limit))

    async def counts(self, wanted: TaskFilter, audience: Audience, *, now: datetime, today: date) -> TaskCounts:
        """Count by status (the filter's own status does not narrow that), and pending ones in more detail."""
        shape, parameters = shape_of(wanted, audience), parameters_of(wanted, audience)
        return await self._transaction.run(lambda db: task_counts.counts(db, shape, parameters, now, today))

    async def stream(
        self, wanted: TaskFilter, audience: Audience, *, chunk: int = 1000
    ) -> AsyncIterator[Sequence[Task]]:
        """Yield all matching tasks by number, in chunks, without holding more than one chunk."""
        statement = _walk(shape_of(wanted, audience, walk=True))
        parameters = parameters_of(wanted, audience)
        after = 0
        while True:
            found = await self._transaction.run(
                lambda db, after=after: tasks_of(db.all(statement, **parameters, after=after, at_most=chunk))  # type: ignore[misc]
            )
            if found:
                yield found
            if len(found) < chunk:
                return
            after = found[-1].number

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Task]:
        """Return pending tasks whose number or a word of whose title starts so, for completion."""
        key = sort_key(prefix).removeprefix("#").strip()
        start = literal(key)
        statement = _suggested(shape_of(TaskFilter(), audience), by_number=key.isdecimal())
        parameters = {**parameters_of(TaskFilter(), audience), "starts": f"{start}%", "holds": f"% {start}%"}
        if key.isdecimal():
            parameters["exact"] = int(key) if len(key) < 10 else 0
        return await self._transaction.run(lambda db: tasks_of(db.all(statement, **parameters, at_most=limit)))

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


def _insert(db: Scoped, tasks_: Sequence[Task]) -> None:
    db.insert_many(tasks, map(row_of, tasks_))
    db.insert_many(task_assignees, (row for task in tasks_ for row in assignee_rows(task)))


def _reassign(db: Scoped, tasks_: Sequence[Task], known: dict[int, tuple[int, ...]]) -> None:
    """Store the people of tasks that have others than before, or in another order."""
    unknown = [task.number for task in tasks_ if task.number not in known]
    known.update(dict.fromkeys(unknown, ()) | dict(assignees_of(db, unknown)))
    changed = [task for task in tasks_ if known[task.number] != task.assignees]
    for chunk in chunks(changed, CHUNK):
        db.change(_UNASSIGN, numbers=[task.number for task in chunk])
    db.insert_many(task_assignees, (row for task in changed for row in assignee_rows(task)))
    known.update((task.number, task.assignees) for task in changed)


def _keep(db: Scoped, undo_id: str, tasks_: Sequence[Task]) -> None:
    snapshots = ((task.number, data_text(snapshot_of(task))) for task in tasks_)
    rows = ({"undo_id": undo_id, "number": number, "task": text} for number, text in snapshots)
    db.insert_many(task_snapshots, rows)


def _kept(db: Scoped, **which: Any) -> list[Task]:
    return [task_of(data_of(row.task)) for row in db.all(_SNAPSHOTS, **which)]


def _walk(shape: Shape) -> Select[Any]:
    return matching(shape).where(_t.number > bindparam("after")).order_by(_t.number).limit(bindparam("at_most"))


def _suggested(shape: Shape, *, by_number: bool) -> Select[Any]:
    words = [_t.title_sort.like(bindparam(name, type_=sa.String()), escape=ESCAPE) for name in ("starts", "holds")]
    order: list[Any] = [_t.due_sort, _t.priority, _t.number]
    if by_number:
        words.append(sa.cast(_t.number, sa.Unicode(20)).like(bindparam("starts", type_=sa.String()), escape=ESCAPE))
        order.insert(0, sa.case((_t.number == bindparam("exact"), 0), else_=1))
    return matching(shape).where(sa.or_(*words)).order_by(*order).limit(bindparam("at_most"))
