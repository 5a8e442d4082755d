"""All that is said to DBOS. It blocks, so that only threads call it; importing it takes 0.7 s and 45 MB.

There is one DBOS in a process. Its functions for coroutines are not used: they replace the executor of the loop that
calls them. What it calls a workflow is a job here, and has the job's id.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from contextvars import Context
from datetime import datetime
from threading import Lock
from typing import cast

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, error
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.jobs import file, unofficial
from adapters.jobs.place import JobsPlace
from core.ports.jobs import JobRef, JobStoppedError, Json

NAME = "quartermaster"
VERSION = "1"
"""Of the workflow below. It never changes with the product: what an older version began a newer one goes on with."""

QUEUE = "jobs"
LOOK_SECONDS = 1.0
"""How often it is looked whether something is enqueued."""
AT_ONCE = 100
"""Enqueued jobs that one process takes at a time; each has a thread, that waits most of the time."""

CONNECTIONS = 5
"""To a server: jobs hold one only while something of them is written."""

_IDLE_SECONDS = 10
"""After which a server ends a transaction that does nothing, that of a stopped process."""

_WAKE_SECONDS = 0.1
"""How soon a thread of DBOS, which has nothing to do here, notices that it is to end."""
_BATCH = 500

_LOST = (
    error.DBOSWorkflowCancelledError,
    error.DBOSWorkflowConflictIDError,
    error.DBOSStepNondeterminismError,
    error.DBOSUnexpectedStepError,
)
"""What is raised to a run whose job is over, or is that of a later run, which may have taken another way."""

_GAP = "-"
"""Stands for a step that was numbered and not kept."""

_silent = logging.NullHandler()
"""In place of a handler of DBOS's own: its lines go where all others go."""


class _Fresh(str):
    """The kind of a job that is begun for the first time, as it is only in the process that begins it.

    Any later run has what is kept of the job, where the kind is a plain text.
    """

    __slots__ = ()


class LeftError(BaseException):
    """Ends a run and leaves its job as it is: nothing is kept of how it ended.

    It is no `Exception`, for DBOS keeps any of those as the job's end.
    """


