"""How SQL Server compares texts: padded with spaces, in UTF-16, by the collation; and what LIKE takes for a match."""

import re
from functools import lru_cache

BINARY = "Latin1_General_100_BIN2"


def units(text: str | None) -> int:
    """Return how many UTF-16 units a text has."""
    return len((text or "").encode("utf-16-le", "surrogatepass")) // 2


def order_binary(left: str, right: str) -> int:
    """Compare by units; the shorter text counts as if spaces followed it."""
    first, second = _units_of(left, len(right)), _units_of(right, len(left))
    return (first > second) - (first < second)


def order_loose(left: str, right: str) -> int:
    """Compare as most servers do where nothing else is said: without case."""
    return order_binary(left.casefold(), right.casefold())


def _units_of(text: str, length: int) -> bytes:
    return text.rstrip(" ").ljust(max(length, len(text)) * 2, " ").encode("utf-16-be", "surrogatepass")


def like(pattern: str | None, text: str | None, escape: str = "") -> bool | None:
    """Tell whether a text is like a pattern, in which [ begins a set of characters."""
    if pattern is None or text is None:
        return None
    return _compiled(pattern, escape).fullmatch(str(text)) is not None


@lru_cache(maxsize=1000)
def _compiled(pattern: str, escape: str) -> re.Pattern[str]:
    parts, place = [], 0
    while place < len(pattern):
        sign = pattern[place]
        end = pattern.find("]", place + 1)
        if escape and sign == escape:
            place += 1
            parts.append(re.escape(pattern[place : place + 1]))
        elif sign == "[" and end > 0:
            inner = pattern[place + 1 : end]
            inverse = "^" if inner.startswith("^") else ""
            parts.append(f"[{inverse}{re.escape(inner.removeprefix('^')).replace(chr(92) + '-', '-')}]")
            place = end
        elif sign == "[":
            parts.append("(?!)")
        else:
            parts.append({"%": ".*", "_": "."}.get(sign, re.escape(sign)))
        place += 1
    return re.compile("".join(parts), re.DOTALL)
