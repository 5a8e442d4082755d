"""The tasks of one workspace."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.storage.repositories.kinds import numbered
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.repositories.tasks.channel_board import content
from adapters.storage.repositories.tasks.counts import counts
from adapters.storage.repositories.tasks.done import done_between, first_done
from adapters.storage.repositories.tasks.person_board import work
from adapters.storage.repositories.tasks.queries import TASKS, listed, narrowed
from adapters.storage.repositories.tasks.rows import assignee_rows, tally_of
from adapters.storage.schema.tables import task_assignees, task_tallies, tasks
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Key, Scoped
from core.shared.paging import Page
from core.tasks.boards import BoardContent, Work
from core.tasks.model import Done, Status, Task, TaskCounts, TaskFilter
from core.tasks.requests import TaskSort
from core.workspaces.model import Audience

REMEMBERED = 5000
"""Tasks that a transaction remembers."""

_t, _a = tasks.c, task_assignees.c

_UNASSIGN = scope.delete(task_assignees).where(_a.number.in_(bindparam("numbers", expanding=True)))
_NAMED = _t.number.in_(bindparam("numbers", expanding=True))
_IS_UNTOUCHED = sa.and_(_NAMED, _t.version == 1, _t.removed_at.is_(None))
_IS_DUE = sa.case((_t.due_date.is_(None), sa.false()), else_=sa.true())
_TALLY = (_t.channel_id, _t.status, _t.priority, _IS_DUE.label("is_due"))
_UNTOUCHED = scope.select(tasks, *_TALLY).where(_IS_UNTOUCHED).subquery()
_THEIR_TALLIES = scope.over(sa.select(*_UNTOUCHED.c, sa.func.count().label("amount")).group_by(*_UNTOUCHED.c))
_DISPLACE = (
    scope.update(task_assignees)
    .where(_a.number.in_(scope.select(tasks, _t.number).where(_IS_UNTOUCHED)))
    .values(channel_id=None, due_sort=None, priority=None)
)
_REMOVE = (
    scope.update(tasks)
    .where(_IS_UNTOUCHED)
    .values(removed_at=bindparam("removed", type_=_t.removed_at.type), remind_at=None, version=_t.version + 1)
)


class Tasks(NumberedItems[Task]):
    """The repository of tasks."""

    kind = TASKS

    async def page(
        self,
        wanted: TaskFilter,
        audience: Audience,
        *,
        sort: TaskSort = TaskSort.DUE,
        cursor: str = "",
        limit: int = 10,
    ) -> Page[Task]:
        """Return a page: by due (none last), then priority, then number; completed ones by completion, newest first.

        By `sort` their priority comes before their due, or only the number counts.
        Raises `InvalidArgumentError` (`cursor`) for a cursor that no page of these tasks has.
        """
        order, way = listed(wanted, sort)
        return await self._page(narrowed(wanted), audience, order, way=way, cursor=cursor, limit=limit)

    async def board(self, channel_id: int, *, now: datetime, today: datetime) -> BoardContent:
        """Return what the board of a channel shows, by one statement; `today` is when the day began."""
        return await self._transaction.run(lambda db: content(db, channel_id, now, today))

    async def own_work(self, audience: Audience) -> Work | None:
        """Return the open tasks of the audience's member, by one statement; None if that is no active member."""
        return await self._transaction.run(lambda db: work(db, audience))

    async def counts(self, channel_id: int | None, audience: Audience, *, now: datetime, today: date) -> TaskCounts:
        """Count the tasks of a channel, or of all, by status, and pending ones in more detail."""
        return await self._transaction.run(lambda db: counts(db, channel_id, audience, now, today))

    def stream(self, wanted: TaskFilter, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Task]]:
        """Yield all matching tasks by number, in chunks, without holding more than one chunk."""
        return self._walk(narrowed(wanted), audience, chunk=chunk)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Task]:
        """Return pending tasks whose number or a word of whose title starts so, for completion."""
        wanted = TaskFilter(Status.PENDING)
        return await self._suggest(prefix, narrowed(wanted), audience, listed(wanted)[0], limit=limit)

    def _withdraw(self, db: Scoped, numbers: Sequence[int], at: datetime) -> int:
        self._known().clear()
        return _withdrawn(db, numbers=numbers, removed=at)

    async def done_between(
        self, edges: Sequence[datetime], channel_id: int | None, audience: Audience
    ) -> Sequence[Done]:
        """Count the completed tasks of a channel, or of all, between each two of the instants, which rise."""
        return await self._transaction.run(lambda db: done_between(db, edges, channel_id, audience))

    async def first_done(self, channel_id: int | None, audience: Audience) -> datetime | None:
        """Return when the first of the tasks of a channel, or of all, was completed that the audience may see."""
        return await self._transaction.run(lambda db: first_done(db, channel_id, audience))

    def _laid_out(self, items: Sequence[Task]) -> Additions:
        additions = super()._laid_out(items)
        additions.insert(task_assignees, (row for task in items for row in assignee_rows(task)))
        additions.add_up(task_tallies, _tallied(items))
        return additions

    def _former(self, db: Scoped, items: Sequence[Task]) -> Mapping[int, Task]:
        known = self._known()
        former = {task.number: known[task.number] for task in items if task.number in known}
        for chunk in chunks(task.number for task in items if task.number not in known):
            former.update((row.number, TASKS.item_of(row)) for row in db.all(numbered(TASKS), numbers=chunk))
        return former

    def _changed(self, db: Scoped, items: Sequence[Task], former: Mapping[int, Task]) -> None:
        """Store the people of tasks that have others than before, or another place; count the tasks anew."""
        changed = [task for task in items if task.number in former]
        moved = [task for task in changed if _standing(former[task.number]) != _standing(task)]
        for chunk in chunks(moved):
            db.change(_UNASSIGN, numbers=[task.number for task in chunk])
        db.insert_many(task_assignees, (row for task in moved for row in assignee_rows(task)))
        amounts = _tallied(changed)
        amounts.subtract(_tallied(former.values()))
        db.add_up(task_tallies, amounts)
        self._met(changed)

    def _met(self, items: list[Task]) -> list[Task]:
        """Remember tasks as they are, so that storing them need not ask: nobody else writes until the commit."""
        known = self._known()
        if len(known) > REMEMBERED:
            known.clear()
        known.update((task.number, task) for task in items)
        return items

    def _known(self) -> dict[int, Task]:
        return self._transaction.met.setdefault(tasks, {})


def _tallied(items: Iterable[Task]) -> Counter[Key]:
    return Counter(key for key in map(tally_of, items) if key)


def _standing(task: Task) -> tuple[Any, ...]:
    """Return what decides on the rows of a task's people."""
    return task.assignees, task.status, task.removed_at is None, task.channel_id, task.due, task.priority


def _withdrawn(db: Scoped, **which: Any) -> int:
    """Mark the untouched ones of some tasks as removed, with all that is kept of them beside."""
    gone = db.all(_THEIR_TALLIES, **which)
    amounts = {(row.channel_id, row.status, row.priority, row.is_due): -row.amount for row in gone}
    db.add_up(task_tallies, amounts)
    db.change(_DISPLACE, **which)
    return db.change(_REMOVE, **which)
