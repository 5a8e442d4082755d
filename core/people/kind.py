"""Members as a kind of record: what undo and history are made of."""

from collections.abc import Mapping

from core.people.model import Member
from core.undo.kinds import RecordKind

MEMBER_KIND = RecordKind(
    "member",
    Member,
    number="id",
    unwritten={"name", "locale", "active", "identities", "is_provisional", "zone_asked"},
    apart=True,
)
"""Role, zone and e-mail address are changed here; the rest is what platforms tell of people."""

JOINED = "joined"
"""In a member's history, for whom another account turned out to be."""

NAME = "name"
"""In a member's history, what they were called until the platform told who they are."""

FORMER_CHANGES: Mapping[str, str] = {"people.role": "role", "people.zone": "zone", "people.email": "email"}
"""The kinds of the undo entries that an earlier version made, and the field that each is about."""

MEMBER_CHANGES = (MEMBER_KIND.change, *FORMER_CHANGES)
"""The kinds of all undo entries that put something of a member back."""
