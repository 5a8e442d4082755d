"""What the board of a person shows, by one statement: their first open tasks, and how many there are."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, Select, bindparam, literal_column

from adapters.storage.repositories.tasks.queries import Shape, conditions, matching, parameters_of, shape_of
from adapters.storage.repositories.tasks.rows import tasks_of
from adapters.storage.schema.tables import members, tasks
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.boards.model import WORK_SHOWN, Work
from core.shared.paging import COUNT_LIMIT
from core.tasks.model import Status, TaskFilter
from core.workspaces.model import Audience

_t, _m = tasks.c, members.c


def work(db: Scoped, audience: Audience) -> Work | None:
    """Return the open tasks of the audience's member; None if that is no active member."""
    wanted = TaskFilter(Status.PENDING, assignee=audience.member_id)
    rows = db.all(_statement(shape_of(wanted, audience)), **parameters_of(wanted, audience))
    if not rows:
        return None
    # A join keeps no order.
    shown = sorted((row for row in rows if row.number is not None), key=_place)
    return Work(tasks_of(shown), rows[0].total)


@lru_cache(maxsize=64)
def _statement(shape: Shape) -> Select[Any]:
    """Select the member with their tasks, or alone without any, or nothing if there is no such active member."""
    reader = scope.select(members, _m.workspace_id.label("place")).where(
        _m.id == bindparam("reader", type_=sa.Integer()), _m.active == sa.true()
    )
    order = (_t.due_sort, _t.priority, _t.number)
    found = matching(shape).order_by(*order).limit(WORK_SHOWN).subquery()
    one = scope.select(tasks, literal_column("1").label("one")).where(*conditions(shape))
    total = scope.count(one, COUNT_LIMIT + 1).scalar_subquery().label("total")
    them = reader.subquery()
    both = them.outerjoin(found, found.c.workspace_id == them.c.place)
    return scope.over(sa.select(*found.c, total).select_from(both))


def _place(row: Row[Any]) -> tuple[Any, ...]:
    return row.due_sort, row.priority, row.number
