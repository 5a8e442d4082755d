"""The job that puts an answer on paper: pages of A4 whose texts can be searched and copied."""

import base64
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from adapters.processes.jobs import chart_fonts
from adapters.processes.jobs.paper_text import broken, width_of

_WIDE, _HIGH = 595.0, 842.0
"""Points of a page of A4."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, _WIDE - 56.0, _HIGH - 56.0, 64.0
_SIZE, _LARGE, _SMALL = 9.0, 18.0, 7.5
_LEADING, _GAP, _BETWEEN = 13.0, 10.0, 8.0
_LABEL = 110.0
"""Points that the labels of facts take."""
_LONGEST = 40
"""Lines of the words, and of one fact."""
_CELL_LINES = 4
_WIDEST = 0.22
"""What part of the page a column of words takes at most, but the first."""
_INK, _SOFT, _RULE = "#1c2326", "#5c676d", "#c9d0d4"

_Edge = tuple[float, float]
"""From where to where a column goes."""

_STYLE: dict[Any, Any] = {
    # Fonts as they are, so that texts stay texts; a dollar in a name is a dollar.
    "pdf.fonttype": 42,
    "text.parse_math": False,
}


def print_sheet(given: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as a PDF in base64, and whether some letters are boxes in it."""
    families, missing = chart_fonts.found(_texts(given))
    content = io.BytesIO()
    about = {"Title": given["title"], "Creator": "Quartermaster", "Producer": None, "CreationDate": None}
    with mpl.rc_context({**_STYLE, "font.family": families}), warnings.catch_warnings():
        # A letter that no font has is a box, which is told.
        warnings.filterwarnings("ignore", message="Glyph ")
        pages = _laid_out(given)
        with PdfPages(content, metadata=about) as paper:
            for place, page in enumerate(pages, 1):
                page.write(f"{given['title']} · {place}/{len(pages)}", _RIGHT, 36, size=_SMALL, color=_SOFT, ha="right")
                paper.savefig(page.figure)
    return {"paper": base64.b64encode(content.getvalue()).decode(), "has_boxes": bool(missing)}


def _texts(given: dict[str, Any]) -> Iterator[str]:
    yield from (given["title"], *given["words"])
    for label, words, *_ in (*given["facts"], *given["sums"]):
        yield from (label, words)
    for table in given["tables"]:
        yield from (table["title"], *table["heads"], *(cell for row in table["rows"] for cell in row))


