"""Texts of people without what can't be seen, such as marks that hide others, and the form in which two are alike."""

import re
import unicodedata

from core.shared.errors import InvalidArgumentError

SORT_LENGTH = 200
"""Characters of a sort key; names that differ only beyond them sort as equals."""

_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\v\f\x85]")
# Marks that turn the direction of what follows (a text could pose as another) and those that only hide.
_HIDDEN = frozenset("\u200b\u200e\u200f\u2060\ufeff\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = ("Cc", "Cs")


def readable(text: str, kept: str = "") -> str:
    """Return the text composed (NFC), without control characters and hidden marks except those in `kept`."""
    return unicodedata.normalize(
        "NFC",
        "".join(
            letter
            for letter in text
            if letter in kept or not (letter in _HIDDEN or unicodedata.category(letter) in _UNPRINTABLE)
        ),
    )


def several_lines(text: str) -> str:
    """Return a text of any number of readable lines with plain ends, none of them empty around it."""
    return readable(_LINE_ENDS.sub("\n", text), kept="\n\t").strip()


def one_line(text: str) -> str:
    """Return a text as one readable line without doubled spaces; it may be empty."""
    return _SPACES.sub(" ", readable(_SPACES.sub(" ", text))).strip()


def within(field: str, text: str, limit: int) -> str:
    """Return a text that is no longer than it may be; raises `InvalidArgumentError` (`text_too_long`)."""
    if len(text) > limit:
        raise InvalidArgumentError(field, "text_too_long", length=len(text), limit=limit)
    return text


def sort_key(text: str, length: int = SORT_LENGTH) -> str:
    """Return the form by which text is sorted and found, alike in every database: NFKC, case-folded, single spaces."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split())[:length]
