"""Members, the identities by which platforms know them, and roles."""

from enum import IntEnum

from core.chat.request import Platform
from core.shared.value_objects import value_object

EMAIL_LIMIT = 254
"""Characters of an e-mail address (RFC 5321, 4.5.3.1.3, without its angle brackets)."""

QUIET_LIMIT = 64
"""Characters of quiet hours as they are written."""

TOGETHER_LIMIT = 25
"""People that one record has, or one argument names."""


class Role(IntEnum):
    """What a member may do; each role may do what the ones below it may."""

    GUEST = 0
    MEMBER = 1
    CLERK = 2
    MANAGER = 3
    ADMIN = 4
    OWNER = 5

    @property
    def label(self) -> str:
        """Return the word people type and read."""
        return self.name.lower()


@value_object
class Identity:
    """A person as one platform's space knows them; `space_id` is our own id of the space."""

    platform: Platform
    space_id: int
    external_id: str
    member_id: int


@value_object
class Member:
    """A person in a workspace; an empty zone or locale means the workspace's.

    `quiet` are their quiet hours as they are written, empty for the workspace's. Who was asked for their zone
    (`zone_asked`) is not asked again, whatever they said.
    `is_provisional`: the platform has not told who they are yet; name, zone, locale and role are what could be guessed.
    """

    id: int
    name: str
    role: Role
    zone: str
    locale: str
    active: bool
    identities: tuple[Identity, ...] = ()
    is_provisional: bool = False
    email: str = ""
    quiet: str = ""
    zone_asked: bool = False


@value_object
class Reader:
    """Who something that nobody asked for is worded for: the member (None is a whole channel), and the zone to use."""

    member: Member | None
    zone: str
