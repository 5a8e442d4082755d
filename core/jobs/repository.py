"""What jobs need of storage."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.chat.reply import Reply
from core.jobs.model import Job, JobCount, JobFilter, JobState, JobValue, NewJob
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.shared.paging import Page
from core.workspaces.model import Audience


class JobRepository(NumberedRepository[Job], Protocol):
    """The jobs of one workspace; each change of a job's state is made only from the states that it is meant for."""

    async def queue(self, new: NewJob, at: datetime) -> Job | None:
        """Keep a new job, to be started once the unit of work has committed; None if there is one of its key."""
        ...

    async def queue_many(self, new: Sequence[NewJob], at: datetime) -> Sequence[Job]:
        """Keep new jobs, each of a key of its own, but those of whose key there is one; return what was kept."""
        ...

    async def record(self, new: NewJob, result: Reply, began: datetime, at: datetime) -> None:
        """Keep a job that is over already, as failed where its result says so, else as completed."""
        ...

    async def of_key(self, key: str) -> Job | None:
        """Return the job of a key."""
        ...

    async def under_way(self, keys: Sequence[str]) -> Collection[str]:
        """Return those of the keys (any count) whose jobs are not over."""
        ...

    async def page(self, wanted: JobFilter, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Job]:
        """Return a page, the newest first."""
        ...

    async def counts(self, since: datetime) -> Sequence[JobCount]:
        """Return how many there are, by kind and state: those that are not over, and those that ended since."""
        ...

    async def claim(self, number: int, executor: str, at: datetime) -> Job | None:
        """Let a process run a job that is not over, also one that another process ran; None if it is over."""
        ...

    async def report(self, number: int, executor: str, *, done: int, total: int, note: str) -> bool:
        """Keep how far a job is that the process runs; tell whether it still does."""
        ...

    async def finish(
        self, number: int, executor: str, state: JobState, result: Reply, at: datetime, *, reason: str = ""
    ) -> bool:
        """End a job that the process runs, as completed or failed; tell whether it still did."""
        ...

    async def cancel(self, number: int, at: datetime, *, reason: str = "") -> bool:
        """End a job that is not over; tell whether it was not."""
        ...

    async def ask_again(self, number: int, at: datetime, arguments: Mapping[str, JobValue]) -> Job | None:
        """Queue a job again, with arguments, that failed or was cancelled; None if it did not and was not."""
        ...


JOBS: Kept[JobRepository] = Kept("jobs")
