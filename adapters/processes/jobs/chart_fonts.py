"""The fonts that a chart's texts take: one that lacks a letter would draw a box in its place."""

from collections.abc import Iterable
from functools import lru_cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

OWN = "DejaVu Sans"
"""Comes with the library, so that it is everywhere. It has Latin, Greek, Cyrillic, Arabic, Hebrew and signs."""

_BOXES = ("Last Resort", "STIX", "DejaVu", "cm")
"""Beginnings of the other fonts of the library: for formulas, and one that has a box for every letter."""

_MOST = 40
"""Fonts of the system that are looked into for what the first lacks."""


def families(texts: Iterable[str]) -> list[str] | None:
    """Return the families that have all letters of these texts, the first for most; None if there are none."""
    having, missing = found(texts)
    return None if missing else having


def found(texts: Iterable[str]) -> tuple[list[str], frozenset[int]]:
    """Return the families that have the letters of these texts, the first for most, and letters that none has."""
    missing = {ord(letter) for text in texts for letter in text if not letter.isspace()}
    missing -= _letters(_path(OWN, "normal")) & _letters(_path(OWN, "bold"))
    having = [OWN]
    for family in () if not missing else _others():
        had = missing & _letters(_path(family, "normal"))
        if had:
            having.append(family)
            missing -= had
        if not missing:
            break
    return having, frozenset(missing)


def _others() -> list[str]:
    """Return the upright families of the system, those without serifs first."""
    names = {
        font.name
        for font in font_manager.fontManager.ttflist
        if font.style == "normal" and not font.name.startswith(_BOXES)
    }
    return sorted(names, key=lambda name: ("Sans" not in name, "CJK" not in name, name))[:_MOST]


def _path(family: str, weight: str) -> str:
    return font_manager.findfont(font_manager.FontProperties(family=[family], weight=weight), fallback_to_default=False)


@lru_cache(_MOST + 2)
def _letters(path: str) -> frozenset[int]:
    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
