"""Files as the workspace knows them; their bytes are in the file store."""

from datetime import datetime

from core.shared.value_objects import value_object


@value_object
class StoredFile:
    """A stored file: opaque id, name as given (never used as a path), media type, size in bytes, SHA-256 in hex.

    Who may read it: its author, and whoever sees the channel it was made in unless `only` names one member.
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    author_id: int
    channel_id: int
    only: int | None
    created_at: datetime