class _Page:
    """A page on which texts are put at points from its lower left."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(_WIDE / 72, _HIGH / 72))

    def write(self, text: str, x: float, y: float, *, size: float = _SIZE, **style: Any) -> None:
        self.figure.text(x / _WIDE, y / _HIGH, text, fontsize=size, **{"color": _INK, **style})

    def rule(self, y: float) -> None:
        self.figure.add_artist(Line2D((_LEFT / _WIDE, _RIGHT / _WIDE), (y / _HIGH,) * 2, color=_RULE, linewidth=0.6))


@dataclass(slots=True)
class _Flow:
    """Pages that are filled from above; what does not fit any more goes on the next one."""

    pages: list[_Page] = field(default_factory=lambda: [_Page()])
    y: float = _TOP

    @property
    def page(self) -> _Page:
        return self.pages[-1]

    def room(self, height: float) -> bool:
        """Make room, and tell whether that took another page."""
        if self.y - height >= _BOTTOM:
            return False
        self.pages.append(_Page())
        self.y = _TOP
        return True

    def lines(self, lines: Sequence[str], x: float, **style: Any) -> None:
        """Write lines one below the other."""
        for line in lines:
            self.room(_LEADING)
            self.y -= _LEADING
            self.page.write(line, x, self.y, **style)


def _laid_out(given: dict[str, Any]) -> list[_Page]:
    flow = _Flow()
    for line in broken(given["title"], _RIGHT - _LEFT, _LARGE, 3, is_bold=True):
        flow.y -= _LARGE * 1.3
        flow.page.write(line, _LEFT, flow.y, size=_LARGE, weight="bold")
    flow.y -= _GAP
    said = broken("\n".join(given["words"]), _RIGHT - _LEFT, _SIZE, _LONGEST)
    flow.lines(said, _LEFT)
    flow.y -= _GAP
    for label, words in given["facts"]:
        _fact(flow, label, words)
    first, *others = given["tables"] or [None]
    if first:
        _table(flow, first)
    for label, words, is_bold in given["sums"]:
        _sum(flow, label, words, "bold" if is_bold else "normal")
    for table in others:
        flow.y -= _GAP
        flow.room(_LEADING * 4)
        flow.lines([table["title"]], _LEFT, weight="bold")
        _table(flow, table)
    return flow.pages


def _fact(flow: _Flow, label: str, words: str) -> None:
    """Write what is to be known: its label, and beside it the words."""
    flow.room(_LEADING)
    flow.page.write(label, _LEFT, flow.y - _LEADING, color=_SOFT)
    flow.lines(broken(words, _RIGHT - _LEFT - _LABEL, _SIZE, _LONGEST), _LEFT + _LABEL)


def _sum(flow: _Flow, label: str, words: str, weight: str) -> None:
    flow.room(_LEADING)
    flow.y -= _LEADING
    flow.page.write(label, _RIGHT - _LABEL, flow.y, ha="right", weight=weight)
    flow.page.write(words, _RIGHT, flow.y, ha="right", weight=weight)


def _table(flow: _Flow, table: dict[str, Any]) -> None:
    """Write a table, its headings anew on each page."""
    edges = _edges(table)
    heads = _broken(table["heads"], edges, is_bold=True)
    flow.y -= _GAP
    flow.room(_LEADING * 3)
    _headings(flow, heads, table, edges)
    for row in table["rows"]:
        cells = _broken(row, edges)
        if flow.room(_LEADING * max(map(len, cells))):
            _headings(flow, heads, table, edges)
        _row(flow, cells, table, edges)
    flow.page.rule(flow.y - 4)
    flow.y -= 6


def _broken(cells: Sequence[str], edges: Sequence[_Edge], *, is_bold: bool = False) -> list[list[str]]:
    """Return the lines of each cell of a row."""
    columns = zip(cells, edges, strict=True)
    return [broken(cell, right - left, _SIZE, _CELL_LINES, is_bold=is_bold) for cell, (left, right) in columns]


def _headings(flow: _Flow, heads: Sequence[Sequence[str]], table: dict[str, Any], edges: Sequence[_Edge]) -> None:
    _row(flow, heads, table, edges, weight="bold")
    flow.page.rule(flow.y - 4)
    flow.y -= 4


def _row(
    flow: _Flow, cells: Sequence[Sequence[str]], table: dict[str, Any], edges: Sequence[_Edge], weight: str = "normal"
) -> None:
    for lines, is_figure, (left, right) in zip(cells, table["is_figures"], edges, strict=True):
        x, side = (right, "right") if is_figure else (left, "left")
        for place, line in enumerate(lines, 1):
            flow.page.write(line, x, flow.y - place * _LEADING, ha=side, weight=weight)
    flow.y -= _LEADING * max(map(len, cells))


def _edges(table: dict[str, Any]) -> list[_Edge]:
    """Return from where to where each column goes: what the others leave is the first one's."""
    whole = _RIGHT - _LEFT
    widths = []
    for place, (head, is_figure) in enumerate(zip(table["heads"], table["is_figures"], strict=True)):
        wide = max(width_of(cell, _SIZE) for cell in ("", *(row[place] for row in table["rows"])))
        wide = max(wide, max(width_of(word, _SIZE, is_bold=True) for word in head.split(" ")))
        widths.append(wide if is_figure else min(wide, whole * _WIDEST))
    others = sum(widths[1:]) + _BETWEEN * (len(widths) - 1)
    # Figures beyond all measure are broken rather than put over each other.
    least = whole * _WIDEST
    if others > whole - least:
        scale = (whole - least - _BETWEEN * (len(widths) - 1)) / sum(widths[1:])
        widths = [widths[0], *(width * scale for width in widths[1:])]
        others = whole - least
    found, left = [], _LEFT
    for width in (whole - others, *widths[1:]):
        found.append((left, left + width))
        left += width + _BETWEEN
    return found
