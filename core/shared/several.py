"""Several things in one text, each with how many: `Dune 2, emma, 978-0-441-17271-9 3`."""

import re

_PART = re.compile(r'(?:"[^"]*"|[^,;\n"])+')
_DIGITS, _MOST_DIGITS = "0123456789", 7


def parts_of(text: str) -> list[str]:
    """Return what commas or line breaks part in a text, but for those in quotes, which are left out."""
    return [part for found in _PART.findall(text) if (part := found.replace('"', " ").strip())]


def with_count(part: str) -> tuple[str, int] | None:
    """Return the name before a number at the end, as in `Dune 2` or `Dune x2`, and that number, if there is one."""
    name = part.rstrip(_DIGITS)
    count, bare = part[len(name) :], name.rstrip()
    bare = bare.removesuffix(" x").rstrip("×*").rstrip()
    return (bare, int(count)) if bare and bare != name and 0 < len(count) <= _MOST_DIGITS else None
