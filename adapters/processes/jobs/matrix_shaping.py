"""The job that shapes figures to a matrix: sums along both sides, averages, the largest rows, each row scaled."""

from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from adapters.processes.errors import JobRefusedError
from adapters.processes.jobs.table_files import TableFile, is_number, number_of, numbered, read_table
from core.ports.analyses import FigureFault

_NAMING = frozenset({"", "code", "id", "item", "name", "product", "products", "sku", "stockcode"})
"""Headings of a column that names rows, also where it does so by numbers."""

_PLACES = Decimal("0.0001")


def shape_matrix(given: dict[str, Any]) -> dict[str, Any]:
    """Shape the file at `source`, or `cells` of places and values, to a matrix whose `top` largest rows are named."""
    frame = _of_file(read_table(Path(given["source"]))) if "source" in given else _of_cells(given)
    values = frame.to_numpy(dtype=object, copy=True)
    if not values.size:
        raise JobRefusedError(FigureFault.NONE)
    is_missing = pd.isna(values)
    values[is_missing] = Decimal(0)
    totals, by_column = values.sum(axis=1), values.sum(axis=0)
    # Equal ones stay in the order of the file.
    order = np.argsort(-totals, kind="stable")
    return {
        "columns": list(map(str, frame.columns)),
        "names": list(map(str, frame.index)),
        "values": [list(map(_text, row)) for row in values],
        "totals": list(map(_text, totals)),
        "averages": [_text((total / values.shape[1]).quantize(_PLACES, ROUND_HALF_EVEN)) for total in totals],
        "scaled": _scaled(values.astype(float)).tolist(),
        "by_column": list(map(_text, by_column)),
        "total": _text(by_column.sum()),
        "largest": [int(place) for place in order[: given["top"]]],
        "missing": int(is_missing.sum()) if "source" in given else 0,
    }


def _scaled(values: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Put each row between 0, its least, and 1, its most; one whose values are all the same is 0."""
    least = values.min(axis=1, keepdims=True)
    span = values.max(axis=1, keepdims=True) - least
    scaled = np.zeros_like(values)
    np.divide(values - least, span, out=scaled, where=span > 0)
    return scaled


def _of_cells(given: dict[str, Any]) -> pd.DataFrame:
    """Add up cells by their places; a row or a column without any stays."""
    cells = pd.DataFrame(given["cells"], columns=["row", "column", "value"])
    cells["value"] = cells["value"].map(Decimal)
    sums = cells.groupby(["row", "column"], sort=False)["value"].sum().unstack("column")
    whole = sums.reindex(index=range(len(given["rows"])), columns=range(len(given["columns"])))
    return whole.set_axis(given["rows"], axis="index").set_axis(given["columns"], axis="columns").astype(object)


def _of_file(table: TableFile) -> pd.DataFrame:
    """Take a file apart into headings, names and numbers; what has none of the first two is counted through."""
    first = table.rows[0]
    has_headings = not all(map(is_number, first[1:])) or first[0].casefold() in _NAMING
    body = list(numbered(table))[has_headings:]
    is_named = not all(is_number(row[0]) for _, row in body) or (has_headings and first[0].casefold() in _NAMING)
    has_names = is_named and len(first) > 1
    width = len(first) - has_names
    columns = first[has_names:] if has_headings else [f"Day {place}" for place in range(1, width + 1)]
    names = [row[0] if has_names else f"Product {place}" for place, (_, row) in enumerate(body, 1)]
    values = [
        [number_of(cell, line, column) for cell, column in zip(row[has_names:], columns, strict=True)]
        for line, row in body
    ]
    return pd.DataFrame(values, index=names, columns=columns, dtype=object)


def _text(value: Decimal) -> str:
    return f"{value:f}"
