"""Bars: beside each other or stacked, standing, or lying where their labels are long."""

import math
from typing import Any

from matplotlib.axes import Axes

from adapters.processes.jobs.chart_sheet import (
    INK,
    LABEL,
    Sheet,
    colour,
    cut,
    figure_words,
    fitting_figures,
    mark_values,
    name_series,
    thinned,
)

_FEW = 14
"""Bars that have room for their values."""

_ROOM = 0.8
_WIDEST = 4
"""Bars that fill the width; fewer stay as wide as these."""

_TILTED, _LYING = 40, 36
"""Labels that are written of standing and of lying bars."""

_TILT = 45

_MARGIN, _LETTER = 0.12, 0.025
"""Room behind the longest bar as a part of that, and what a letter of a figure takes of the width at most."""


def draw_bars(axes: Axes, sheet: Sheet) -> None:
    """Draw the bars of a chart, from the top down or from left to right."""
    is_stacked = sheet.kind == "stacked"
    width = _ROOM if is_stacked else _ROOM / len(sheet.series)
    above, below = [0.0] * len(sheet.labels), [0.0] * len(sheet.labels)
    for order, one in enumerate(sheet.series):
        values = [0.0 if math.isnan(value) else value for value in one.values]
        shift = 0.0 if is_stacked else (order - (len(sheet.series) - 1) / 2) * width
        starts = [_start(value, place, above, below) if is_stacked else 0.0 for place, value in enumerate(values)]
        look: dict[str, Any] = {"color": colour(order), "edgecolor": "#ffffff", "linewidth": 0.4, "label": one.name}
        look["left" if sheet.lies else "bottom"] = starts
        draw = axes.barh if sheet.lies else axes.bar
        drawn = draw([place + shift for place in range(len(values))], values, width, **look)
        if len(sheet.series) == 1 and len(values) <= _FEW:
            for figures in fitting_figures(sheet, math.inf if sheet.lies else sheet.column):
                axes.bar_label(drawn, figures, padding=3, fontsize=8.5, color=INK)
    _name(axes, sheet)


def _make_room_below(axes: Axes, sheet: Sheet) -> None:
    """Leave room beside lying bars below nothing, so that no figure meets the name of its bar."""
    below = [value for value in sheet.values if value < 0]
    needed = _LETTER * max((len(figure_words(value, sheet.unit)) for value in below), default=0)
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, (min(below, default=left) - needed * right) / (1 - needed)), right)


def _start(value: float, place: int, above: list[float], below: list[float]) -> float:
    """Return where a stacked bar begins: values below nothing have a stack of their own."""
    stack = above if value >= 0 else below
    start = stack[place]
    stack[place] += value
    return start


def _name(axes: Axes, sheet: Sheet) -> None:
    count = len(sheet.labels)
    values, labels = (axes.xaxis, axes.yaxis) if sheet.lies else (axes.yaxis, axes.xaxis)
    shown = thinned(count, _LYING if sheet.lies else _TILTED)
    tilted: dict[str, Any] = {"rotation": _TILT, "ha": "right", "rotation_mode": "anchor"} if sheet.tilts else {}
    labels.set_ticks(list(shown), [cut(sheet.labels[place], LABEL) for place in shown], **tilted)
    labels.set_label_text(sheet.label_axis)
    mark_values(values, sheet.values, sheet.value_name)
    axes.grid(visible=True, axis="x" if sheet.lies else "y")
    spare = max(0.0, (_WIDEST - count) / 2)
    within = (-0.6 - spare, count - 0.4 + spare)
    if sheet.lies:
        axes.set_ylim(within[::-1])
        axes.axvline(0, color="#8b979d", linewidth=0.8)
    else:
        axes.set_xlim(within)
        axes.axhline(0, color="#8b979d", linewidth=0.8)
    if not any(sheet.values):
        (axes.set_xlim if sheet.lies else axes.set_ylim)(0, 1)
    else:
        axes.margins(x=_MARGIN if sheet.lies else None, y=None if sheet.lies else _MARGIN)
        if sheet.lies and len(sheet.series) == 1:
            _make_room_below(axes, sheet)
    name_series(axes, sheet)
