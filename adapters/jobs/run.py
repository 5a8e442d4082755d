"""One run of a job: it happens on the loop of the application, while a thread keeps the results of its steps."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Protocol, cast

from sqlalchemy.exc import SQLAlchemyError

from core.ports.jobs import EngineUnavailableError, JobRef, JobStoppedError, Json


class Keeper(Protocol):
    """What keeps the results of a job's steps; it is called in the job's thread."""

    def kept(self, job: JobRef) -> "dict[str, Json]":
        """Return what is kept of the job; to be called once in a run."""
        ...

    def keep(self, step: str, result: Json) -> None:
        """Keep a step's result; raises `JobStoppedError`."""
        ...


@dataclass(slots=True)
class _Result:
    """A step's result on its way to be kept."""

    step: str
    value: Json
    kept: "asyncio.Future[None]"


@dataclass(slots=True)
class Run:
    """A run, which offers its steps to the job."""

    job: JobRef
    executor: str
    loop: asyncio.AbstractEventLoop
    keeper: Keeper
    is_lost: bool = False
    """Whether the job is no longer this run's."""
    _kept: "dict[str, Json]" = field(default_factory=dict)
    _has_kept: bool = False
    _results: "SimpleQueue[_Result | None]" = field(default_factory=SimpleQueue)

    async def step(self, name: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """Do something once and keep its result."""
        if name not in self._kept:
            # What comes back is what another run would get, also where it is not quite what was handed in.
            value = cast("Json", json.loads(json.dumps(await work())))
            result = _Result(name, value, self.loop.create_future())
            self._results.put(result)
            await result.kept
            self._kept[name] = value
        return self._kept[name]

    def to_the_end(self, work: Callable[["Run"], Coroutine[Any, Any, None]]) -> None:
        """Have the work done on the loop, and keep results in this thread until it is over; raises what it raises.

        `concurrent.futures.CancelledError` if it was cancelled.
        """
        if not self._has_kept:
            self._kept, self._has_kept = self.keeper.kept(self.job), True
        # What the thread knows of its job, tasks of the loop have no use for.
        future = Context().run(asyncio.run_coroutine_threadsafe, work(self), self.loop)
        future.add_done_callback(lambda _: self._results.put(None))
        while result := self._results.get():
            self._keep(result)
        future.result()

    def _keep(self, result: _Result) -> None:
        failure: Exception | None = None
        try:
            self.keeper.keep(result.step, result.value)
        except JobStoppedError as error:
            self.is_lost, failure = True, error
        except SQLAlchemyError as error:
            failure = EngineUnavailableError()
            failure.__cause__ = error
        except Exception as error:  # why: the step is told of it, in its own task
            failure = error
        self.loop.call_soon_threadsafe(_settle, result.kept, failure)


def _settle(kept: "asyncio.Future[None]", failure: Exception | None) -> None:
    if kept.done():
        return
    if failure:
        kept.set_exception(failure)
    else:
        kept.set_result(None)
