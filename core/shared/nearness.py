"""What a mistyped word may have meant. What compares words is loaded when there is the first one to compare."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from core.shared.errors import InvalidArgumentError

T = TypeVar("T")
_NEAR = 60


def near_misses(
    word: str, known: Iterable[str], *, least: float, most: int = 1, partly: bool = False
) -> tuple[str, ...]:
    """Return the words most like this one, the likeliest first; `least` is how alike they are, from 0 to 100.

    `partly`: a word that is much like a part of another counts too.
    """
    from rapidfuzz import fuzz, process

    scorer = fuzz.WRatio if partly else fuzz.ratio
    found = process.extract(word, list(known), scorer=scorer, limit=most, score_cutoff=least)
    return tuple(near for near, _, _ in found)


def known_by(word: str, known: Mapping[str, T], argument: str, reason: str) -> T:
    """Return what is known by a word; raises `InvalidArgumentError` with all `choices`, and the one that is `near`."""
    called = word.strip().lower()
    if called not in known:
        near = near_misses(called, known, least=_NEAR)
        raise InvalidArgumentError(argument, reason, value=word, choices=tuple(known), near=near[0] if near else "")
    return known[called]
