"""The job engine on DBOS: brought up and taken down in threads, spoken to without holding up the loop.

DBOS itself is imported by the thread that brings it up; whoever runs no jobs does not pay for it.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy.orm  # noqa: F401 - as a whole: while a thread loads it for DBOS, no statement can be made in another
import structlog
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from adapters.jobs.file import word_for
from adapters.jobs.lock import FileLock
from adapters.jobs.place import JobsPlace, takes_file
from adapters.jobs.pulse import Pulse
from adapters.jobs.run import Run
from adapters.jobs.watch import FileWatch
from core.ports.jobs import (
    HELD_ELSEWHERE,
    EngineState,
    EngineUnavailableError,
    JobRef,
    JobRunner,
    JobStoppedError,
    Phase,
)
from core.ports.leases import Leases
from core.ports.storage import StorageUnavailableError

if TYPE_CHECKING:
    from adapters.jobs.transact import Transact

log = structlog.get_logger()

T = TypeVar("T")

OF_A_FILE = "local"
"""The executor of a file; there is one at a time."""

PATIENCE = 10.0
"""Seconds that DBOS has to answer."""
AGAIN = 10.0
"""Seconds after which an engine that did not come up tries again."""
LEAST_PAUSE, MOST_PAUSE = 1.0, 30.0
"""Seconds after which a job is run again of which nothing could be said."""
LEAVING = 5
"""Seconds that runs have to end when the engine is closed; they have been cancelled by then."""
GOING_DOWN = 15.0
"""Seconds that DBOS has to go down; what then still waits for its database is left as after a crash."""

AHEAD, AHEAD_OF_A_FILE = 200, 16
"""Enqueued jobs that have not begun, where several processes take them up and look from time to time, and where one
process begins each at once: there each has a thread, and is before whatever somebody waits for next."""

_THREADS = 4


class DurableEngine:
    """Runs jobs from a place; where several processes share it, they take over from each other."""

    def __init__(
        self,
        place: JobsPlace,
        leases: Leases,
        new_name: Callable[[], str],
        *,
        lease_seconds: float,
        after: float = 0.0,
    ) -> None:
        """Prepare an engine; `new_name` makes names that nothing had before.

        Where several share the place, one that did not renew its lease for so many seconds counts as dead. With
        `after` it comes up so many seconds after it was started, sooner when something is asked of it.
        """
        self._place = place
        self._after = after
        self._new_name = new_name
        self._executor = executor = new_name() if place.is_shared else OF_A_FILE
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="jobs")
        self._lock = FileLock(place.file)
        self._watch = FileWatch(place.file, self._lock)
        self._pulse = Pulse(self, leases, executor, lease_seconds) if place.is_shared else None
        self._state = EngineState()
        self._transact: Transact | None = None
        self._runs: dict[asyncio.Task[None], str] = {}
        self._in_threads: list[str] = []
        self._adrift: set[str] = set()
        self._is_leaving = threading.Event()
        """Set once what runs is to be left."""
        self._coming_up: asyncio.Task[None] | None = None
        self._is_wanted = asyncio.Event()
        self._is_settled = asyncio.Event()
        """Set but while it comes up."""
        self._is_settled.set()
        self._is_paused = False
        self._launching: asyncio.Future[Transact] | None = None
        self._going_down: asyncio.Task[None] | None = None

    @property
    def state(self) -> EngineState:
        """Return how it is."""
        return self._state

    @property
    def ahead(self) -> int:
        """Return how many jobs are to be enqueued of which none has begun."""
        return AHEAD if self._place.is_shared else AHEAD_OF_A_FILE

    async def start(self, run: JobRunner) -> None:
        """Come up; where that fails, try again from time to time."""
        self._runner, self._loop = run, asyncio.get_running_loop()
        self._become(Phase.STARTING)
        self._coming_up = asyncio.create_task(self._stay_up(self._after), name="jobs-coming-up")
        await self._is_settled.wait()

    async def begin(self, job: JobRef) -> None:
        """Run a job in this process, now."""
        await self.ask(lambda transact: transact.begin(job))

    async def enqueue(self, job: JobRef) -> None:
        """Let any process run a job, soon; a file has this one alone, which does not have to look for it."""
        await self.ask(lambda transact: transact.enqueue(job) if self._place.is_shared else transact.begin(job))

    async def cancel(self, id: str) -> None:
        """End a job: in this process at once, in another one at its next step."""
        await self.ask(lambda transact: transact.cancel(id))
        for task, of in self._runs.items():
            if of == id:
                task.cancel()

    async def forget(self, before: datetime) -> int:
        """Forget jobs that were over by then."""
        return await self.ask(lambda transact: transact.forget(before))

    async def look_after(self) -> None:
        """Begin again what is held for begun here, and was not in any thread now nor the last time."""
        begun = await self.ask(lambda transact: transact.begun())
        adrift = begun - set(self._in_threads)
        left, self._adrift = adrift & self._adrift, adrift - self._adrift
        if left:
            log.warning("jobs_resumed", count=len(left))
            await self.ask(lambda transact: transact.resume(left))

    async def processes(self) -> int:
        """Return how many processes run jobs from this place."""
        return await self._pulse.alive() if self._pulse else int(self._state.is_ready)

    async def close(self) -> None:
        """Leave what runs to the next process, or to another one, and go down, in a limited time."""
        self._become(Phase.OFF)
        if self._coming_up:
            self._coming_up.cancel()
            await asyncio.gather(self._coming_up, return_exceptions=True)
        if self._pulse:
            await self._pulse.stop()
        if await self._went_down():
            self._lock.give_back()
        else:
            # The lock ends with the process, and with it the threads that may still write to the file.
            log.warning("job_engine_not_down", seconds=GOING_DOWN)
        if self._pulse:
            await self._pulse.give_back()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _went_down(self) -> bool:
        """Leave what runs and take DBOS down; tell whether that took no longer than it may."""
        self._is_leaving.set()
        patience = LEAVING if self._runs else 0
        await self.leave_runs()
        self._transact = None
        launching, self._launching = self._launching, None
        if launching is not None and (self._going_down is None or self._going_down.done()):
            self._going_down = asyncio.create_task(self._go_down(launching, patience), name="jobs-going-down")
        if self._going_down is None:
            return True
        await asyncio.wait({self._going_down}, timeout=GOING_DOWN)
        return self._going_down.done()

    async def _go_down(self, launching: "asyncio.Future[Transact]", patience: int) -> None:
        with suppress(Exception):  # why: what did not come up said so, and has nothing to close
            transact = await launching
            await self._in_thread(lambda: transact.close(patience))

    async def ask(self, what: "Callable[[Transact], T]", *, even_if_not_ready: bool = False) -> T:
        """Have something asked of DBOS, in a thread; raises `EngineUnavailableError`."""
        try:
            async with asyncio.timeout(PATIENCE):
                if not even_if_not_ready:
                    self._is_wanted.set()
                    await self._is_settled.wait()
                if (transact := self._transact) is None:
                    raise EngineUnavailableError
                return await self._in_thread(lambda: what(transact))
        except (TimeoutError, SQLAlchemyError) as error:
            self._watch.doubt()
            raise EngineUnavailableError from error

    async def leave_runs(self) -> None:
        """Cancel what runs in this process, and leave the jobs as they are."""
        for task in self._runs:
            task.cancel()
        if self._runs:
            await asyncio.wait(self._runs, timeout=LEAVING)

    async def pause(self) -> None:
        """Take nothing for now: others take this process for dead, and run what it ran."""
        self._is_paused = True
        self._become(Phase.STARTING)
        await self.leave_runs()

    def resume(self) -> None:
        """Take jobs again."""
        self._is_paused = False
        self._become(Phase.READY)

    def found(self, reason: str) -> None:
        """Tell whoever asks how its database was found: well, or not, for which there is a word."""
        if self._is_paused or self._transact is None or self._state.phase is Phase.OFF or reason == self._state.reason:
            return
        log.warning("job_engine_found", reason=reason)
        self._become(Phase.FAILED if reason else Phase.READY, reason)

    async def _stay_up(self, pause: float) -> None:
        """Come up, and where the file is lost that it came up on, come up on the one that there is then."""
        while True:
            await self._come_up(pause)
            if self._place.is_shared:
                return
            self._watch.begin()
            reason, pause = await self._watch.lost(self.found), 0.0
            log.warning("job_file_lost", reason=reason)
            self._become(Phase.FAILED if reason else Phase.STARTING, reason)
            await self._went_down()
            if reason:
                await self._watch.put_right()

    async def _come_up(self, pause: float) -> None:
        while not self._state.is_ready:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._is_wanted.wait()
            await self._try()
            self._is_wanted.clear()
            pause = AGAIN

    async def _try(self) -> None:
        self._become(Phase.STARTING)
        reason = await self._came_up()
        if reason:
            log.warning("job_engine_failed", reason=reason)
            self._become(Phase.FAILED, reason)
        else:
            log.info("job_engine_ready", executor=self._executor)
            self._become(Phase.READY)

    def _become(self, phase: Phase, reason: str = "") -> None:
        self._state = EngineState(phase, reason)
        if phase is Phase.STARTING:
            self._is_settled.clear()
        else:
            self._is_settled.set()

    async def _came_up(self) -> str:
        """Come up; return the word for why not, if not."""
        if not self._place.is_shared:
            if not takes_file():
                return "old_sqlite"
            if not self._lock.take():
                return HELD_ELSEWHERE
        self._is_leaving = threading.Event()
        try:
            if self._pulse:
                await self._pulse.begin()
            self._launching = asyncio.ensure_future(self._in_thread(self._launch))
            self._transact = await asyncio.shield(self._launching)
        except Exception as error:  # why: whatever keeps it from running jobs, the rest is served
            return self._reason_of(error)
        finally:
            if self._transact is None:
                self._lock.give_back()
        if self._pulse:
            self._pulse.start()
        return ""

    def _reason_of(self, error: Exception) -> str:
        """Return the word for why it did not come up."""
        if not self._place.is_shared and isinstance(error, sqlite3.Error | SQLAlchemyError):
            return word_for(getattr(error, "orig", error))
        if isinstance(error, StorageUnavailableError | OperationalError):
            return "cannot_connect"
        if isinstance(error, ProgrammingError):
            return "not_allowed"
        log.error("job_engine_not_launched", kind=type(error).__name__, exc_info=error)
        return "failed"

    def _launch(self) -> "Transact":
        from adapters.jobs.transact import Transact

        transact = Transact(self._place, self._executor, partial(self._run, self._is_leaving))
        transact.launch()
        return transact

    def _run(self, is_leaving: threading.Event, job: JobRef) -> None:
        """Run a job in the thread that DBOS gave it, unless what DBOS runs is to be left."""
        from adapters.jobs.transact import LeftError

        if not self._is_paused:
            # It may have been dequeued while all this comes up.
            asyncio.run_coroutine_threadsafe(self._is_settled.wait(), self._loop).result()
        transact = self._transact
        if transact is None or self._is_paused or is_leaving.is_set():
            raise LeftError
        self._in_threads.append(job.id)
        try:
            self._run_to_the_end(Run(job, self._new_name(), self._loop, transact), is_leaving)
        finally:
            self._in_threads.remove(job.id)

    def _run_to_the_end(self, run: Run, is_leaving: threading.Event) -> None:
        from adapters.jobs.transact import LeftError

        pause = LEAST_PAUSE
        while True:
            try:
                run.to_the_end(self._work)
                break
            except (CancelledError, JobStoppedError):
                raise LeftError from None
            except Exception as error:  # why: to DBOS that would be the job's end, and its row would wait for ever
                log.exception("job_not_taken_up", job=run.job.id, kind=type(error).__name__)
                self._loop.call_soon_threadsafe(self._watch.doubt)
            if is_leaving.wait(pause):
                raise LeftError
            pause = min(2 * pause, MOST_PAUSE)
        if run.is_lost:
            raise LeftError

    async def _work(self, run: Run) -> None:
        """Run a job on the loop, until something can be said about it."""
        task = asyncio.current_task()
        if task is None:
            return
        self._runs[task] = run.job.id
        pause = LEAST_PAUSE
        try:
            while not await self._said(run):
                await asyncio.sleep(pause)
                pause = min(2 * pause, MOST_PAUSE)
        finally:
            del self._runs[task]

    async def _said(self, run: Run) -> bool:
        with suppress(JobStoppedError):
            try:
                await self._runner(run.job, run)
            except JobStoppedError:
                raise
            except (EngineUnavailableError, StorageUnavailableError) as error:
                log.warning("job_held_up", job=run.job.id, kind=type(error).__name__)
                return False
            except Exception as error:  # why: the job is run again, and the cause is in the log
                log.exception("job_not_run", job=run.job.id, kind=type(error).__name__)
                return False
        return True

    async def _in_thread(self, what: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, what)
