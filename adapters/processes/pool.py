"""A few processes for heavy work: started when first needed, kept warm, replaced after some jobs, ended when stuck.

They are started by the interpreter anew rather than forked, with nothing of our environment and so none of its secrets.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from adapters.processes.errors import JobFailedError, JobMemoryError, JobRefusedError, JobSlowError
from adapters.processes.frames import HEAD, LARGEST, frame
from core.shared.errors import BusyError

log = structlog.get_logger()

_ROOT = Path(__file__).parents[2]
_MODULE = "adapters.processes.worker"


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How many processes there are, how many jobs may wait for one, what each may take, and when it is replaced."""

    processes: int = 2
    waiting: int = 16
    seconds: float = 120.0
    memory: int = 768 * 1024 * 1024
    jobs_each: int = 50


class ProcessPool:
    """Runs jobs by name, see `adapters.processes.worker.JOBS`."""

    def __init__(self, limits: PoolLimits | None = None) -> None:
        """Start nothing yet."""
        self._limits = limits or PoolLimits()
        self._slots = asyncio.Semaphore(self._limits.processes)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._count = 0
        self._closed = False

    async def run(self, job: str, given: Mapping[str, object]) -> dict[str, Any]:
        """Do a job and return its result.

        Raises `BusyError` when too many wait already, and `JobRefusedError`, `JobSlowError`, `JobMemoryError` or
        `JobFailedError`; after the last three, and when nobody waits any more, its process is ended.
        """
        if self._closed or self._count >= self._limits.processes + self._limits.waiting:
            raise BusyError
        self._count += 1
        try:
            async with self._slots:
                return await self._run(job, given)
        finally:
            self._count -= 1

    async def close(self) -> None:
        """End all processes, whatever they do."""
        self._closed = True
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        for worker in workers:
            await worker.end()

    async def _free(self) -> "_Worker":
        """Return a process that has nothing to do, started if there is none."""
        self._check_open()
        while self._idle:
            worker = self._idle.pop()
            if worker.is_running:
                return worker
            await worker.end()
        worker = await _Worker.start(self._limits.memory)
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

    async def _run(self, job: str, given: Mapping[str, object]) -> dict[str, Any]:
        worker = await self._free()
        self._busy.add(worker)
        is_fit = False
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await worker.ask({"job": job, "given": given})
            is_fit = "done" in answer or "refused" in answer
        except TimeoutError:
            log.warning("process_slow", job=job, seconds=self._limits.seconds)
            raise JobSlowError from None
        except (OSError, EOFError, ValueError) as error:
            log.exception("process_died", job=job)
            raise JobFailedError("died") from error
        finally:
            self._busy.discard(worker)
            if is_fit and worker.jobs < self._limits.jobs_each and not self._closed:
                self._idle.append(worker)
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
    """One process, and how many jobs it has had."""

    process: asyncio.subprocess.Process
    jobs: int = field(default=0)

    @classmethod
    async def start(cls, memory: int) -> "_Worker":
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
            env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
            # An interrupt from the keyboard is for whoever drains the work, not for whoever does it.
            start_new_session=True,
        )
        return cls(process)

    @property
    def is_running(self) -> bool:
        """Tell whether nothing has ended it."""
        return self.process.returncode is None

    async def ask(self, message: Mapping[str, object]) -> dict[str, Any]:
        """Send a job and return the answer; raises `OSError`, `EOFError` or `ValueError` if the process is gone."""
        self.jobs += 1
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
        with suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin:
            self.process.stdin.close()
        await self.process.wait()
