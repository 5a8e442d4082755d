"""Charts to draw: what is usual, and what strains a drawing."""

from math import nan

from core.chat.reply import Chart, ChartKind, Series

DAYS = tuple(f"{day} Nov" for day in range(1, 31))
PRODUCTS = ("WHITE HANGING HEART T-LIGHT HOLDER", "REGENCY CAKESTAND 3 TIER", "POSTAGE")


def chart(
    kind: ChartKind = "bar",
    labels: tuple[str, ...] = ("urgent", "high", "low"),
    *rows: tuple[float, ...],
    title: str = "Sales by day",
    unit: str = "GBP",
    by_row: bool = False,
    names: str = "Series",
) -> Chart:
    """A chart of these rows, or of one."""
    values = rows or (tuple(float(place + 1) for place in range(len(labels))),)
    series = tuple(Series(f"{names} {place}", row) for place, row in enumerate(values))
    summary = f"{title}: up."
    return Chart(title, kind, labels, series, summary, unit, "Day", "Sales", "1–30 Nov 2026 · Europe/London", by_row)


USUAL = {
    "bars": chart(),
    "lying bars": chart("bar", PRODUCTS, (7116.76, 6475.85, 1970.5)),
    "bars beside each other": chart("bar", DAYS[:5], (1.0, -2.0, 3.0, nan, 0.0), (5.0, 4.0, 3.0, 2.0, 1.0)),
    "stacked": chart("stacked", DAYS[:3], (1.0, 2.0, 3.0), (4.0, -5.0, 6.0)),
    "lines": chart("line", DAYS, tuple(map(float, range(30))), tuple(map(float, range(30, 0, -1)))),
    "ring": chart("pie", ("UK", "France"), (3.0, 1.0)),
    "heat": chart("heat", DAYS[:7], (1.0, 2.0, nan, 4.0, 5.0, 6.0, 7.5), (10.0,) * 7),
    "heat by row": chart("heat", DAYS, tuple(map(float, range(30))), (5.0,) * 30, by_row=True),
}
ODD = {
    "one point": chart("line", ("3 Nov",), (12.5,)),
    "only zeros": chart("bar", DAYS[:3], (0.0, 0.0, 0.0)),
    "a line of zeros": chart("line", DAYS[:3], (0.0, 0.0, 0.0)),
    "all below nothing": chart("line", DAYS[:3], (-1.0, -20.0, -3.0)),
    "tiny": chart("bar", DAYS[:2], (1e-9, 3e-9)),
    "huge": chart("bar", DAYS[:2], (1e12, 2e290)),
    "a year": chart("line", tuple(f"2026-{day}" for day in range(365)), tuple(map(float, range(365)))),
    "a ring of minus": chart("pie", ("a", "b"), (1.0, -1.0)),
    "a crowd of parts": chart("pie", DAYS, tuple(map(float, range(30)))),
    "one heat": chart("heat", ("a",), (3.0,)),
    "many long names": chart(
        "stacked", DAYS[:4], *[(1.0, 2.0, 3.0, 4.0)] * 12, names="Candles of beeswax, the large ones"
    ),
    "a long title": chart(title="Sales of all products by country and day, with what came back " * 4),
    "dollars and markup": chart("bar", ("$5 \\frac{1}{2} $6", "<b>"), (1.0, 2.0), title="$x^2$ & $y"),
    "other letters": chart("bar", ("قهوة عربية", "Кофе ☕"), (1.0, 2.0), title="Ελληνικά"),
    "fewer values than labels": chart("stacked", ("a", "b", "c"), (1.0,)),
}
