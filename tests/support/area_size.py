"""How much an area takes: the files and lines of the example area, and of them those for import and export."""

from dataclasses import dataclass
from pathlib import Path

AREA = Path(__file__).parent / "notes"

ENTRIES = ("a migration", "lines in REVISIONS, REPOSITORIES and PLACES", "a second folder's __init__")
"""What an area of the product has besides, and the example has not: it is in none of the product's lists."""

ENTRY_FILES = 5

TRANSFER = ("sheet.py", "transfer.py")
"""What is there for import and export alone."""


@dataclass(frozen=True, slots=True)
class Size:
    """Files and lines; lines without those that are empty."""

    files: int
    lines: int
    transfer_lines: int


def area_size() -> Size:
    """Count the example area, with what an area of the product has besides."""
    counted = {path.name: _lines(path) for path in sorted(AREA.glob("*.py"))}
    transfer = sum(lines for name, lines in counted.items() if name in TRANSFER)
    return Size(len(counted) + ENTRY_FILES, sum(counted.values()), transfer)


def _lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())
