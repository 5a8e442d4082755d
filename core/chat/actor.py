"""Who asks, after identity is settled."""

from core.chat.request import ChannelKind, Platform
from core.people.model import Role
from core.shared.errors import RefusedError
from core.shared.value_objects import value_object


@value_object
class Actor:
    """A member in a channel: the workspace everything is bound to, the role that decides, the zone of its times.

    The ids are our own, not the platform's. `others` is the role that the command at hand asks of whoever does it to
    what is somebody else's.
    """

    workspace_id: int
    member_id: int
    name: str
    role: Role
    zone: str
    locale: str
    platform: Platform
    space_id: int
    channel_id: int
    channel_name: str
    channel_kind: ChannelKind
    others: Role = Role.GUEST

    def require_own(self, owner_id: int, noun: str, number: int) -> None:
        """Raise `RefusedError` (`of_another`) where that is somebody else's and the actor's role does not reach it."""
        if owner_id != self.member_id and self.role < self.others:
            raise RefusedError("of_another", noun=noun, number=number, role=self.others.label)
