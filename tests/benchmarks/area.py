"""How much it takes to add an area, counted on the one that only tests know."""

from __future__ import annotations

from tests.benchmarks.figures import Figure, Target
from tests.support.area_size import area_size

FILES = Target("ours", "≤", 14)
TRANSFER = Target("ours", "≤", 250)


async def run(*, is_quick: bool) -> list[Figure]:
    """Files, lines, and the lines for import and export."""
    del is_quick
    size = area_size()
    return [
        Figure("an area, files", "", size.files, FILES, note=f"with lines in {size.lists} lists"),
        Figure("an area, lines", "", size.lines),
        Figure("an area, lines for import and export", "", size.transfer_lines, TRANSFER),
    ]
