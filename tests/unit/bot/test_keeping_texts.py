"""What the command line says of copies and backups."""

from datetime import UTC, datetime

from bot.texts import keeping
from core.ports.keeping import HeldItem

AT = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)


def test_dates_are_told_as_everywhere_else() -> None:
    assert keeping.restored(AT, 2, 1, 0).startswith("Restored the backup of Fri 20 Nov 2026 09:05 (UTC): ")
    assert keeping.held_item(HeldItem("post", "#general", "Hello", AT)) == (
        "  Fri 20 Nov 2026 09:05 (UTC)  message to #general: Hello"
    )
