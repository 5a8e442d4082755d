"""What people do with jobs. One unit of work a method."""

from core.jobs.model import Job, JobFilter
from core.jobs.repository import JOBS
from core.ports.storage import Transactions, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import NotFoundError
from core.shared.paging import Page
from core.workspaces.model import Audience


class JobService:
    """The jobs of one workspace, for the length of one request."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def list(self, wanted: JobFilter, audience: Audience, *, cursor: str = "") -> Page[Job]:
        """Return a page of jobs, the newest first."""
        async with self._transactions.read() as work:
            return await work.of(JOBS).page(wanted, audience, cursor=cursor)

    async def show(self, number: int, audience: Audience) -> Job:
        """Return a job; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            return await _load(work, number, audience)


async def _load(work: UnitOfWork, number: int, audience: Audience) -> Job:
    job = await work.of(JOBS).get(number, audience)
    if job is None:
        raise NotFoundError("job", number)
    return job
