"""Jobs as rows and back."""

from typing import Any

from sqlalchemy import Row

from adapters.storage.schema.text_forms import storable
from adapters.storage.work.codec import data_of, data_text, reply_of, reply_text
from core.jobs.model import Job, JobState


def row_of(job: Job) -> dict[str, Any]:
    """Return the columns of a job."""
    return {
        "number": job.number,
        "job_key": job.key,
        "kind": job.kind,
        "arguments": data_text(dict(job.arguments)),
        "author_id": job.member_id,
        "channel_id": job.channel_id,
        "created_at": job.created_at,
        "state": job.state.value,
        "executor": job.executor,
        "attempts": job.attempts,
        "rounds": job.rounds,
        "done": job.done,
        "total": job.total,
        "note": storable(job.note),
        "reason": job.reason,
        "result": reply_text(job.result) if job.result else None,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
        "version": job.version,
        "removed_at": job.removed_at,
    }


def job_of(row: Row[Any]) -> Job:
    """Return the job of a row."""
    return Job(
        number=row.number,
        key=row.job_key,
        kind=row.kind,
        arguments=data_of(row.arguments),
        member_id=row.author_id,
        channel_id=row.channel_id,
        created_at=row.created_at,
        state=JobState(row.state),
        executor=row.executor,
        attempts=row.attempts,
        rounds=row.rounds,
        done=row.done,
        total=row.total,
        note=row.note,
        reason=row.reason,
        result=reply_of(row.result) if row.result else None,
        started_at=row.started_at,
        ended_at=row.ended_at,
        version=row.version,
        removed_at=row.removed_at,
    )
