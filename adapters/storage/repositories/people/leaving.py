"""What refers to somebody: handed over where two turn out to be one, and leading to nobody once they are forgotten."""

from functools import cache

from sqlalchemy import Delete, Table, Update, bindparam

from adapters.storage.repositories.people.namelessness import leave_no_undo
from adapters.storage.schema.assigning import assigning_tables
from adapters.storage.schema.board_table import boards
from adapters.storage.schema.history_tables import changes, comments
from adapters.storage.schema.schedule_table import schedules
from adapters.storage.schema.tables import codes, identities
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from adapters.storage.work.whole_schema import whole_schema
from core.people.kind import MEMBER_KIND

_i, _b, _h = identities.c, boards.c, changes.c

_UNKNOWN = scope.delete(identities).where(_i.member_id == bindparam("the_member"))
_NO_CODES = scope.delete(codes).where(codes.c.member_id == bindparam("the_member"))
_MOVE = scope.update(identities).where(_i.member_id == bindparam("the_member"))
_BOARDS_OF = scope.update(boards).where(_b.member_id == bindparam("the_member"))
_SCHEDULED_BY = scope.update(schedules).where(schedules.c.author_id == bindparam("the_member"))
_BOARDS_BY = scope.update(boards).where(_b.made_by == bindparam("the_member"))
_DONE_BY = scope.update(changes).where(_h.member_id == bindparam("the_member"))
_SAID_BY = scope.update(comments).where(comments.c.author_id == bindparam("the_member"))
_DONE_TO = scope.update(changes).where(_h.person_id == bindparam("the_member"))
_DONE_WITH = scope.update(changes).where(_h.kind == bindparam("the_kind"), _h.number == bindparam("the_member"))


def hand_over(db: Scoped, from_member: int, to_member: int) -> None:
    """Give one member's identities, assignments, boards, schedules and deeds to another."""
    db.change(_MOVE, the_member=from_member, member_id=to_member)
    for table in assigning_tables(whole_schema()):
        db.change(_double(table), the_member=from_member, to_member=to_member)
        db.change(_reassigned(table), the_member=from_member, member_id=to_member)
    db.change(_BOARDS_OF, the_member=from_member, member_id=to_member)
    db.change(_BOARDS_BY, the_member=from_member, made_by=to_member)
    db.change(_SCHEDULED_BY, the_member=from_member, author_id=to_member)
    db.change(_SAID_BY, the_member=from_member, author_id=to_member)
    db.change(_DONE_BY, the_member=from_member, member_id=to_member)
    db.change(_DONE_TO, the_member=from_member, person_id=to_member)


def forget_deeds(db: Scoped, member_id: int) -> None:
    """Let nothing lead to a member by which they are known, which is theirs, or which they did."""
    for known in (_UNKNOWN, _NO_CODES, *map(_unassigned, assigning_tables(whole_schema()))):
        db.change(known, the_member=member_id)
    db.change(_SAID_BY, the_member=member_id, author_id=None)
    db.change(_DONE_BY, the_member=member_id, member_id=None)
    db.change(_DONE_TO, the_member=member_id, person_id=None)
    db.change(_DONE_WITH, the_kind=MEMBER_KIND.name, the_member=member_id, before=None, after=None)
    leave_no_undo(db, member_id)


@cache
def _unassigned(table: Table) -> Delete:
    return scope.delete(table).where(table.c.member_id == bindparam("the_member"))


@cache
def _double(table: Table) -> Delete:
    """Delete what somebody has together with whoever they turn out to be."""
    theirs = scope.select(table, table.c.number).where(table.c.member_id == bindparam("to_member"))
    return _unassigned(table).where(table.c.number.in_(theirs))


@cache
def _reassigned(table: Table) -> Update:
    return scope.update(table).where(table.c.member_id == bindparam("the_member"))
