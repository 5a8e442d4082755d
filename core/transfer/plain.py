"""Texts that say what they mean as they stand, told of many at once: cleaning them one by one would take long."""

import unicodedata
from collections.abc import Callable, Sequence

_PLAIN = bytes(code for code in range(256) if chr(code).isprintable())
_UNSURE = ("  ", "| ", " |", "|'")
"""Doubled blanks, and what begins or ends a cell that may mean something else."""


def plain_up_to(limit: int, *, may_be_empty: bool) -> Callable[[Sequence[str]], bool]:
    """Return what tells of cells, quickly and rather too often no, that each is clean and has that length at most.

    Such a cell is printable and composed (NFC), has no blanks around it and none doubled, and no guard.
    """
    unsure = _UNSURE if may_be_empty else (*_UNSURE, "||")

    def are_plain(cells: Sequence[str]) -> bool:
        if max(map(len, cells)) > limit:
            return False
        joined = f"|{'|'.join(cells)}|"
        return _is_clean(joined) and not any(mark in joined for mark in unsure)

    return are_plain


def _is_clean(text: str) -> bool:
    try:
        # Latin letters are composed, and the others of them told apart faster by bytes.
        return not text.encode("latin-1").translate(None, _PLAIN)
    except UnicodeEncodeError:
        return text.isprintable() and unicodedata.is_normalized("NFC", text)
