"""Imports as they are stored, for tests that need one and not its file."""

from datetime import datetime

from core.files.model import StoredFile
from core.transfer.choices import ImportMode
from core.transfer.model import Asked, Import


def an_import(number: int, at: datetime, *, member: int = 1, channel: int = 1) -> Import:
    """An import that has just begun; the number makes it another one."""
    import_id = f"01JD{number:022d}"
    file = StoredFile(f"01JF{number:022d}", "tasks.csv", "text/csv", 12, "", member, channel, member, at)
    asked = Asked(f"d{number}", "web", "console", {"id": "general"}, {"id": "ann"}, "/task import")
    return Import(
        id=import_id,
        noun="task",
        key=asked.delivery,
        asked=asked,
        mode=ImportMode.ALL,
        file=file,
        is_new=True,
        member_id=member,
        channel_id=channel,
        zone="Europe/Berlin",
        started_at=at,
        runner="a process",
        touched_at=at,
    )
