"""Charts as lines of text: bars of blocks, a row of heights where there are many values, shades for a heat map."""

from collections.abc import Iterator, Sequence
from math import isfinite

from adapters.charts.words import axis_words, value_words
from adapters.platforms.terminal.layout import pad, width
from adapters.platforms.terminal.values import safe
from core.chat.reply import Chart, Series

PIPED = 30
"""Cells of the longest bar where nobody says how wide it may be."""

_SHORTEST, _LONGEST = 8, 60
_NAME = 32
_MANY = 40
_GAP = "  "
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_SHADES = "·░▒▓█"
_BELOW = "░"
"""Of what bars below nothing are made; the number beside says it too."""


def chart_lines(chart: Chart, columns: int | None) -> Iterator[str]:
    """Yield a chart that is at most so many cells wide (None: for a pipe)."""
    labels = [_short(label) for label in chart.labels]
    if not chart.has_values:
        return
    if named := axis_words(chart.value_axis, chart.unit):
        yield f"{_line(named)}:"
    if chart.kind == "heat" and columns is not None:
        yield from _heat(chart, labels, columns)
        return
    for series in chart.series:
        if len(chart.series) > 1:
            yield f"{_line(series.name)}:"
        if columns is not None and len(labels) > _MANY:
            yield from _heights(chart, series, labels, columns)
        else:
            yield from _bars(chart, series, labels, columns)


def _bars(chart: Chart, series: Series, labels: Sequence[str], columns: int | None) -> Iterator[str]:
    words = [value_words(value, chart.unit) for value in series.values]
    widest, numbers = max(map(width, labels)), max(map(len, words), default=0)
    room = PIPED if columns is None else min(columns - widest - numbers - 2 * len(_GAP), _LONGEST)
    most = max((abs(value) for one in chart.series for value in one.values if isfinite(value)), default=0.0)
    for label, value, said in zip(labels, series.values, words, strict=False):
        drawn = most and isfinite(value) and room >= _SHORTEST
        bar = _bar(value / most * room, is_plain=columns is None) if drawn else ""
        yield _GAP.join(part for part in (pad(label, widest), bar, said) if part)


def _bar(cells: float, *, is_plain: bool) -> str:
    if is_plain:
        return "#" * round(abs(cells))
    if cells < 0:
        return _BELOW * max(1, round(-cells))
    eighths = round(cells * 8)
    return (_EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _heights(chart: Chart, series: Series, labels: Sequence[str], columns: int) -> Iterator[str]:
    """Yield a row of heights, each the mean of as many values as share its place, and what it begins and ends with."""
    there = [value for value in series.values if isfinite(value)]
    if not there:
        return
    low, high = min(0.0, *there), max(0.0, *there)
    each = -(-len(labels) // max(_SHORTEST, columns))
    parts = [series.values[start : start + each] for start in range(0, len(labels), each)]
    yield "".join(_of(_HEIGHTS, _mean(part), low, high) for part in parts)
    named = (f"least {value_words(min(there), chart.unit)}", f"most {value_words(max(there), chart.unit)}")
    yield f"{labels[0]} to {labels[-1]}, {', '.join(named)}"


def _mean(values: Sequence[float]) -> float:
    there = [value for value in values if isfinite(value)]
    return sum(there) / len(there) if there else float("nan")


def _heat(chart: Chart, labels: Sequence[str], columns: int) -> Iterator[str]:
    names = [_short(series.name) for series in chart.series]
    widest = max(map(width, names))
    each = max(1, min(4, (columns - widest - len(_GAP)) // len(labels)))
    if len(labels) * each + widest + len(_GAP) > columns:
        return
    everything = [value for one in chart.series for value in one.values if isfinite(value)]
    for name, series in zip(names, chart.series, strict=True):
        measure = [value for value in series.values if isfinite(value)] if chart.by_row else everything
        low, high = min(measure, default=0.0), max(measure, default=0.0)
        cells = "".join(_of(_SHADES, value, low, high) * each for value in series.values)
        yield f"{pad(name, widest)}{_GAP}{cells}".rstrip()
    yield f"{labels[0]} to {labels[-1]}, {_SHADES[0]} least, {_SHADES[-1]} most{' of each row' if chart.by_row else ''}"


def _of(scale: str, value: float, low: float, high: float) -> str:
    """Return the sign of a value between the least and the most; alike ones have that of the middle."""
    if not isfinite(value):
        return " "
    part = (value - low) / (high - low) if high > low else 0.5
    return scale[min(int(part * len(scale)), len(scale) - 1)]


def _line(text: str) -> str:
    return " ".join(safe(text).split())


def _short(text: str) -> str:
    line = _line(text)
    if width(line) <= _NAME:
        return line
    while line and width(line) >= _NAME:
        line = line[:-1]
    return f"{line.rstrip()}…"
