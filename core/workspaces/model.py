"""Workspaces, the spaces and channels that belong to them, and who may see what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.chat.request import ChannelKind, Platform

DEFAULT_WORKSPACE = "default"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Whose data it is; zone (IANA), currency (ISO 4217), locale and quiet hours are the defaults of its people."""

    id: int
    name: str
    zone: str
    currency: str
    locale: str
    quiet: str = ""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of a space, under our own id and the platform's."""

    id: int
    space_id: int
    platform: Platform
    external_id: str
    name: str
    kind: ChannelKind


@dataclass(frozen=True, slots=True)
class Audience:
    """What a member may see: public channels, these private ones, own and assigned things; or all, audited.

    `channels` are our ids of private and direct channels that the platform says the member is in.
    """

    member_id: int
    channels: frozenset[int]
    everything: bool = False
