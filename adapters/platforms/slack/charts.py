"""Charts as Slack's data visualization block; pure. What the block can't draw comes as a picture."""

from collections.abc import Iterable, Sequence
from math import isfinite

from adapters.charts.words import axis_words
from adapters.platforms.slack import blocks
from adapters.platforms.slack.blocks import Block
from core.chat.reply import Chart, Series

TITLE = 50
LABEL, AXIS = 20, 50
POINTS = 20
SERIES = 6
SEGMENTS = 6
MOST = 2
"""Charts in one message."""

_NATIVE = ("bar", "line", "pie")
_UNNAMED = "–"


def chart_block(chart: Chart) -> Block | None:
    """Return the native chart, or None for one with more in it than Slack draws.

    Long names are cut as long as that leaves them apart: they are whole in the table.
    """
    labels = _cut(chart.labels)
    names = _cut(series.name for series in chart.series)
    is_drawable = (
        chart.kind in _NATIVE
        and 0 < len(labels) <= POINTS
        and 0 < len(names) <= SERIES
        and _all_differ(labels)
        and _all_differ(names)
        and all(len(series.values) == len(labels) and all(map(isfinite, series.values)) for series in chart.series)
    )
    if not is_drawable:
        return None
    if chart.kind == "pie":
        return _pie(chart, labels, chart.series[0])
    axes: Block = {"categories": labels}
    for name, words in (("x_label", chart.label_axis), ("y_label", axis_words(chart.value_axis, chart.unit))):
        if words:
            axes[name] = blocks.cut(words, AXIS)
    drawn = [
        {"name": name or _UNNAMED, "data": _points(labels, series)}
        for name, series in zip(names, chart.series, strict=True)
    ]
    return _block(chart, {"type": chart.kind, "series": drawn, "axis_config": axes})


def _cut(names: Iterable[str]) -> list[str]:
    return [blocks.cut(name, LABEL) for name in names]


def _all_differ(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names)


def _pie(chart: Chart, labels: list[str], series: Series) -> Block | None:
    # A circle has no room for negative or missing parts.
    if len(labels) > SEGMENTS or any(value < 0 for value in series.values) or not any(series.values):
        return None
    return _block(chart, {"type": "pie", "segments": _points(labels, series)})


def _points(labels: list[str], series: Series) -> list[Block]:
    return [{"label": label, "value": value} for label, value in zip(labels, series.values, strict=True)]


def _block(chart: Chart, drawn: Block) -> Block:
    return {"type": "data_visualization", "title": blocks.cut(chart.title or chart.kind, TITLE), "chart": drawn}
