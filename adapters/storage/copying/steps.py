"""What a copy tells of itself while it is under way."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class StepKind(StrEnum):
    """What has happened."""

    RESUMED = "resumed"
    """An earlier run came so far (`rows` of them); this one goes on."""
    RESTARTED = "restarted"
    """The source is no longer what an earlier run copied: it begins anew."""
    CLEARED = "cleared"
    """What the target held is gone."""
    PART = "part"
    """So many `rows` of the `total` of a table are there."""
    TABLE = "table"
    """A table is there, with so many `rows`."""
    CHECKING = "checking"
    """Everything is there, and is read again and compared."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened."""

    kind: StepKind
    table: str = ""
    rows: int = 0
    total: int = 0


Tell = Callable[[Step], None]
