"""What workspaces, channels and codes need of storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.chat.request import ChannelKind
from core.workspaces.model import Channel, Workspace


class ChannelRepository(Protocol):
    """The channels of one workspace."""

    async def all(self) -> Sequence[Channel]:
        """Return every known channel."""
        ...

    async def ensure(self, space_id: int, external_id: str, name: str, kind: ChannelKind, at: datetime) -> Channel:
        """Return the channel, made known or brought up to date (name, kind) if needed."""
        ...


class SettingsRepository(Protocol):
    """The workspace's own row."""

    async def get(self) -> Workspace:
        """Return the workspace."""
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
