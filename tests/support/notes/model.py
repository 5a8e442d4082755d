"""The words of notes."""

from dataclasses import dataclass
from datetime import datetime

from core.shared.ids import ChannelId, MemberId

TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Note:
    """Something to remember in a channel; `version` grows with every change."""

    number: int
    title: str
    pinned: bool
    channel_id: ChannelId
    author_id: MemberId
    created_at: datetime
    version: int = 1
    removed_at: datetime | None = None
    remind_at: datetime | None = None
