"""What workspaces, channels and codes need of storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.chat.request import ChannelKind
from core.workspaces.model import Channel, Workspace, Zones


class ChannelRepository(Protocol):
    """The channels of one workspace."""

    async def all(self) -> Sequence[Channel]:
        """Return every known channel."""
        ...

    async def get(self, channel_id: int) -> Channel | None:
        """Return a channel."""
        ...

    async def ensure(self, space_id: int, external_id: str, name: str, kind: ChannelKind, at: datetime) -> Channel:
        """Return the channel, made known or brought up to date (name, kind) if needed."""
        ...

    async def set_zone(self, channel_id: int, zone: str) -> None:
        """Change the zone, empty for the workspace's."""
        ...


class SettingsRepository(Protocol):
    """The workspace's own row."""

    async def get(self) -> Workspace:
        """Return the workspace."""
        ...

    async def zones(self) -> Zones:
        """Return the zones of the workspace and of its channels."""
        ...

    async def set_defaults(self, *, zone: str, currency: str, locale: str, quiet: str = "") -> None:
        """Change zone, currency, locale and quiet hours."""
        ...

    async def has_prices(self) -> bool:
        """Tell whether anything has a price, which is in the currency of the workspace."""
        ...


class CodeRepository(Protocol):
    """One-time codes (`purpose`: `connect` or `link`), known by their keyed digest only."""

    async def add(self, digest: str, purpose: str, member_id: int, expires_at: datetime) -> None:
        """Keep a code until it is used or expires."""
        ...
