"""How wide texts are on paper, and how they are broken into lines."""

import unicodedata
from functools import lru_cache

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font, LoadFlags

from adapters.processes.jobs.chart_fonts import OWN

_SIZE = 100
_WHOLE = 65536
_MORE = "…"


def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """Return how wide a text is, in points; of letters that another font has it is rather too much."""
    return sum(_advance(letter, is_bold) for letter in text) * size


def broken(text: str, width: float, size: float, most: int, *, is_bold: bool = False) -> list[str]:
    """Return a text in lines that fit; of one that needs more lines than that the rest is cut off."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer, size, is_bold=is_bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = _pieces(word, width, size, is_bold)
            lines += whole
        lines.append(line)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut(lines[most - 1], width, size, is_bold)]


def _pieces(word: str, width: float, size: float, is_bold: bool) -> list[str]:
    """Return a word in pieces that fit."""
    pieces, taken = [""], 0.0
    for letter in word:
        advance = _advance(letter, is_bold) * size
        if pieces[-1] and taken + advance > width:
            pieces.append("")
            taken = 0.0
        pieces[-1] += letter
        taken += advance
    return pieces


def _cut(line: str, width: float, size: float, is_bold: bool) -> str:
    while line and width_of(line + _MORE, size, is_bold=is_bold) > width:
        line = line[:-1]
    return line.rstrip() + _MORE


@lru_cache(4096)
def _advance(letter: str, is_bold: bool) -> float:
    """Return how far a letter takes what follows it, as a part of the size of the font."""
    if unicodedata.combining(letter):
        return 0.0
    font = _font(is_bold)
    if not font.get_char_index(ord(letter)):
        return 1.0
    advance: int = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance
    return advance / _WHOLE / _SIZE


@lru_cache(2)
def _font(is_bold: bool) -> FT2Font:
    properties = font_manager.FontProperties(family=[OWN], weight="bold" if is_bold else "normal")
    font = FT2Font(font_manager.findfont(properties))
    font.set_size(_SIZE, 72)
    return font
