"""What the people service needs of storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.people.model import Identity, Member, Role


class MemberRepository(Protocol):
    """The members of one workspace with their identities."""

    async def all(self) -> Sequence[Member]:
        """Return every member, inactive ones too, by id."""
        ...

    async def add(
        self, name: str, role: Role, *, zone: str = "", locale: str = "", is_provisional: bool = False, at: datetime
    ) -> int:
        """Add a member and return the id."""
        ...

    async def add_identity(self, identity: Identity) -> None:
        """Make a platform's person known as that member; the same again changes nothing."""
        ...

    async def move_identities(self, from_member: int, to_member: int) -> None:
        """Give one member's identities, assignments and boards to another and deactivate the first."""
        ...

    async def set_role(self, member_id: int, role: Role) -> None:
        """Change a role."""
        ...

    async def set_profile(
        self, member_id: int, *, name: str, zone: str, locale: str, is_provisional: bool = False
    ) -> None:
        """Change the name, zone and locale; the member is provisional no more, unless that is said."""
        ...
