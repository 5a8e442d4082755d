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

    async def get(self, member_id: int) -> Member | None:
        """Return a member, inactive ones too."""
        ...

    async def named(self, name: str) -> Sequence[Member]:
        """Return the members of that name, case and width aside, by id."""
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
        """Give one member's identities, assignments, boards and schedules to another and deactivate the first."""
        ...

    async def set_email(self, member_id: int, email: str) -> bool:
        """Change the e-mail address, empty for none; tell whether there is such a member."""
        ...

    async def forget(self, member_id: int, at: datetime, *, since: datetime | None = None) -> bool:
        """Remove a member with all that is known of them: identities, assignments, open codes; tell whether they were.

        What they made stays, and is nobody's. So does what happened, without them and what they were. Of what was
        answered, that which is older than `since` has been rid of their name already.
        """
        ...

    async def set_role(self, member_id: int, role: Role) -> None:
        """Change a role."""
        ...

    async def set_quiet(self, member_id: int, quiet: str) -> None:
        """Change the quiet hours, empty for the workspace's."""
        ...

    async def ask_zone(self, member_id: int, at: datetime) -> bool:
        """Note that somebody without a zone is asked for it; tell whether nobody asked them before."""
        ...

    async def set_profile(
        self, member_id: int, *, name: str, zone: str, locale: str, is_provisional: bool = False
    ) -> None:
        """Change the name, zone and locale; the member is provisional no more, unless that is said."""
        ...
