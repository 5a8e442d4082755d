"""Moving data, backing it up and bringing it back: what is told on the way, and what can go wrong."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object


class CopyError(QuartermasterError):
    """A copy can't be made or did not come to its end.

    `reason` is a stable word: `unavailable` (then `__cause__` says why), `nothing_there`, `older`, `newer`, `same`,
    `has_data`, `other_copy`, `other_version`, `elsewhere` (another process is at it), `unreadable`, `not_taken`,
    `differs`, `failed`. `side` is `from` or `to`, empty for both; `table` the table that it is about; `codes` are what
    the database's documentation knows the cause by.
    """

    code: ClassVar[str] = "copy"

    def __init__(self, reason: str, side: str = "", table: str = "", codes: str = "") -> None:
        """Keep what the sentence about it needs."""
        super().__init__(reason)
        self.reason = reason
        self.side = side
        self.table = table
        self.codes = codes


class ArchiveError(QuartermasterError):
    """A backup can't be made or used.

    `reason` is a stable word: `is_there` (where it is to be written), `no_backup` (not one of ours), `cut_off`,
    `damaged`, `newer`, `other_key` (the settings hold back the keys that it brings), `many_damaged` (stored files are
    not what they were, in number).
    """

    code: ClassVar[str] = "archive"

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


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
    FILES = "files"
    """So many stored files (`rows`) are done."""
    FILE_MISSING = "file_missing"
    """A stored file (`name`) is not there any more."""
    FILE_DAMAGED = "file_damaged"
    """A stored file (`name`) is not what was stored."""


@value_object
class Step:
    """Something that happened, to the table or file of that name."""

    kind: StepKind
    name: str = ""
    rows: int = 0
    total: int = 0


Tell = Callable[[Step], None]


@value_object
class Held:
    """How many posts, reminders and boards are held back until somebody says what is to become of them."""

    posts: int = 0
    reminders: int = 0
    boards: int = 0

    @property
    def total(self) -> int:
        """Return the count of all."""
        return self.posts + self.reminders + self.boards


@value_object
class HeldItem:
    """Something that is held back: a `post`, `reminder` or `board`, where it was to go, what it says, since when."""

    kind: str
    to: str
    about: str
    at: datetime
