"""A few processes for heavy work: started when first needed, kept warm, replaced after some jobs, ended when stuck.

Those that have nothing to do for some minutes are let go of, with the memory that they hold.

They are started by the interpreter anew rather than forked, with nothing of our environment and so none of its secrets.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from adapters.processes.errors import JobFailedError, JobMemoryError, JobRefusedError, JobSlowError
from adapters.processes.frames import HEAD, LARGEST, frame
from core.shared.errors import BusyError
from core.shared.value_objects import value_object

log = structlog.get_logger()

_ROOT = Path(__file__).parents[2]
_MODULE = "adapters.processes.worker"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Libraries of numbers would take a thread for each processor, and memory for each thread."""


@value_object
class PoolLimits:
    """How many processes there are, how many jobs may wait for one, what each may take, and when it is replaced.

    One that has been `idle` for so many seconds is ended.
    """

    processes: int = 2
    waiting: int = 16
    seconds: float = 120.0
    memory: int = 768 * 1024 * 1024
    jobs_each: int = 50
    idle: float = 300.0


class ProcessPool:
    """Runs jobs by name, see `adapters.processes.worker.JOBS`."""

    def __init__(self, limits: PoolLimits | None = None, environment: Mapping[str, str] | None = None) -> None:
        """Start nothing yet; `environment` is all that the processes get of one."""
        self._limits = limits or PoolLimits()
        self._environment = environment or {}
        self._slots = asyncio.Semaphore(self._limits.processes)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._count = 0
        self._closed = False

    async def run(self, job: str, given: Mapping[str, object], *, seconds: float | None = None) -> dict[str, Any]:
        """Do a job and return its result; it may take so many seconds, or else as long as any.

        Raises `BusyError` when too many wait already, and `JobRefusedError`, `JobSlowError`, `JobMemoryError` or
        `JobFailedError`; after the last three, and when nobody waits any more, its process is ended.
        """
        if self._closed or self._count >= self._limits.processes + self._limits.waiting:
            raise BusyError
        self._count += 1
        try:
            async with self._slots:
                return await self._run(job, given, seconds or self._limits.seconds)
        finally:
            self._count -= 1

    async def close(self) -> None:
        """End all processes, whatever they do."""
        self._closed = True
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        for worker in workers:
            await worker.end()
        await asyncio.gather(*self._ending)

    async def _free(self, job: str) -> "_Worker":
        """Return a process that has nothing to do, one that knows the job if there is such, or else a new one."""
        self._check_open()
        while self._idle:
            worker = next((one for one in self._idle if job in one.known), self._idle[-1])
            self._idle.remove(worker)
            worker.wake()
            if worker.is_running:
                return worker
            await worker.end()
        worker = await _Worker.start(self._limits.memory, self._environment)
        try:
            # It may have been closed meanwhile, and nobody else knows of this process.
            self._check_open()
        except BusyError:
            await worker.end()
            raise
        return worker

    def _check_open(self) -> None:
        if self._closed:
            raise BusyError

    def _rest(self, worker: "_Worker") -> None:
        """Keep a process for the next job, for a while."""
        self._idle.append(worker)
        worker.release = asyncio.get_running_loop().call_later(self._limits.idle, self._let_go, worker)

    def _let_go(self, worker: "_Worker") -> None:
        self._idle.remove(worker)
        ending = asyncio.create_task(worker.end(), name="idle process")
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _run(self, job: str, given: Mapping[str, object], seconds: float) -> dict[str, Any]:
        worker = await self._free(job)
        self._busy.add(worker)
        is_fit = False
        try:
            async with asyncio.timeout(seconds):
                answer = await worker.ask({"job": job, "given": given})
            is_fit = "done" in answer or "refused" in answer
        except TimeoutError:
            log.warning("process_slow", job=job, seconds=seconds)
            raise JobSlowError from None
        except (OSError, EOFError, ValueError) as error:
            log.exception("process_died", job=job)
            raise JobFailedError("died") from error
        finally:
            self._busy.discard(worker)
            if is_fit and worker.jobs < self._limits.jobs_each and not self._closed:
                self._rest(worker)
            else:
                await worker.end()
        return _result(job, answer)


def _result(job: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result in an answer, or raise what it tells of."""
    if "refused" in answer:
        raise JobRefusedError(answer["refused"], **answer["details"])
    if "memory" in answer:
        raise JobMemoryError
    if "failed" in answer:
        log.error("process_job_failed", job=job, kind=answer["failed"])
        raise JobFailedError(answer["failed"])
    result: dict[str, Any] = answer["done"]
    return result


@dataclass(eq=False, slots=True)
class _Worker:
    """One process, how many jobs it has had and which, and what will end it if there is none for long."""

    process: asyncio.subprocess.Process
    jobs: int = field(default=0)
    known: set[object] = field(default_factory=set)
    release: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls, memory: int, environment: Mapping[str, str]) -> "_Worker":
        """Start a process; what it needs it loads while the first job is on its way."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            _MODULE,
            str(memory),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", **_ONE_THREAD, **environment},
            # An interrupt from the keyboard is for whoever drains the work, not for whoever does it.
            start_new_session=True,
        )
        return cls(process)

    @property
    def is_running(self) -> bool:
        """Tell whether nothing has ended it."""
        return self.process.returncode is None

    def wake(self) -> None:
        """Not be ended any more for having nothing to do."""
        if self.release:
            self.release.cancel()

    async def ask(self, message: Mapping[str, object]) -> dict[str, Any]:
        """Send a job and return the answer; raises `OSError`, `EOFError` or `ValueError` if the process is gone."""
        self.jobs += 1
        self.known.add(message["job"])
        asked, answers = self.process.stdin, self.process.stdout
        if asked is None or answers is None:
            raise EOFError
        asked.write(frame(message))
        await asked.drain()
        (size,) = HEAD.unpack(await answers.readexactly(HEAD.size))
        if size > LARGEST:
            raise ValueError(size)
        answer: dict[str, Any] = json.loads(await answers.readexactly(size))
        return answer

    async def end(self) -> None:
        """End the process, and leave nothing of it behind."""
        self.wake()
        with suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin:
            self.process.stdin.close()
        await self.process.wait()


@asynccontextmanager
async def open_processes(data_dir: Path, limits: PoolLimits | None = None) -> AsyncIterator[ProcessPool]:
    """Yield processes that start when they are needed and end with the block; their libraries' caches go there."""
    processes = ProcessPool(limits, {"MPLCONFIGDIR": str(data_dir / "matplotlib")})
    try:
        yield processes
    finally:
        await processes.close()
