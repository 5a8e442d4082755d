"""Charts as Slack's data visualization block; pure. What the block can't draw is left to the chart's sentence."""

from math import isfinite

from adapters.platforms.slack import blocks
from adapters.platforms.slack.blocks import Block
from core.chat.reply import Chart, Series

TITLE = 50
LABEL = 20
POINTS = 20
SERIES = 6
SEGMENTS = 6
MOST = 2
"""Charts in one message."""

_NATIVE = ("bar", "line", "pie")


def chart_block(chart: Chart) -> Block | None:
    """Return the native chart, or None for one with more in it than Slack draws."""
    labels = [blocks.cut(label, LABEL) for label in chart.labels]
    drawn = [series for series in chart.series if len(series.values) == len(labels)]
    if chart.kind not in _NATIVE or not all(isfinite(value) for series in chart.series for value in series.values):
        return None
    is_empty = not labels or not drawn or len(set(labels)) != len(labels)
    if is_empty or len(labels) > POINTS or len(drawn) > SERIES or len(drawn) != len(chart.series):
        return None
    if chart.kind == "pie":
        return _pie(chart, labels, drawn[0])
    return _block(
        chart,
        {
            "type": chart.kind,
            "series": [{"name": blocks.cut(series.name, LABEL), "data": _points(labels, series)} for series in drawn],
            "axis_config": {"categories": labels},
        },
    )


def _pie(chart: Chart, labels: list[str], series: Series) -> Block | None:
    # A circle has no room for negative or missing parts.
    if len(labels) > SEGMENTS or any(value < 0 for value in series.values) or not any(series.values):
        return None
    return _block(chart, {"type": "pie", "segments": _points(labels, series)})


def _points(labels: list[str], series: Series) -> list[Block]:
    return [{"label": label, "value": value} for label, value in zip(labels, series.values, strict=True)]


def _block(chart: Chart, drawn: Block) -> Block:
    return {"type": "data_visualization", "title": blocks.cut(chart.title or chart.kind, TITLE), "chart": drawn}
