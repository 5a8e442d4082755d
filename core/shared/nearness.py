"""What a mistyped word may have meant. What compares words is loaded when there is the first one to compare."""

from collections.abc import Iterable


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
