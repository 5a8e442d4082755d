"""The job engine: it runs each job that it was given to its end, also when processes die on the way.

What people see of jobs is in the application's own database. The engine knows a job by an id only, which it runs once:
the second time that it is given an id nothing happens.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol, TypeAlias

from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What a step's result is made of; it is kept as JSON."""


class JobStoppedError(QuartermasterError):
    """This run of the job is to end: it was cancelled, or another process has taken it over. Its row says which."""

    code: ClassVar[str] = "job_stopped"


class EngineUnavailableError(QuartermasterError):
    """The engine can't take anything now: it is not ready, or its database does not answer. The job's row waits."""

    code: ClassVar[str] = "engine_unavailable"


HELD_ELSEWHERE = "held_elsewhere"
"""Why an engine is not ready while another process runs jobs from its file."""


class Phase(StrEnum):
    """How far an engine has come."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


class Runs(StrEnum):
    """Who runs jobs, as a process sees it that was asked for one."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOWHERE = "nowhere"


@value_object
class EngineState:
    """How an engine is, and a stable word for why it failed.

    That is `cannot_connect`, `not_allowed`, `unreadable`, `locked`, `old_sqlite`, `held_elsewhere` (by another
    process, which runs the jobs of this file), or `failed` (the log says why).
    """

    phase: Phase = Phase.OFF
    reason: str = ""

    @property
    def words(self) -> str:
        """Return it as it is shown."""
        return f"{self.phase}: {self.reason}" if self.reason else str(self.phase)

    @property
    def is_ready(self) -> bool:
        """Tell whether jobs can be given to it."""
        return self.phase is Phase.READY


@value_object
class JobRef:
    """A job as the engine knows it: the id that stands for it for good, and where its row is."""

    id: str
    workspace_id: int
    number: int
    kind: str


class Steps(Protocol):
    """What an engine offers a job while it runs it."""

    @property
    def executor(self) -> str:
        """Return a name of this run that no other run has, of this job or another.

        Whoever keeps it with the job's row notices that a later run has taken the job over.
        """
        ...

    async def step(self, name: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """Do something once and keep its result; when the job runs again, that is returned instead.

        The name is the step's own within the job. A step that raises keeps nothing. One that its process dies in is
        done again: what it does outside carries a key of its own. Raises `JobStoppedError` after `cancel`, and
        `EngineUnavailableError` where a result can't be kept now: the job is run again a little later.
        """
        ...


JobRunner = Callable[[JobRef, Steps], Awaitable[None]]
"""Runs one job, on the loop that the engine was started on; how it ended is for its row to say.

It runs a job again that it had begun when its process died. What it raises, but for `JobStoppedError`, means that
nothing can be said about the job now (the database is away): it is called again a little later. It may be cancelled as
any task, when the job or the process is to end.
"""


class JobEngine(Protocol):
    """Runs jobs, in this process and, where several share its database, in any of them."""

    @property
    def state(self) -> EngineState:
        """Return how it is."""
        ...

    @property
    def ahead(self) -> int:
        """Return how many jobs are to be enqueued of which none has begun; the rest waits for these."""
        ...

    async def start(self, run: JobRunner) -> None:
        """Come up, take up what was begun here and not finished, and run jobs from now on.

        That takes a second or so, in a thread. It doesn't raise: `state` tells what became of it.
        """
        ...

    async def begin(self, job: JobRef) -> None:
        """Run a job in this process, now; nothing happens if its id is known. Raises `EngineUnavailableError`."""
        ...

    async def enqueue(self, job: JobRef) -> None:
        """Let any process run a job, soon; nothing happens if its id is known. Raises `EngineUnavailableError`."""
        ...

    async def cancel(self, id: str) -> None:
        """End a job, at its next step at the latest; harmless if it is over. Raises `EngineUnavailableError`."""
        ...

    async def look_after(self) -> None:
        """Begin again what it holds for begun here and is not; to be asked from time to time.

        That is what a database that went away left on the way. Raises `EngineUnavailableError`.
        """
        ...

    async def forget(self, before: datetime) -> int:
        """Forget jobs that were over by then, and return how many. Raises `EngineUnavailableError`."""
        ...

    async def processes(self) -> int:
        """Return how many processes run jobs from where this one does; raises `StorageUnavailableError`."""
        ...

    async def close(self) -> None:
        """Take nothing new, and leave what has not come to its end to the next process; harmless if it is off."""
        ...
