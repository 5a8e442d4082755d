"""Text in columns of a terminal, where some letters take two cells and some take none."""

import unicodedata
from collections.abc import Iterable, Sequence

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
NARROWEST = 8


def width(text: str) -> int:
    """Return how many cells a line takes."""
    cells = 0
    joined = False
    previous = 0
    for letter in text:
        if letter == _EMOJI_STYLE:
            cells += 1 if previous == 1 else 0
            previous = 2
            continue
        previous = 0 if joined else _cells(letter)
        cells += previous
        joined = letter == _JOINER
    return cells


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """Return the text filled up with spaces, after it or (`right`) before it."""
    fill = " " * max(0, cells - width(text))
    return fill + text if right else text + fill


def wrap(text: str, cells: int) -> list[str]:
    """Return the text in lines of at most so many cells, broken between words where possible; nothing is lost."""
    lines = [""]
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if width(candidate) <= cells:
            lines[-1] = candidate
            continue
        pieces = _pieces(word, cells)
        if lines[-1]:
            lines.append(pieces[0])
        else:
            lines[-1] = pieces[0]
        lines.extend(pieces[1:])
    return lines


def _pieces(word: str, cells: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if width(pieces[-1] + letter) > cells and pieces[-1]:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def column_widths(
    rows: Sequence[Sequence[str]], shrinkable: Sequence[bool], limit: int | None, gap: int
) -> list[int] | None:
    """Return the width of each column so that all fit into `limit`; None when they can't.

    Only shrinkable columns give way, the widest first, and none below `NARROWEST`.
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    if limit is None:
        return widths
    while sum(widths) + gap * (len(widths) - 1) > limit:
        wide = [index for index, able in enumerate(shrinkable) if able and widths[index] > NARROWEST]
        if not wide:
            return None
        widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def table_lines(
    rows: Iterable[Sequence[str]], widths: Sequence[int], right: Sequence[bool], gap: int
) -> Iterable[list[str]]:
    """Yield each row as its lines, the columns aligned, long cells on several lines."""
    for row in rows:
        cells = [wrap(text, width) if width else [text] for text, width in zip(row, widths, strict=True)]
        height = max(map(len, cells))
        yield [
            (" " * gap)
            .join(
                pad(lines[number] if number < len(lines) else "", width, right=side)
                for lines, width, side in zip(cells, widths, right, strict=True)
            )
            .rstrip()
            for number in range(height)
        ]
