"""The form in which texts are the same to people, whatever their case and width."""

import unicodedata

SORT_LENGTH = 200
"""Characters of a sort key; names that differ only beyond them sort as equals."""


def sort_key(text: str, length: int = SORT_LENGTH) -> str:
    """Return the form by which text is sorted and found, alike in every database: NFKC, case-folded, single spaces."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split())[:length]
