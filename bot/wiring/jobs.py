"""What a serving process does by itself, beside the commands: its loops, and those that only one process runs."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog

from bot.application.application import QuartermasterApplication
from bot.application.contexts import Contexts
from bot.grammar.prefixing import Prefixing
from bot.identity.identities import Identities
from bot.jobs.boards import Boards
from bot.jobs.given_up import GivenUp
from bot.jobs.imports import ImportsGoOn
from bot.jobs.launcher import Launcher
from bot.jobs.leadership import Leadership, running
from bot.jobs.loop import Loop
from bot.jobs.operations import OperationLog
from bot.jobs.relay import Relay
from bot.jobs.retention import Retention
from bot.jobs.runner import Runner
from bot.jobs.schedules import LONGEST_SLEEP, SchedulesTick, changes_schedules
from bot.jobs.upkeep import AreasUpkeep
from bot.wiring.composition import Parts
from core.ports.storage import Committed, Storage
from core.reminders.timer import Reminding
from core.schedules.missed import LATE_AFTER
from core.schedules.tick import Ticking
from core.shared.clock import Clock

log = structlog.get_logger()

RELAY_SECONDS = 5.0
POST_SECONDS = 2.0
"""How long a stopping process waits for what it is posting; it is looked for by the next one, if need be."""
RETENTION_SECONDS = 24 * 3600.0
OPERATION_SECONDS = 1.0
FIGURES_SECONDS = 15.0
IMPORT_SECONDS = 30.0
UPKEEP_SECONDS = 30.0
BOARD_SECONDS = 10.0
"""How often it is looked whether boards have to be; each of them less often, and all of them when something happens."""


@dataclass(slots=True)
class Jobs:
    """The loops, started and stopped in order."""

    storage: Storage
    clock: Clock
    posts: Relay
    relay: Loop
    reminders: Loop
    schedules: Loop
    operations: Loop
    others: list[Loop]
    lease_seconds: float
    launcher: Launcher | None
    """What begins jobs, where something runs them."""
    runner: Runner
    leadership: Leadership = field(init=False)
    """What only one of several processes does."""
    _running: bool = False

    def __post_init__(self) -> None:
        """Let commits that leave posts wake the relay, and jobs that begin make room for others."""
        self.storage.watch(self._committed, self._missed)
        if self.launcher:
            self.runner.begun = self.launcher.begun
        duties = [running(loop) for loop in self.others if loop.is_alone]
        self.leadership = Leadership(self.storage.leases, self.lease_seconds, duties)

    async def start(self) -> None:
        """Start the loops, and the duties if no other process does them.

        Posts that a dead process was sending are taken up first, still in doubt. Where another process may be alive and
        sending them, they come back by themselves.
        """
        self.storage.follow()
        await self.leadership.start()
        if self.leadership.leads and not self.storage.is_shared:
            recovered = await self.storage.outbox.recover(self.clock.now())
            if recovered:
                log.warning("posts_in_doubt", count=recovered)
        for loop in self._everywhere():
            loop.start()
        if self.launcher:
            self.launcher.start(self.runner.run)
        self._running = True

    async def start_working(self) -> None:
        """Run jobs, and make those of schedules; all else is done by processes that serve."""
        self.storage.follow()
        self.schedules.start()
        self.operations.start()
        if self.launcher:
            self.launcher.start(self.runner.run)
        self._running = True

    async def step_down(self) -> None:
        """End what only one process does.

        Where others serve too, one of them can begin at once. A file's next process takes what is being posted for a
        dead one's: it has to wait until this one posts nothing any more.
        """
        await (self.leadership.stop() if self.storage.is_shared else self.leadership.rest())

    async def stop(self) -> None:
        """Stop the loops, and give back what only one process has."""
        if self.launcher and self._running:
            await self.launcher.stop()
        await asyncio.gather(*(loop.stop() for loop in self._everywhere()))
        await self.posts.settle(POST_SECONDS)
        await self.leadership.stop()

    def _everywhere(self) -> Iterator[Loop]:
        """Yield the loops that run in every process."""
        yield self.relay
        yield self.reminders
        yield self.schedules
        yield self.operations
        yield from (loop for loop in self.others if not loop.is_alone)

    def _committed(self, committed: Committed) -> None:
        if self._running and committed.has_posts:
            self.relay.wake()
        if self._running and changes_schedules(committed):
            self.schedules.wake()

    def _missed(self) -> None:
        if self._running:
            self.relay.wake()
            self.schedules.wake()


def make_jobs(
    parts: Parts,
    application: QuartermasterApplication,
    contexts: Contexts,
    operations: OperationLog,
) -> Jobs:
    """Return what the process does by itself."""
    identities = contexts.identities
    failed = parts.metrics.loop_failed
    retention = Retention(parts.storage.system, parts.files, parts.clock, parts.engine)
    posts = _posts(parts, identities)
    upkeep = AreasUpkeep(parts.storage, contexts.supplies, parts.registry.upkeep)
    reminders = Reminding(parts.storage, parts.clock, parts.registry.reminders)

    async def remind() -> bool:
        return await reminders.run() > 0

    return Jobs(
        storage=parts.storage,
        clock=parts.clock,
        posts=posts,
        relay=_relay_loop(parts, posts),
        reminders=Loop("reminders", remind, parts.pace.reminder_seconds, failed),
        schedules=_schedule_loop(parts),
        operations=Loop("operations", operations.step, OPERATION_SECONDS, failed),
        others=[
            _board_loop(parts, identities),
            _import_loop(parts, contexts.supplies.process),
            Loop("retention", retention.step, RETENTION_SECONDS, failed, is_alone=True),
            _upkeep_loop(parts, upkeep),
            Loop("figures", partial(_measure, parts), FIGURES_SECONDS, failed),
        ],
        lease_seconds=parts.pace.lease_seconds,
        launcher=Launcher(parts.storage, parts.engine) if parts.engine else None,
        runner=Runner(
            storage=parts.storage,
            contexts=contexts,
            kinds=parts.registry.jobs,
            texts=parts.registry.errors,
            ask=application.run_for_job,
            awaited=application.awaited,
            clock=parts.clock,
            counted=parts.metrics.job_ended,
        ),
    )


def _posts(parts: Parts, identities: Identities) -> Relay:
    relay = Relay(parts.storage.outbox, identities, parts.messengers, parts.clock, parts.metrics.post)
    relay.word = Prefixing(parts.registry.catalogue).reply
    relay.given_up = GivenUp(parts.storage, identities, parts.clock).tell
    return relay


def _relay_loop(parts: Parts, relay: Relay) -> Loop:
    loop = Loop("relay", relay.step, RELAY_SECONDS, parts.metrics.loop_failed)
    relay.again_in = loop.wake_in
    return loop


def _schedule_loop(parts: Parts) -> Loop:
    tick = SchedulesTick(Ticking(parts.storage, parts.clock))
    loop = Loop("schedules", tick.step, LONGEST_SLEEP, parts.metrics.loop_failed)
    tick.again_in = loop.wake_in
    return loop


def _board_loop(parts: Parts, identities: Identities) -> Loop:
    pause = timedelta(seconds=parts.pace.board_seconds)
    boards = Boards(parts.storage, identities, parts.messengers, parts.clock, parts.registry.boards, pause)
    failed = parts.metrics.loop_failed
    loop = Loop("boards", boards.step, BOARD_SECONDS, failed, is_alone=True, prepare=boards.take_over)
    boards.again_in, boards.replies.word = loop.wake_in, Prefixing(parts.registry.catalogue).reply
    return loop


def _import_loop(parts: Parts, process: str) -> Loop:
    left = ImportsGoOn(parts.storage, parts.clock, process)
    failed = parts.metrics.loop_failed
    loop = Loop("imports", left.step, IMPORT_SECONDS, failed, is_alone=True, prepare=left.take_over)

    def cancelled(committed: Committed) -> None:
        if any(event.kind == "job.cancelled" for event in committed.events):
            loop.wake()

    parts.storage.watch(cancelled)
    return loop


def _upkeep_loop(parts: Parts, upkeep: AreasUpkeep) -> Loop:
    failed, after = parts.metrics.loop_failed, parts.registry.upkeep_after
    loop = Loop("upkeep", upkeep.step, UPKEEP_SECONDS, failed, is_alone=True, can_wait=True)

    def happened(committed: Committed) -> None:
        if any(event.kind in after for event in committed.events):
            loop.wake()

    parts.storage.watch(happened)
    return loop


async def _measure(parts: Parts) -> bool:
    """Take the figures that no event tells of."""
    waiting, since = await parts.storage.outbox.backlog()
    now = parts.clock.now()
    parts.metrics.outbox(waiting, (now - since).total_seconds() if since else 0.0)
    parts.metrics.to_do(await parts.storage.system.to_do(now, now - LATE_AFTER))
    return False
