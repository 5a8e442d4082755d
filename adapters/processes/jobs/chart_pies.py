"""Parts of a whole as a ring, each named beside it."""

from matplotlib.axes import Axes

from adapters.charts.words import value_words
from adapters.processes.jobs.chart_sheet import INK, LABEL, Sheet, colour, cut


def draw_pie(axes: Axes, sheet: Sheet) -> None:
    """Draw the first series as a ring, with each value and its share in the legend."""
    values = sheet.series[0].values
    ring = axes.pie(
        values,
        colors=[colour(place) for place in range(len(values))],
        startangle=90,
        counterclock=False,
        wedgeprops={"width": 0.42, "edgecolor": "#ffffff", "linewidth": 1.5},
    )
    total = sum(values)
    words = [
        f"{cut(label, LABEL)}: {value_words(value, sheet.unit)} ({value / total:.0%})"
        for label, value in zip(sheet.labels, values, strict=True)
    ]
    axes.figure.legend(ring[0], words, loc="outside right center", fontsize=9.5)
    axes.text(0, 0, f"{value_words(total, sheet.unit)}\n{sheet.unit}".strip(), ha="center", va="center", color=INK)
