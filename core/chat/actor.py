"""Who asks, after identity is settled."""

from dataclasses import dataclass

from core.chat.request import ChannelKind, Platform
from core.people.model import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A member in a channel: the workspace everything is bound to, the role that decides, the zone of its times.

    The ids are our own, not the platform's.
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
