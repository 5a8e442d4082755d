"""Imports moved on, by one process at a time."""

from core.ports.storage import UnitOfWork
from core.transfer.model import Import
from core.transfer.repository import OvertakenError
from core.transfer.sheet import Importer


async def move(work: UnitOfWork, before: Import, after: Import) -> None:
    """Store an import that is a step further; raises `OvertakenError` if it no longer is where it was."""
    if not await work.imports.advance(before, after):
        raise OvertakenError


def importer_of(job: Import) -> Importer:
    """Return who imports, as rows need to know it."""
    return Importer(job.member_id, job.channel_id, job.zone, job.started_at, job.id)
