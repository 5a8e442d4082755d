"""Jobs that are not over, over all workspaces."""

from datetime import datetime

import sqlalchemy as sa

from adapters.storage.engine.statements import Statements
from adapters.storage.schema.job_table import jobs
from core.jobs.model import JobState


def cancel_unfinished(db: Statements, now: datetime) -> None:
    """Cancel them all: after a restore nobody knows what was done since the backup; people may ask for one again."""
    over = {"state": JobState.CANCELLED.value, "ended_at": now}
    db.execute(sa.update(jobs).where(jobs.c.ended_at.is_(None)).values(over))
