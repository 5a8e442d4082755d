"""What the board of a person shows, by one statement: their first open tasks, and how many there are."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Select, true

from adapters.storage.repositories.audience import READER
from adapters.storage.repositories.keyset import Order, counted
from adapters.storage.repositories.kinds import Question, matching, question
from adapters.storage.repositories.tasks.queries import TASKS, listed, narrowed
from adapters.storage.schema.tables import members
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.tasks.boards import WORK_SHOWN, Work
from core.tasks.model import Status, TaskFilter
from core.workspaces.model import Audience

_m = members.c


def work(db: Scoped, audience: Audience) -> Work | None:
    """Return the open tasks of the audience's member; None if that is no active member."""
    wanted = TaskFilter(Status.PENDING, assignee=audience.member_id)
    order, way = listed(wanted)
    asked, parameters = question(TASKS, narrowed(wanted), audience, way)
    rows = db.all(_statement(asked, order), **parameters)
    if not rows:
        return None
    # A join keeps no order.
    shown = sorted((row for row in rows if row.number is not None), key=order.place)
    return Work([TASKS.item_of(row) for row in shown], rows[0].total)


@lru_cache(maxsize=64)
def _statement(asked: Question, order: Order) -> Select[Any]:
    """Select the member with their tasks, or alone without any, or nothing if there is no such active member."""
    reader = scope.select(members, _m.workspace_id.label("place")).where(_m.id == READER, _m.active == true())
    # The first numbers in a subquery of their own: not every database takes an order and a limit within a condition.
    first = matching(asked).order_by(*order.by(asked.table)).limit(WORK_SHOWN).subquery()
    found = TASKS.select().where(TASKS.number.in_(scope.over(sa.select(first.c.number)))).subquery()
    total = counted(asked, order).scalar_subquery().label("total")
    them = reader.subquery()
    both = them.outerjoin(found, found.c.workspace_id == them.c.place)
    return scope.over(sa.select(*found.c, total).select_from(both))
