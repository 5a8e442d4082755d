"""The table that people read, and what is kept of a run."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, number

HEADINGS = ("bench", "ours", "reference", "ratio", "pairs", "target", "met?")
WAYS = ("<", ">", ">", ">", ">", "<", "<")


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns, notes below."""
    rows = [HEADINGS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(f"{cell:{way}{width}}" for cell, way, width in zip(row, WAYS, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{figure.name}: {figure.note}" for figure in figures if figure.note]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _cells(figure: Figure) -> tuple[str, ...]:
    reference = "" if figure.reference is None else f"{number(figure.reference)} {figure.unit}"
    return (
        figure.name,
        f"{number(figure.ours)} {figure.unit}".rstrip(),
        reference.rstrip(),
        "" if figure.ratio is None else number(figure.ratio),
        "" if figure.pairs is None else number(figure.pairs),
        figure.target.describe(figure.unit) if figure.target else "",
        "" if figure.target is None else "yes" if figure.is_met else "NO",
    )


def keep(folder: Path, benches: dict[str, Sequence[Figure]], seconds: float, *, is_quick: bool) -> None:
    """Write each bench's samples and statistics to a file of its own, and one line to the history."""
    folder.mkdir(parents=True, exist_ok=True)
    about = _about() | {"seconds": round(seconds, 1), "quick": is_quick}
    for name, figures in benches.items():
        document = about | {"bench": name, "figures": [figure.document() for figure in figures]}
        (folder / f"{name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    line = about | {"figures": {one.name: _short(one) for figures in benches.values() for one in figures}}
    with (folder / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write(json.dumps(line, ensure_ascii=False) + "\n")


def _short(figure: Figure) -> dict[str, Any]:
    return {
        "ours": figure.ours,
        "reference": figure.reference,
        "ratio": figure.ratio,
        "pairs": figure.pairs,
        "met": figure.is_met,
    }


def _about() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }


def _commit() -> str:
    try:
        done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
