"""The forms in which text is stored, sorted and found, alike in every database."""

from datetime import UTC, datetime

from core.shared.readable import SORT_LENGTH, sort_key

__all__ = ["FAR_FUTURE", "HELD", "HELD_BACK", "SORT_LENGTH", "sort_key", "storable"]

FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where things without a due sort: behind all others."""


HELD_BACK = datetime(9998, 1, 1, tzinfo=UTC)
"""When a reminder comes that is held back after a restore: never, and people are not told of it."""

HELD = "held"
"""The state of a post that is held back so, and what stands in place of what the message of a held board shows."""


def storable(text: str, length: int | None = None) -> str:
    """Return text as far as it can be stored: of that length at most, with a question mark for what can't be.

    Some senders cut a character in two, and no database takes what is left of it; Postgres has no null character.
    """
    cut = text[:length]
    if "\0" in cut:
        cut = cut.replace("\0", "?")
    return cut if cut.isascii() else cut.encode(errors="replace").decode()
