"""What DBOS has no public way for: each of its private names that we use, and why, here and nowhere else.

Another version of it may drop one: `tests/unit/adapters/jobs/test_unofficial.py` says so, and this module is what has
to be written anew. It is loaded without DBOS.
"""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbos import DBOS

PROBE = "SELECT workflow_uuid FROM workflow_status LIMIT 1"
"""Reads a table of its own: that a file can be opened does not say that it can be used."""

LAUNCH_FAILED = "DBOS failed to launch"
"""How a line of its log begins that says what it raises, too, and what we tell in our words; lines have no number."""


QUEUED_ALREADY = "Workflow already exists in queue"
"""How a line of its log begins when what waits since a process died is begun at once, which is harmless."""


def give_up_at_once(dbos: "DBOS") -> None:
    """Let it raise what a connection that is lost raises.

    Else a thread waits for a database that is away for as long as that is, up to a minute and a half at a time; whoever
    asks here tries again by itself, and can be stopped. Its client has this as an option, `DBOSConfig` does not.
    """
    dbos._sys_db._retry_connection_errors = False


def recover(dbos: "DBOS", executor: str) -> int:
    """Enqueue what an executor had begun, if it still is that one's; return how much was found.

    By its public functions one can list it and resume each, also what another process has begun meanwhile.
    """
    return len(dbos._recover_pending_workflows([executor]))


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether a line of its log says what is told nowhere else."""
    return not str(record.msg).startswith((LAUNCH_FAILED, QUEUED_ALREADY))
