"""The forms in which text is stored, sorted and found, alike in every database."""

import unicodedata
from datetime import UTC, datetime

SORT_LENGTH = 200
"""Characters of a sort key; names that differ only beyond them sort as equals."""

FAR_FUTURE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where things without a due sort: behind all others."""


HELD_BACK = datetime(9998, 1, 1, tzinfo=UTC)
"""When a reminder comes that is held back after a restore: never, and people are not told of it."""

HELD = "held"
"""The state of a post that is held back so, and what stands in place of what the message of a held board shows."""


def sort_key(text: str, length: int = SORT_LENGTH) -> str:
    """Return the form by which text is sorted and found, alike in every database: NFKC, case-folded, single spaces."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split())[:length]


def storable(text: str, length: int | None = None) -> str:
    """Return text as far as it can be stored: of that length at most, with a question mark for what can't be.

    Some senders cut a character in two, and no database takes what is left of it; Postgres has no null character.
    """
    cut = text[:length]
    if "\0" in cut:
        cut = cut.replace("\0", "?")
    return cut if cut.isascii() else cut.encode(errors="replace").decode()
