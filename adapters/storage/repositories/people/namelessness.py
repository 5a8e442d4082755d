"""What would still tell of somebody who was forgotten: by which names, and what could be undone of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam

from adapters.storage.schema.history_tables import changes
from adapters.storage.schema.tables import members, undo_entries
from adapters.storage.system.retention import is_under_way
from adapters.storage.work import scope
from adapters.storage.work.codec import data_of
from adapters.storage.work.scope import Scoped
from core.people.kind import JOINED, MEMBER_CHANGES, MEMBER_KIND, NAME
from core.people.namelessness import Nameless

_NAMED = scope.select(members, members.c.id, members.c.name, members.c.email).where(members.c.forgotten_at.is_(None))
_JOINED = scope.select(changes, changes.c.person_id).where(
    changes.c.kind == MEMBER_KIND.name,
    changes.c.number == bindparam("the_member"),
    changes.c.field == JOINED,
    changes.c.person_id.is_not(None),
)
_FORMER = scope.select(changes, changes.c.before).where(
    changes.c.kind == MEMBER_KIND.name,
    changes.c.number == bindparam("the_member"),
    changes.c.field == NAME,
    changes.c.before.is_not(None),
)
_undo = undo_entries.c
# An import's undo that is under way takes its entry to go on.
_THEIRS = scope.delete(undo_entries).where(_undo.author_id == bindparam("the_member"), ~is_under_way())
_KINDS = _undo.kind.in_(bindparam("the_kinds", expanding=True))
_OF_PEOPLE = scope.select(undo_entries, _undo.id, _undo.payload).where(_KINDS)
_ONE = scope.delete(undo_entries).where(_undo.id == bindparam("the_entry"))


def accounts_of(db: Scoped, member_id: int) -> Sequence[int]:
    """Return a member's id, and those of the accounts that turned out to be theirs, and so on."""
    found = [member_id]
    for account in found:
        found.extend(row.person_id for row in db.all(_JOINED, the_member=account) if row.person_id not in found)
    return found


def nameless_of(db: Scoped, accounts: Sequence[int]) -> Sequence[Nameless]:
    """Return what takes away all names of somebody's accounts, nothing for those that are forgotten."""
    known = {row.id: row for row in db.all(_NAMED)}
    others = frozenset(row.name for number, row in known.items() if number not in accounts)
    found = []
    for row in (known[account] for account in accounts if account in known):
        found.append(Nameless(row.id, row.name, row.email or "", others))
        former = (str(data_of(change.before)) for change in db.all(_FORMER, the_member=row.id))
        found.extend(Nameless(row.id, name, "", others) for name in dict.fromkeys(former))
    return found


def leave_no_undo(db: Scoped, member_id: int) -> None:
    """Let nothing be undone that they did or that was done to what is known of them: an undo holds what was."""
    db.change(_THEIRS, the_member=member_id)
    for row in db.all(_OF_PEOPLE, the_kinds=list(MEMBER_CHANGES)):
        if member_id in _members_of(data_of(row.payload)):
            db.change(_ONE, the_entry=row.id)


def _members_of(payload: dict[str, Any]) -> list[object]:
    """Return whose records an undo entry puts back, also of one in an earlier form."""
    return [payload.get("member"), *(step.get("number") for step in payload.get("steps", ()))]
