"""The job that draws a chart as a picture which reads on light and on dark ground."""

import base64
import io
from dataclasses import replace
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs import chart_fonts
from adapters.processes.jobs.chart_bars import draw_bars
from adapters.processes.jobs.chart_heat import draw_heat
from adapters.processes.jobs.chart_lines import draw_lines
from adapters.processes.jobs.chart_pies import draw_pie
from adapters.processes.jobs.chart_sheet import INK, SOFT, Sheet, wrapped

LETTERS, LARGE = "letters", "large"
"""Why a chart is refused: no font here has its letters; its values are beyond all measure."""

DPI = 160
_LARGEST = 1e300
_TITLE, _CAPTION = 56, 88
"""Characters of a line."""

_STYLE: dict[Any, Any] = {
    # A dollar in a name is a dollar.
    "text.parse_math": False,
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": "#b9c0c4",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#e3e7e9",
    "grid.linewidth": 0.8,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.major.size": 0,
    "xtick.major.pad": 6,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "axes.unicode_minus": True,
}


def draw_chart(given: dict[str, Any]) -> dict[str, Any]:
    """Draw a chart and return its PNG as base64; refuses one with letters that no font here has."""
    sheet = Sheet.of(given)
    if any(abs(value) > _LARGEST for series in sheet.series for value in series.values):
        raise JobRefusedError(LARGE)
    families = chart_fonts.families(sheet.texts())
    if families is None:
        raise JobRefusedError(LETTERS)
    with mpl.rc_context({**_STYLE, "font.family": families}):
        figure = Figure(
            figsize=sheet.size, dpi=DPI, facecolor="#ffffff", layout=ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.1)
        )
        FigureCanvasAgg(figure)
        _draw(figure.add_subplot(), sheet)
        _say(figure, sheet)
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
    return {"picture": base64.b64encode(picture.getvalue()).decode()}


def _draw(axes: Axes, sheet: Sheet) -> None:
    if sheet.kind == "pie" and not sheet.is_round:
        # A circle has no room for values below nothing, or for a crowd.
        sheet = replace(sheet, kind="bar")
    draw = {"line": draw_lines, "pie": draw_pie, "heat": draw_heat}.get(sheet.kind, draw_bars)
    draw(axes, sheet)


def _say(figure: Figure, sheet: Sheet) -> None:
    if sheet.title:
        figure.suptitle(wrapped(sheet.title, _TITLE), x=0.025, ha="left", fontsize=12.5, fontweight="bold")
    if sheet.caption:
        figure.supxlabel(wrapped(sheet.caption, _CAPTION), x=0.025, ha="left", fontsize=8.5, color=SOFT)
