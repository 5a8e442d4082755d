"""Lines over labels in their order, mostly days."""

from matplotlib.axes import Axes

from adapters.processes.jobs.chart_sheet import LABEL, Sheet, colour, cut, mark_values, name_series, thinned

_FEW = 40
"""Points that are marked each."""

_DASHES = ("-", "--", "-.", ":")
_WRITTEN = 60
"""Characters of labels that have room beside each other."""


def draw_lines(axes: Axes, sheet: Sheet) -> None:
    """Draw a line for each series; where a value is missing, it is broken."""
    count = len(sheet.labels)
    for order, one in enumerate(sheet.series):
        axes.plot(
            range(count),
            one.values,
            color=colour(order),
            label=one.name,
            linewidth=2,
            # Lines are told apart by more than their colour.
            linestyle=_DASHES[order % len(_DASHES)],
            marker="o" if count <= _FEW else None,
            markersize=4.5,
            clip_on=False,
        )
    longest = min(max(map(len, sheet.labels)), LABEL)
    shown = thinned(count, max(2, _WRITTEN // (longest + 2)))
    axes.set_xticks(list(shown), [cut(sheet.labels[place], LABEL) for place in shown])
    axes.set_xlabel(sheet.label_axis)
    mark_values(axes.yaxis, sheet.values, sheet.value_name)
    axes.grid(visible=True, axis="y")
    low, high = min(0.0, *sheet.values), max(0.0, *sheet.values)
    room = (high - low) * 0.08
    axes.set_ylim(low - room if low else 0, high + room if high else max(room, 1 if low == high else 0))
    name_series(axes, sheet)
