"""Owners who heard that a schedule fails are not told again by the version that keeps what they know."""

import sqlite3
from contextlib import closing
from pathlib import Path

from adapters.storage import migrate
from core.alerts.model import Alert, AlertState, Subject
from core.alerts.repository import ALERTS
from core.schedules.kind import SCHEDULE_KIND
from tests.integration.keeping.older import AT, WORKSPACE, at_revision
from tests.support.storage import make_storage, url_of

_SCHEDULE = """
    INSERT INTO schedules (
        workspace_id, number, channel_id, author_id, created_at, version, title, title_sort, area, kind, arguments,
        times, zone, since, state, skip_empty, runs, errors, streak, skipped, last_error
    ) VALUES (
        1, ?, 1, 1, ?, 1, 'Sales', 'sales', 'report', 'command', '{}', 'PT60S', 'UTC', ?, ?, 0, 9, 3, ?, 0, 'It broke.'
    )
"""


def _older(file: Path) -> None:
    """Make a database of the version before, with a schedule that works, one that fails and one that fails no more."""
    at_revision(file, "0017")
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(WORKSPACE)
        for number, state, streak in ((1, "active", 0), (2, "active", 3), (3, "paused", 3)):
            database.execute(_SCHEDULE, [number, AT, AT, state, streak])


async def test_who_was_told_of_a_failure_is_not_told_again(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    _older(file)
    await migrate(url_of(file))
    storage = await make_storage(url=url_of(file))
    async with storage.workspace(1).read() as work:
        found = await work.of(ALERTS).of(SCHEDULE_KIND.name, [1, 2, 3])
    await storage.close()
    subject = Subject(SCHEDULE_KIND.name, 2)
    assert found == {subject: Alert(subject, AlertState.ALERTED, 3, version=1)}
