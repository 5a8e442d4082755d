"""What people choose between when records come from a file or go into one."""

from enum import StrEnum


class ImportMode(StrEnum):
    """What is done with a file: only checked, its good rows imported, or all of it if every row is good."""

    CHECK = "check"
    GOOD = "good"
    ALL = "all"


class ExportFormat(StrEnum):
    """What an export can be."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    TEXT = "text"

    @property
    def ending(self) -> str:
        """Return how the names of such files end."""
        return "txt" if self is ExportFormat.TEXT else self.value


class TableFormat(StrEnum):
    """What a table can be exported as."""

    CSV = "csv"
    XLSX = "xlsx"
