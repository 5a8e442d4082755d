"""What came of an import, its undo or an export."""

from typing import Generic

from core.files.model import StoredFile
from core.shared.value_objects import value_object
from core.transfer.choices import ExportFormat, ImportMode
from core.transfer.findings import Findings
from core.transfer.sheet import R


@value_object
class Imported(Generic[R]):
    """What an import found and did.

    `file` is what was handed in, `returned` the file to mend: all rows with their errors after a check, the bad rows
    alone after the good ones were imported, None if nothing is bad. `undo_id` is empty when nothing was changed.
    """

    mode: ImportMode
    file: StoredFile
    findings: Findings[R]
    returned: StoredFile | None
    undo_id: str = ""


@value_object
class ImportUndone:
    """How many records an undo took away and put back."""

    removed: int
    restored: int


@value_object
class Exported:
    """A file of records and how many are in it."""

    file: StoredFile
    count: int
    format: ExportFormat
