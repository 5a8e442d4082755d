"""How much an area takes: the files and lines of the example as one of the product, and those for import and export."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.moved_area import lists_copied, move_in


@dataclass(frozen=True, slots=True)
class Size:
    """Files and lines; lines without those that are empty."""

    files: int
    lists: int
    """How many of the files are others' own, in which the area has a line."""
    lines: int
    transfer_lines: int


def area_size() -> Size:
    """Count what the example takes where CONTRIBUTING.md says that the files of an area are."""
    with TemporaryDirectory() as place:
        moved = move_in(lists_copied(Path(place)))
        files, lists = len(moved.own) + len(moved.lists), len(moved.lists)
        return Size(files, lists, sum(map(_lines, moved.own)), sum(map(_lines, moved.transfer)))


def _lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())
