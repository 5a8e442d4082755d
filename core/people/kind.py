"""Members as a kind of record: what undo and history are made of."""

from core.people.model import Member
from core.undo.kinds import RecordKind

MEMBER_KIND = RecordKind(
    "member",
    Member,
    number="id",
    unwritten={"name", "locale", "active", "identities", "is_provisional"},
    apart=True,
)
"""Role, zone and e-mail address are changed here; the rest is what platforms tell of people."""
