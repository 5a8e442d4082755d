"""What the board of a person shows, by one statement: their first open tasks, and how many there are."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, bindparam

from adapters.storage.repositories.keyset import count
from adapters.storage.repositories.kinds import Question, matching, question
from adapters.storage.repositories.tasks.queries import TASKS, narrowed, order_of
from adapters.storage.schema.tables import members
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.boards.model import WORK_SHOWN, Work
from core.tasks.model import Status, TaskFilter
from core.workspaces.model import Audience

_m = members.c
_ORDER = order_of(Status.PENDING)


def work(db: Scoped, audience: Audience) -> Work | None:
    """Return the open tasks of the audience's member; None if that is no active member."""
    wanted = TaskFilter(Status.PENDING, assignee=audience.member_id)
    asked, parameters = question(TASKS, narrowed(wanted), audience)
    rows = db.all(_statement(asked), **parameters)
    if not rows:
        return None
    # A join keeps no order.
    shown = _ORDER.sorted(row for row in rows if row.number is not None)
    return Work(list(map(TASKS.item_of, shown)), rows[0].total)


@lru_cache(maxsize=64)
def _statement(asked: Question) -> Select[Any]:
    """Select the member with their tasks, or alone without any, or nothing if there is no such active member."""
    reader = scope.select(members, _m.workspace_id.label("place")).where(
        _m.id == bindparam("reader", type_=sa.Integer()), _m.active == sa.true()
    )
    found = matching(asked).order_by(*_ORDER.by()).limit(WORK_SHOWN).subquery()
    total = count(asked, _ORDER).scalar_subquery().label("total")
    them = reader.subquery()
    both = them.outerjoin(found, found.c.workspace_id == them.c.place)
    return scope.over(sa.select(*found.c, total).select_from(both))