class Transact:
    """DBOS, launched on one place as one executor."""

    def __init__(self, place: JobsPlace, executor: str, run: Callable[[JobRef], None]) -> None:
        """Prepare it; `run` runs a job in the thread that it is called in."""
        self._place = place
        self._executor = executor
        self._run = run
        self._database: Engine | None = None
        self._is_closed = False

    def launch(self) -> None:
        """Come up: bring the schema up to date, take up what this executor had begun, look for what is enqueued."""
        logging.getLogger("dbos").addHandler(_silent)
        logging.getLogger("dbos").addFilter(unofficial.is_news)
        _owner.take(self._run)
        try:
            self._dbos = DBOS(config=self._configuration())
            DBOS.launch()
            if self._place.is_shared:
                DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=LOOK_SECONDS)
            unofficial.give_up_at_once(self._dbos)
        except BaseException:  # why: what is half up would be in the way of the next try
            self.close()
            raise

    def begin(self, job: JobRef) -> None:
        """Run a job in a thread of its own, unless its id is known."""
        with SetWorkflowID(job.id):
            DBOS.start_workflow(run_job, job.workspace_id, job.number, _Fresh(job.kind))

    def enqueue(self, job: JobRef) -> None:
        """Leave a job for whoever looks first, unless its id is known."""
        with SetWorkflowID(job.id):
            DBOS.enqueue_workflow(QUEUE, run_job, job.workspace_id, job.number, job.kind)

    def cancel(self, id: str) -> None:
        """End a job that is not over."""
        DBOS.cancel_workflow(id)

    def kept(self, job: JobRef) -> "dict[str, Json]":
        """Return the results of the steps that the job of the calling run has done, and go on behind them.

        DBOS numbers steps in the order of a run; here a step is known by its name, so that a run may take another way
        than the one before it, or be that of another version.
        """
        if isinstance(job.kind, _Fresh):
            return {}
        recorded = {step["function_id"]: step for step in Context().run(DBOS.list_workflow_steps, job.id)}
        for number in range(1, max(recorded, default=0) + 1):
            step = recorded.get(number)
            _record(step["function_name"] if step else _GAP, None)
        return {step["function_name"]: cast("Json", step["output"]) for step in recorded.values()}

    def keep(self, step: str, result: Json) -> None:
        """Keep the result of a step of the calling run's job; raises `JobStoppedError`."""
        if not _record(step, result):  # A later run has done this step already.
            raise JobStoppedError

    def begun(self) -> set[str]:
        """Return the jobs that this executor has begun and not ended."""
        under_way = DBOS.list_workflows(
            status="PENDING", executor_id=self._executor, load_input=False, load_output=False
        )
        return {found.workflow_id for found in under_way}

    def resume(self, ids: Collection[str]) -> None:
        """Enqueue jobs again that were begun."""
        for id in ids:
            DBOS.resume_workflow(id)

    def executors(self) -> set[str]:
        """Return the executors that have begun jobs and not ended them."""
        under_way = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {found.executor_id for found in under_way if found.executor_id}

    def recover(self, executor: str) -> int:
        """Enqueue again what a dead executor had begun, once whoever else tries; return how much was found."""
        return unofficial.recover(self._dbos, executor)

    def forget(self, before: datetime) -> int:
        """Delete what is known of jobs that were over by then; return the count."""
        gone = 0
        for batch in self._over(before):
            DBOS.delete_workflows(batch)
            gone += len(batch)
        return gone

    def _over(self, before: datetime) -> Iterator[list[str]]:
        while found := DBOS.list_workflows(
            completed_before=before.isoformat(), limit=_BATCH, load_input=False, load_output=False
        ):
            yield [one.workflow_id for one in found]

    def close(self, patience: int = 0) -> None:
        """End all threads, waiting for so many seconds for those of jobs, and close the connections."""
        try:
            DBOS.destroy(workflow_completion_timeout_sec=patience)
        finally:
            self._is_closed = True
            if self._database is not None:
                self._database.dispose()
            _owner.let_go()

    def _configuration(self) -> DBOSConfig:
        self._database = self._opened()
        event.listen(self._database, "checkin", self._close_late)
        return DBOSConfig(
            name=NAME,
            application_version=VERSION,
            executor_id=self._executor,
            serializer=DBOSPortableJSONSerializer(),
            log_level="WARNING",
            enable_otlp=False,
            use_listen_notify=False,
            notification_listener_polling_interval_sec=_WAKE_SECONDS,
            system_database_engine=self._database,
        )

    def _close_late(self, _driver: object, connection: ConnectionPoolEntry) -> None:
        """Close what was in use while the others were closed, as by the thread of a job that had just ended."""
        if self._is_closed:
            connection.invalidate()

    def _opened(self) -> Engine:
        """Return an engine on the place: with one of its own DBOS would make a database that does not exist."""
        if self._place.server is None:
            file.in_wal_mode(self._place.file)
            return file.engine_on(self._place.file, CONNECTIONS)
        return create_engine(
            self._place.server,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 10,
                "application_name": f"{NAME}-jobs",
                "options": f"-c idle_in_transaction_session_timeout={_IDLE_SECONDS}s",
            },
        )


def _record(step: str, result: Json) -> bool:
    """Record the next step of the calling run's job; tell whether there was none. Raises `JobStoppedError`."""
    given = []

    def give() -> Json:
        given.append(step)
        return result

    try:
        DBOS.run_step({"name": step}, give)
    except _LOST:
        raise JobStoppedError from None
    return bool(given)


class _Owner:
    """Whose jobs the one DBOS of this process runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._run: Callable[[JobRef], None] | None = None

    def take(self, run: Callable[[JobRef], None]) -> None:
        if not self._lock.acquire(blocking=False):
            raise InUseError
        self._run = run

    def let_go(self) -> None:
        self._run = None
        self._lock.release()

    def run(self, job: JobRef) -> None:
        if self._run is None:
            raise LeftError
        self._run(job)


class InUseError(Exception):
    """Another engine of this process uses DBOS."""


_owner = _Owner()


@DBOS.workflow(name="run_job", max_recovery_attempts=None)
def run_job(workspace_id: int, number: int, kind: str) -> None:
    """Run a job; its id is the workflow's."""
    _owner.run(JobRef(str(DBOS.workflow_id), workspace_id, number, kind))
