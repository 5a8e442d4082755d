"""What loops work on, over all workspaces: imports and jobs that are not over, boards that are kept up to date."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.storage.engine.statements import Statements
from adapters.storage.repositories.boards.boards import board_of
from adapters.storage.repositories.transfer.imports import import_of
from adapters.storage.schema.board_table import boards
from adapters.storage.schema.import_tables import imports
from adapters.storage.schema.job_table import jobs
from adapters.storage.schema.text_forms import HELD
from core.boards.model import Board
from core.jobs.model import SCHEDULED, JobCount, JobState, is_awaited, job_id
from core.ports.jobs import JobRef
from core.transfer.model import Import

_IMPORTS = sa.select(imports.c.workspace_id, imports.c.job).where(imports.c.over_at.is_(None))
_JOBS = (
    sa.select(*(jobs.c[name] for name in ("workspace_id", "number", "kind", "job_key", "rounds", "created_at")))
    .where(jobs.c.ended_at.is_(None), jobs.c.state == sa.bindparam("the_state"))
    .order_by(
        # What somebody may be waiting for is not behind what schedules made, however much that is.
        sa.case((jobs.c.job_key.startswith(SCHEDULED), 1), else_=0),
        jobs.c.created_at,
        jobs.c.workspace_id,
        jobs.c.number,
    )
    .limit(sa.bindparam("at_most"))
)
_COUNTED = (
    sa.select(jobs.c.kind, jobs.c.state, sa.func.count().label("jobs"))
    .where(jobs.c.ended_at.is_(None))
    .group_by(jobs.c.kind, jobs.c.state)
    .order_by(jobs.c.kind, jobs.c.state)
)
_BOARDS = sa.select(boards).where(boards.c.digest != HELD)


def imports_open(db: Statements) -> Sequence[tuple[int, Import]]:
    """Return every import, or undo of one, that is not over, with its workspace."""
    return [(row.workspace_id, import_of(row.job)) for row in db.execute(_IMPORTS)]


def jobs_open(db: Statements, state: JobState, limit: int) -> Sequence[tuple[JobRef, bool]]:
    """Return the jobs that are queued, or that run, and of each whether somebody may be waiting for it."""
    rows = db.execute(_JOBS, {"the_state": state.value, "at_most": limit})
    return [(_ref_of(row), is_awaited(row.job_key)) for row in rows]


def jobs_counted(db: Statements) -> Sequence[JobCount]:
    """Return how many jobs are not over, by kind and state."""
    return [JobCount(row.kind, JobState(row.state), row.jobs) for row in db.execute(_COUNTED)]


def boards_kept(db: Statements) -> Sequence[Board]:
    """Return every board but those that are held back."""
    return [board_of(row) for row in db.execute(_BOARDS)]


def _ref_of(row: Any) -> JobRef:
    id = job_id(row.workspace_id, row.job_key, row.rounds, row.created_at)
    return JobRef(id, row.workspace_id, row.number, row.kind)
