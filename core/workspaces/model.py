"""Workspaces, the spaces and channels that belong to them, and who may see what."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from core.chat.request import ChannelKind, Platform
from core.shared.value_objects import value_object
from core.shared.zones import known_zone

DEFAULT_WORKSPACE = "default"


@value_object
class Workspace:
    """Whose data it is; zone (IANA), currency (ISO 4217), locale and quiet hours are the defaults of its people."""

    id: int
    name: str
    zone: str
    currency: str
    locale: str
    quiet: str = ""


@value_object
class Space:
    """A Slack team, a Discord guild, the console: of exactly one workspace. `external_id` is the platform's."""

    id: int
    workspace_id: int
    platform: Platform
    external_id: str
    name: str


class InstallationStatus(StrEnum):
    """Whether a space's credentials may be used."""

    ACTIVE = "active"
    DISABLED = "disabled"


@value_object
class Installation:
    """The credentials of a space; `token` is in the clear only in memory. `reason` says why it is disabled."""

    space_id: int
    workspace_id: int
    platform: Platform
    external_id: str
    token: str
    bot_user_id: str
    app_id: str
    scopes: tuple[str, ...]
    status: InstallationStatus
    reason: str
    installed_at: datetime


@value_object
class Channel:
    """A channel of a space, under our own id and the platform's; an empty zone means the workspace's."""

    id: int
    space_id: int
    platform: Platform
    external_id: str
    name: str
    kind: ChannelKind
    zone: str = ""


@value_object
class Zones:
    """In which zone dates are read and told: that of a workspace, and of its channels that have one, by their ids."""

    workspace: str
    channels: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def among(cls, workspace: Workspace, channels: Iterable[Channel] = ()) -> "Zones":
        """Return the zones of a workspace and channels of it."""
        return cls(workspace.zone, {channel.id: channel.zone for channel in channels if channel.zone})

    def of(self, *own: str, channel_id: int | None = None, home: str = "") -> str:
        """Return a person's or a thing's own zone, the first that there is; else the channel's, else the workspace's.

        What is told nowhere in particular has no channel, and `home` stands for the workspace's. A name that is no
        zone, or is none any more, counts as none.
        """
        told = (*own, "" if channel_id is None else self.channels.get(channel_id, ""))
        return next(filter(None, map(known_zone, told)), home or self.workspace)


@value_object
class Audience:
    """What a member may see: public channels, these private ones, own and assigned things; or all, audited.

    `channels` are our ids of private and direct channels that the platform says the member is in.
    """

    member_id: int
    channels: frozenset[int]
    everything: bool = False
