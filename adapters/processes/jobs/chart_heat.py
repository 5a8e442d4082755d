"""A heat map: a cell for each value, the darker the more; its number in it where there is room."""

import math
from collections.abc import Sequence

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.ticker import FuncFormatter

from adapters.processes.jobs.chart_sheet import (
    INK,
    LABEL,
    NOWHERE,
    WIDTH,
    Sheet,
    cut,
    fitting_figures,
    mark_words,
    thinned,
    width_of,
)

_COLOURS = "cividis_r"
"""Made for those who see fewer colours; its lightness alone tells the order."""

_MIDDLE = 0.5
_DOWN = 34
"""Rows that have room for a name."""

_AROUND = 1.3
"""Inches beside the cells and the names of their rows, for the legend."""

_DARK = 0.45


def draw_heat(axes: Axes, sheet: Sheet) -> None:
    """Draw a row for each series and a column for each label."""
    shades = _shades(sheet)
    axes.pcolormesh(
        [[math.nan if one is None else one for one in row] for row in shades],
        cmap=colormaps[_COLOURS].with_extremes(bad=NOWHERE),
        vmin=0,
        vmax=1,
        edgecolors="#ffffff",
        linewidth=1,
    )
    axes.invert_yaxis()
    room = (WIDTH - _AROUND - width_of([one.name for one in sheet.series])) / len(sheet.labels)
    _name(axes, sheet, room)
    _write(axes, sheet, shades, room)
    _explain(axes, sheet)


def _explain(axes: Axes, sheet: Sheet) -> None:
    """Put the legend beside it: what the shades mean."""
    low, high = min(sheet.values), max(sheet.values)
    measure = Normalize(0, 1) if sheet.by_row else Normalize(low, high if high > low else low + 1)
    bar = axes.figure.colorbar(ScalarMappable(measure, _COLOURS), ax=axes, fraction=0.035, pad=0.02)
    bar.outline.set_visible(False)
    if sheet.by_row:
        bar.set_ticks([0, 1], labels=["least\nof its row", "most\nof its row"])
    else:
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: mark_words(value)))
    # Shades of a row are no amounts, but the numbers in the cells are.
    bar.set_label(sheet.value_name)


def _shades(sheet: Sheet) -> list[list[float | None]]:
    """Return where each value lies between the least and the most of all or of its row; alike ones in the middle."""
    everything = sheet.values
    found = []
    for one in sheet.series:
        measure = [value for value in one.values if not math.isnan(value)] if sheet.by_row else everything
        low, high = min(measure, default=0.0), max(measure, default=0.0)
        found.append([_shade(value, low, high) for value in one.values])
    return found


def _shade(value: float, low: float, high: float) -> float | None:
    if math.isnan(value):
        return None
    return (value - low) / (high - low) if high > low else _MIDDLE


def _name(axes: Axes, sheet: Sheet, room: float) -> None:
    """Name rows and columns, as many as have room; that of a column is `room` inches wide."""
    across = thinned(len(sheet.labels), max(1, int(room * len(sheet.labels) / (width_of(sheet.labels) + 0.1))))
    down = thinned(len(sheet.series), _DOWN)
    axes.set_xticks([place + 0.5 for place in across], [cut(sheet.labels[place], LABEL) for place in across])
    axes.set_yticks([place + 0.5 for place in down], [cut(sheet.series[place].name, LABEL) for place in down])
    axes.set_xlabel(sheet.label_axis)
    axes.spines[:].set_visible(False)


def _write(axes: Axes, sheet: Sheet, shades: Sequence[Sequence[float | None]], room: float) -> None:
    """Put the numbers into their cells, whole ones if only these fit, or none."""
    if len(sheet.series) > _DOWN:
        return
    for down, row in enumerate(fitting_figures(sheet, room)):
        for across, cell in enumerate(row):
            ink = "#ffffff" if (shades[down][across] or 0) > _DARK else INK
            axes.text(across + 0.5, down + 0.5, cell, ha="center", va="center", fontsize=8, color=ink)
