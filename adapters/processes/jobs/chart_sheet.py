"""What is drawn of a chart, and what all kinds of it share: sizes, colours, and the axis of values."""

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Self

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from adapters.charts.words import axis_words, value_words
from core.shared.value_objects import value_object

INK, SOFT, NOWHERE = "#1c2529", "#4c5a61", "#eceff0"
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#2b1a5e", "#7a0c3a")
"""The colours of Okabe and Ito, which people tell apart who see fewer, but for two dark ones; yellow is too pale."""

WIDTH, HEIGHT, TALLEST = 6.6, 3.9, 11.0
"""Inches."""

LONG = 14
"""Characters of a label that has no room below a column: from there on its bar lies, beside the label."""

LABEL = 34
SEGMENTS = 7
_SHORTENED = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_LETTER = 0.09
"""Inches that a letter of a label takes, about."""

_NUMBER = 0.8
"""How wide the letters of a number are, of those of a label."""

_SMALL = 100
"""Below this a number is not told as a whole one."""

_BELOW_AXIS = 0.45
_BESIDE_COLUMNS, _TILTED = 0.9, 0.7
"""Inches that the axis of values takes; how much of a tilted label's length goes down."""

_LONG_NUMBER = 1e8


@value_object
class Row:
    """A series with a number for each label, which may be none."""

    name: str
    values: tuple[float, ...]


@value_object
class Sheet:
    """A chart as it is to be drawn."""

    title: str
    kind: str
    labels: tuple[str, ...]
    series: tuple[Row, ...]
    unit: str
    label_axis: str
    value_axis: str
    caption: str
    by_row: bool

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Read what was sent."""
        labels = tuple(map(_line, given["labels"]))
        rows = (Row(_line(one["name"]), _filled(one["values"], len(labels))) for one in given["series"])
        said = {name: _line(given[name]) for name in ("title", "kind", "unit", "label_axis", "value_axis", "caption")}
        return cls(labels=labels, series=tuple(rows), by_row=given["by_row"], **said)

    def texts(self) -> Iterator[str]:
        """Yield all that is written on it."""
        yield from (self.title, self.unit, self.label_axis, self.value_axis, self.caption, *self.labels)
        yield from (one.name for one in self.series)

    @property
    def values(self) -> list[float]:
        """Return the values that are there."""
        return [value for one in self.series for value in one.values if not math.isnan(value)]

    @property
    def is_round(self) -> bool:
        """Tell whether its values make a circle that can be read."""
        values = self.series[0].values
        return len(values) <= SEGMENTS and all(value >= 0 for value in values) and sum(values) > 0

    @property
    def lies(self) -> bool:
        """Tell whether its bars lie, for their labels are long."""
        return self.kind != "line" and max(map(len, self.labels)) > LONG

    @property
    def tilts(self) -> bool:
        """Tell whether the labels of its columns are tilted, for side by side they have no room."""
        is_too_long = width_of(self.labels) + _LETTER > self.column
        return not self.lies and self.kind in ("bar", "stacked") and is_too_long

    @property
    def column(self) -> float:
        """Return how many inches a column has."""
        return (WIDTH - _BESIDE_COLUMNS) / len(self.labels)

    @property
    def size(self) -> tuple[float, float]:
        """Return inches, across and down: as tall as its rows need."""
        height = HEIGHT
        if self.kind == "heat":
            height = max(height, 1.7 + 0.3 * len(self.series))
        elif self.kind in ("bar", "stacked", "pie") and self.lies:
            bars = len(self.labels) * (len(self.series) if self.kind == "bar" else 1)
            height = max(height, 1.2 + 0.27 * bars)
        elif self.tilts:
            height += _TILTED * width_of(self.labels)
        names = 0 if self.kind in ("heat", "pie") else math.ceil(len(self.series) / self.beside)
        return WIDTH, min(height + 0.2 * max(0, names - 1), TALLEST)

    @property
    def beside(self) -> int:
        """Return how many names of series have room beside each other below."""
        return max(1, int((WIDTH - 0.8) / (width_of([one.name for one in self.series]) + 0.5)))

    @property
    def value_name(self) -> str:
        """Return what stands at the axis of values."""
        return axis_words(self.value_axis, self.unit)


def colour(place: int) -> str:
    """Return the colour of a series or segment."""
    return PALETTE[place % len(PALETTE)]


def cut(text: str, limit: int) -> str:
    """Return a text, cut where it is too long for its place."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def wrapped(text: str, width: int) -> str:
    """Return a text in two lines at most."""
    return "\n".join(textwrap.wrap(text, width, max_lines=2, placeholder="…"))


def thinned(count: int, most: int) -> range:
    """Return the places of labels that are written: evenly, so that they don't touch."""
    return range(0, count, max(1, math.ceil(count / most)))


def mark_values(axis: Axis, values: Sequence[float], name: str) -> None:
    """Give an axis of values its marks and their words."""
    are_whole = all(value.is_integer() for value in values)
    axis.set_major_locator(MaxNLocator(6, integer=are_whole, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: mark_words(value)))
    axis.set_label_text(name)


def mark_words(value: float) -> str:
    """Return a mark's words: of millions and more, as many of those."""
    for least, sign in _SHORTENED:
        if least <= abs(value) < _SHORTENED[0][0] * 1e6:
            return f"{value_words(round(value / least, 4))}{sign}"
    return value_words(float(f"{value:.10g}"))


def figure_words(value: float, unit: str) -> str:
    """Return the words of a value that stands at its bar or in its cell."""
    return value_words(value, unit) if abs(value) < _LONG_NUMBER else mark_words(float(f"{value:.4g}"))


def fitting_figures(sheet: Sheet, room: float = math.inf) -> list[list[str]]:
    """Return the words of all values, `room` inches for each: whole numbers where only these fit, or none at all."""
    for worded in (partial(figure_words, unit=sheet.unit), _rounded):
        words = [["" if math.isnan(value) else worded(value) for value in one.values] for one in sheet.series]
        if width_of([each for row in words for each in row]) * _NUMBER < room:
            return words
    return []


def _rounded(value: float) -> str:
    return mark_words(float(f"{value:.3g}") if abs(value) < _SMALL else round(value))


def width_of(words: Sequence[str], limit: int = LABEL) -> float:
    """Return about how many inches the longest of these takes."""
    return _LETTER * min(max(map(len, words)), limit)


def name_series(axes: Axes, sheet: Sheet) -> None:
    """Put the names of several series below the axis."""
    if len(sheet.series) < 2:
        return
    place = axes.transAxes + ScaledTranslation(0, -_BELOW_AXIS, axes.figure.dpi_scale_trans)
    handles, names = axes.get_legend_handles_labels()
    names = [cut(name, LABEL) for name in names]
    axes.legend(handles, names, loc="upper center", bbox_to_anchor=(0.5, 0), bbox_transform=place, ncols=sheet.beside)


def _line(words: str) -> str:
    # How an emoji is to be drawn, and what joins several to one, is nothing to draw itself.
    return " ".join("".join(letter for letter in words if letter not in "\ufe0e\ufe0f\u200d").split())


def _filled(values: Sequence[float | None], count: int) -> tuple[float, ...]:
    numbers = [math.nan if value is None else float(value) for value in values[:count]]
    return (*numbers, *[math.nan] * (count - len(numbers)))
