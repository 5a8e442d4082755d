"""What a mistyped word may have meant, and what is most like a text.

What compares words is loaded when there is the first one to compare.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from core.shared.errors import InvalidArgumentError

T = TypeVar("T")
_NEAR = 60
_LONG = 6
"""Letters of a word in which two may be mistyped, and not only one."""


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


def misspelt(word: str, known: Sequence[str], *, most: int) -> Sequence[str]:
    """Return the words that this one may have been meant to be: with a letter more, less, another or out of place.

    In a long word that may be so with two letters. The likeliest come first.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    typos = 1 if len(word) < _LONG else 2
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=typos, limit=None)
    # The first letter is mistyped seldom.
    likeliest = sorted(found, key=lambda one: (one[1], one[0][:1] != word[:1], one[0]))
    return [near for near, _, _ in likeliest[:most]]


def likest(text: str, known: Mapping[int, str]) -> Sequence[int]:
    """Return the keys of texts, those first that are most like this one, and of equals the shortest and the first."""
    from rapidfuzz import fuzz, process

    alike = process.extract(text, known, scorer=fuzz.WRatio, limit=None)
    placed = sorted(alike, key=lambda one: (-one[1], len(one[0]), one[0], one[2]))
    return [key for _, _, key in placed]


def known_by(word: str, known: Mapping[str, T], argument: str, reason: str) -> T:
    """Return what is known by a word; raises `InvalidArgumentError` with all `choices`, and the one that is `near`."""
    called = word.strip().lower()
    if called not in known:
        near = near_misses(called, known, least=_NEAR)
        raise InvalidArgumentError(argument, reason, value=word, choices=tuple(known), near=near[0] if near else "")
    return known[called]
