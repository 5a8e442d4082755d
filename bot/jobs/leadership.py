"""What one process at a time does, of all that serve from the same database: begun with the lease, ended with it.

The lease is renewed long before it is over. A process that can't renew it ends its duties before anybody else can have
got it; another one takes over when it is given back, or over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.jobs.loop import Loop
from core.ports.leases import LEAD, Leases
from core.ports.storage import StorageUnavailableError
from core.shared.value_objects import value_object

log = structlog.get_logger()

MARGIN, ENDING = 0.25, 0.2
"""Parts of them: how long before its end duties begin to end unless it was renewed, and how long they have for that."""
RENEWAL, LOOK = 0.25, 0.1
"""Parts of them: how often it is renewed, and how often it is looked whether it is to be had."""


@value_object
class Duty:
    """Something to be done by one process: how it begins and how it ends; it may begin again afterwards."""

    name: str
    begin: Callable[[], Awaitable[None]]
    end: Callable[[], Awaitable[None]]


def running(loop: Loop) -> Duty:
    """Return the duty of keeping a loop running."""

    async def begin() -> None:
        loop.start()

    return Duty(loop.name, begin, loop.stop)


@dataclass(slots=True)
class Leadership:
    """Takes the lease whenever it is to be had, and does the duties while it has it."""

    leases: Leases
    seconds: float
    """How long the lease is taken for."""
    duties: list[Duty] = field(default_factory=list)
    _leads: bool = False
    _asked_at: float = 0.0
    """When the lease was asked for that this process has, by the loop's clock: it is over no sooner than that."""
    _task: "asyncio.Task[None] | None" = None
    _ending: "asyncio.Task[None] | None" = None
    """The duties' ending, while it is under way."""
    _keeps_it: bool = False
    """Whether the lease was not given back yet after the duties ended."""

    @property
    def leads(self) -> bool:
        """Tell whether this process does the duties."""
        return self._leads

    async def start(self) -> None:
        """Take the lease now if it is to be had, and go on trying, or renewing it, until stopped."""
        await self._turn()
        self._task = asyncio.create_task(self._run(), name="leadership")

    async def add(self, duty: Duty) -> None:
        """Add a duty; it begins at once if this process leads."""
        self.duties.append(duty)
        if self._leads:
            await _guarded(duty.begin(), duty, "begin")

    async def rest(self) -> None:
        """End the duties and ask for nothing more, but keep the lease for as long as it lasts by itself."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._leads:
            await self._end()
            self._keeps_it = True
        elif self._ending is not None:
            await self._ending
            self._keeps_it = True

    async def stop(self) -> None:
        """End the duties and give the lease back, so that another process takes over at once."""
        await self.rest()
        if not self._keeps_it:
            return
        self._keeps_it = False
        try:
            async with asyncio.timeout(self.seconds * RENEWAL):
                await self.leases.give_back(LEAD)
        except (StorageUnavailableError, TimeoutError):
            log.info("lease_not_given_back")

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            try:
                await self._turn()
            except Exception:  # why: without this loop nobody would lead any more
                log.exception("leadership_failed")

    async def _turn(self) -> None:
        """Ask for the lease, and begin or end the duties accordingly."""
        asked_at = _now()
        patience = self.seconds * RENEWAL
        try:
            async with asyncio.timeout(max(0.0, min(patience, self._end_at - asked_at)) if self._leads else patience):
                has_it = await self.leases.take(LEAD, self.seconds)
        except (StorageUnavailableError, TimeoutError):
            # As long as nobody else can have it, it is still this process's.
            has_it = self._leads and _now() < self._end_at
        else:
            self._asked_at = asked_at
        if has_it and not self._leads:
            await self._begin()
        elif self._leads and not has_it:
            log.warning("lease_lost")
            await self._end()

    @property
    def _end_at(self) -> float:
        """Return when the duties have to begin to end, unless the lease is renewed before."""
        return self._asked_at + self.seconds * (1 - MARGIN)

    @property
    def _pause(self) -> float:
        """Return for how many seconds nothing is asked; never for longer than the duties may go on."""
        if not self._leads:
            return self.seconds * LOOK
        return min(self.seconds * RENEWAL, max(0.0, self._end_at - _now()))

    async def _begin(self) -> None:
        self._leads = True
        log.info("leading")
        for duty in self.duties:
            await _guarded(duty.begin(), duty, "begin")

    async def _end(self) -> None:
        """End all duties at once, for the time is short; whoever is stopped meanwhile does not stop that."""
        self._leads = False
        self._ending = asyncio.create_task(self._end_all(), name="leadership-ending")
        await asyncio.shield(self._ending)
        self._ending = None

    async def _end_all(self) -> None:
        await asyncio.gather(*(_guarded(self._in_time(duty.end()), duty, "end") for duty in self.duties))

    async def _in_time(self, work: Awaitable[None]) -> None:
        async with asyncio.timeout(self.seconds * ENDING):
            await work


async def _guarded(work: Awaitable[None], duty: Duty, what: str) -> None:
    try:
        await work
    except Exception as error:  # why: one duty's trouble must not keep the others from being done, or from ending
        log.exception("duty_failed", duty=duty.name, what=what, kind=type(error).__name__)


def _now() -> float:
    return asyncio.get_running_loop().time()
