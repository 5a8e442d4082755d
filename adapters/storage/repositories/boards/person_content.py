"""What the board of a person shows: their first open tasks, and how many there are."""

from sqlalchemy import bindparam, true

from adapters.storage.repositories.keyset import page
from adapters.storage.repositories.kinds import question
from adapters.storage.repositories.tasks.queries import TASKS, listed, narrowed
from adapters.storage.schema.tables import members
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.boards.model import WORK_SHOWN, Work
from core.tasks.model import Status, TaskFilter
from core.workspaces.model import Audience

_m = members.c
_ACTIVE = scope.select(members, _m.id).where(_m.id == bindparam("the_member"), _m.active == true())


def work(db: Scoped, audience: Audience) -> Work | None:
    """Return the open tasks of the audience's member; None if that is no active member."""
    if db.first(_ACTIVE, the_member=audience.member_id) is None:
        return None
    wanted = TaskFilter(Status.PENDING, assignee=audience.member_id)
    order, way = listed(wanted)
    asked, parameters = question(TASKS, narrowed(wanted), audience, way)
    found = page(db, asked, parameters, order, None, WORK_SHOWN)
    return Work(found.items, found.total)
