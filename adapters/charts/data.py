"""Charts as JSON-ready data and as tables; pure."""

from math import isfinite

from adapters.charts.words import axis_words, value_words
from core.chat.reply import Chart, Column, Row, Table

Values = list[float | None]


def chart_data(chart: Chart) -> dict[str, object]:
    """Return all that is drawn of a chart; JSON has nothing but numbers, so that a value which is not there is null."""
    return {
        "title": chart.title,
        "kind": chart.kind,
        "labels": list(chart.labels),
        "series": [{"name": one.name, "values": _numbers(one.values)} for one in chart.series],
        "unit": chart.unit,
        "label_axis": chart.label_axis,
        "value_axis": chart.value_axis,
        "caption": chart.caption,
        "by_row": chart.by_row,
    }


def chart_table(chart: Chart) -> Table:
    """Return the figures of a chart as a table, for an answer that has none beside it."""
    named = axis_words(chart.value_axis, chart.unit)
    columns = [Column(f"s{place}", one.name or named, "number") for place, one in enumerate(chart.series)]
    rows = (
        Row((label, *(value_words(one.values[place], chart.unit) for one in chart.series if place < len(one.values))))
        for place, label in enumerate(chart.labels)
    )
    return Table(chart.title, (Column("label", chart.label_axis), *columns), tuple(rows))


def _numbers(values: tuple[float, ...]) -> Values:
    return [value if isfinite(value) else None for value in values]
