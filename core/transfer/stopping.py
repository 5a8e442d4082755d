"""Imports, and their undo, that can't go on: left at what was done of them."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import BrokenOffError, QuartermasterError, RefusedError
from core.shared.events import Event, EventValue
from core.shared.undo import UNDO_WINDOW
from core.transfer.model import Import, ImportState
from core.transfer.undo_kinds import import_kind


class RowFailedError(QuartermasterError):
    """A row can't be applied, through a fault of ours; those before it are."""

    def __init__(self, line: int) -> None:
        """Keep the line that it is on (0: it is not known)."""
        super().__init__()
        self.line = line


async def cancel(work: UnitOfWork, delivery: str, now: datetime) -> str:
    """End the import that a delivery began, if it is under way: whoever works on it finds that it is not theirs.

    Return the undo entry's id of what was applied of it, if anything was.
    """
    job = await work.imports.of_delivery(delivery)
    if job is None or job.state not in (ImportState.READING, ImportState.APPLYING):
        return ""
    await leave(work, replace(job, was_cancelled=True), now)
    return job.id if job.steps else ""


async def asked_again(work: UnitOfWork, delivery: str) -> str:
    """Return as which delivery the import that one began is to be asked for again: empty for anew.

    One that is not over is gone on with, and one that came to its end is answered as before. Raises `RefusedError`
    (`import_half_in`) for one that ended half way, as long as what is in was not taken back: it would come in twice.
    """
    job = await work.imports.of_delivery(delivery)
    if job is None or job.state is ImportState.UNDONE:
        return ""
    if job.state is ImportState.UNDOING or (job.broke_off_at is not None and job.steps):
        raise RefusedError("import_half_in", undo=job.id, line=job.asked.text)
    return delivery if job.broke_off_at is None else ""


async def let_go(work: UnitOfWork, delivery: str) -> None:
    """Let anybody go on at once with the import that a delivery began, if it is under way."""
    job = await work.imports.of_delivery(delivery)
    if job and job.state.is_under_way:
        await work.imports.advance(job, replace(job, runner=""))


async def leave(work: UnitOfWork, job: Import, now: datetime, line: int = 0) -> Import:
    """Leave an import at what was applied of it, to be undone, and an undo so that it can be gone on with by hand.

    `line` is where an import broke off. One that moved on meanwhile is another process's: it stays as it is.
    """
    left = replace(job, asked=job.asked.settled(), touched_at=now, over_at=now + UNDO_WINDOW)
    if job.state is not ImportState.UNDOING:
        left = replace(left, state=ImportState.ENDED, broke_off_at=line)
    if await work.imports.advance(job, left) and job.state is ImportState.APPLYING:
        if job.is_new:
            work.files.add(job.file)
        if job.steps:
            record_import(work, left)
    return left


def broken_off(job: Import) -> BrokenOffError | None:
    """Return what is said of an import that broke off, None if it did not."""
    if job.broke_off_at is None:
        return None
    said = partial(BrokenOffError, name=job.file.name, undo=job.id, created=job.created, updated=job.updated)
    if job.was_cancelled:
        return said("import_cancelled", file=job.file.id, area=job.of_area)
    return said("import_broke_off", line=job.broke_off_at)


def record_import(work: UnitOfWork, job: Import) -> None:
    """Keep how to take an import back, and that it happened."""
    facts: dict[str, EventValue] = {"batch": job.id, "created": job.created, "updated": job.updated}
    entry = UndoEntry(
        id=job.id,
        author_id=job.member_id,
        channel_id=job.channel_id,
        command=f"{job.of_area} import",
        kind=import_kind(job.noun),
        payload=facts,
        created_at=job.touched_at,
        expires_at=job.touched_at + UNDO_WINDOW,
    )
    work.undo.add(entry)
    work.events.record(Event(f"{job.of_area}.imported", job.touched_at, job.channel_id, job.member_id, facts))
