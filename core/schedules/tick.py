"""Making the jobs of schedules whose time has come."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from core.jobs.model import NewJob
from core.ports.storage import Storage, UnitOfWork
from core.schedules.following import on_their_clock
from core.schedules.missed import turn
from core.schedules.model import Schedule, ScheduleState
from core.schedules.repository import SCHEDULES
from core.schedules.rest import put_off, was_put_off
from core.schedules.rules import Interval
from core.shared.clock import CLOCKS_APART, Clock, Turnback, has_passed

LOOKED_AHEAD_EVERY = timedelta(minutes=10)
"""How often it is looked for what a clock put off that was ahead: it may be that of another machine."""

BATCH = 100
"""Schedules that are dealt with in one go: other writers of a workspace wait meanwhile."""

_Make = Callable[[Schedule, datetime], bool]
"""Makes the job of a run; tells whether it could, which it can't before the one before is over."""

_EVER = datetime(9000, 1, 1, tzinfo=UTC)


class Ticking:
    """Makes jobs of what is due, over all workspaces. Any number of processes may do so, and may die at any point.

    A schedule moves on in the transaction that makes its job, and for each of its times there is one job of its key.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        """Bind to the database and the time."""
        self._storage = storage
        self._clock = clock
        self._turnback = Turnback()
        self._looked_ahead: datetime | None = None

    async def run(self) -> int:
        """Deal with what is due and return how much was found, at most `BATCH`, so call again.

        One workspace's trouble leaves the others alone and is raised at the end, in an `ExceptionGroup`.
        """
        now = self._clock.now()
        if self._may_be_ahead(now):
            self._looked_ahead = now
            ahead = await self._storage.system.schedules_ahead(now + CLOCKS_APART)
            await _in_each(ahead, lambda workspace_id, numbers: self._put_right(workspace_id, numbers, now))
        due = await self._storage.system.due_schedules(now, BATCH)
        await _in_each(due, lambda workspace_id, numbers: self._tick(workspace_id, numbers, now))
        return len(due)

    def _may_be_ahead(self, now: datetime) -> bool:
        is_back = self._turnback.noticed(now)
        return is_back or self._looked_ahead is None or has_passed(LOOKED_AHEAD_EVERY, self._looked_ahead, now)

    async def seconds_left(self) -> float | None:
        """Return in how many seconds the next one is due, at least 0; None if nothing is to come."""
        next_at = await self._storage.system.next_schedule()
        return None if next_at is None else max((next_at - self._clock.now()).total_seconds(), 0.0)

    async def _tick(self, workspace_id: int, numbers: Sequence[int], now: datetime) -> None:
        async with self._storage.workspace(workspace_id).write() as work:
            # Read behind the workspace's lock: what another process has dealt with is due no more.
            due = await work.of(SCHEDULES).due(numbers, now)
            under_way = await work.jobs.under_way([one.waits_for for one in due if one.waits_for])
            made: list[NewJob] = []

            def make(schedule: Schedule, run: datetime) -> bool:
                is_free = schedule.waits_for not in under_way
                made.extend([schedule.job(run)] if is_free else [])
                return is_free

            await work.of(SCHEDULES).change_many([await _moved_on(work, one, now, make) for one in due])
            await work.jobs.queue_many(made, now)
            await work.commit()

    async def _put_right(self, workspace_id: int, numbers: Sequence[int], now: datetime) -> None:
        """Let schedules run that a clock which was ahead put off; what ran by it has its jobs, and none comes twice."""
        async with self._storage.workspace(workspace_id).write() as work:
            ahead = await work.of(SCHEDULES).due(numbers, _EVER)
            await work.of(SCHEDULES).change_many([put_right(schedule, now) for schedule in ahead])
            await work.commit()


async def _in_each(found: Sequence[tuple[int, int]], deal: Callable[[int, Sequence[int]], Awaitable[None]]) -> None:
    errors: list[Exception] = []
    for workspace_id, entries in groupby(sorted(found, key=itemgetter(0)), key=itemgetter(0)):
        try:
            await deal(workspace_id, [number for _, number in entries])
        except Exception as error:  # why: the other workspaces' reports are still wanted
            errors.append(error)
    if errors:
        raise ExceptionGroup("schedules failed", errors)


def put_right(schedule: Schedule, now: datetime) -> Schedule:
    """Return a schedule as if it had been looked at now for the last time, and counted from no later than now."""
    try:
        # An interval keeps its rhythm whichever of its times it is counted from.
        is_rhythm = isinstance(schedule.times, Interval)
        since = schedule.since if is_rhythm else min(schedule.since, now.replace(second=0, microsecond=0))
        back = replace(schedule, since=since)
        return replace(back, next_at=back.next_after(now), looked_at=now)
    except ValueError:
        # Written by a version that knows more than this one.
        return schedule


async def _moved_on(work: UnitOfWork, schedule: Schedule, now: datetime, make: _Make) -> Schedule:
    """Make the job of a schedule that is due, unless that is too late or too early, and return when it is due next."""
    if schedule.next_at is None:
        return schedule
    try:
        schedule = await on_their_clock(work, schedule, now)
        if schedule.next_at is None or schedule.next_at > now:
            return schedule
        later = await put_off(work, schedule, now)
        if later:
            return later
        waited = was_put_off(schedule, now)
        found = turn(schedule.times, schedule.where, schedule.since, schedule.next_at, now, schedule.looked_at)
    except ValueError:
        # Written by a version that knows more than this one; the others go on.
        return replace(schedule, state=ScheduleState.PAUSED, next_at=None)
    run = found.run or waited
    is_made = run is not None and make(schedule, run)
    return replace(
        schedule,
        next_at=found.next_at,
        looked_at=now,
        last_at=run if is_made else schedule.last_at,
        skipped=schedule.skipped + found.skipped + (run is not None and not is_made),
    )
