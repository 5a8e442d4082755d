"""What people do with schedules. One unit of work a method."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from core.alerts.model import Subject
from core.alerts.watching import begin_anew
from core.chat.actor import Actor
from core.jobs.model import Job
from core.ports.numbered import HIGHEST_NUMBER
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.schedules.kind import SCHEDULE_KIND, SCHEDULE_UNDO
from core.schedules.model import Schedule, ScheduleFilter, ScheduleState, written
from core.schedules.repository import SCHEDULES
from core.schedules.requests import SHOWN_RUNS, NewSchedule, Scheduled, ScheduleEdit
from core.schedules.rules import next_runs
from core.shared.clock import Clock
from core.shared.errors import ConflictError, InvalidArgumentError, NotFoundError, RefusedError
from core.shared.events import Event
from core.shared.paging import Page
from core.shared.value_objects import value_object
from core.undo.entries import TakenBack
from core.undo.keeping import keep_change
from core.workspaces.model import Audience

PAGE_SIZE = 10

_Step = Callable[[Schedule, datetime], Schedule]


@value_object
class Which:
    """A schedule of an area, as people call it: by its number, or its title."""

    area: str
    called: str


@value_object
class Only:
    """The one schedule of a title that the actor has in an area for themselves, or a channel has."""

    area: str
    title: str
    channel_id: int | None = None


class ScheduleService:
    """The schedules of one workspace, for the length of one request.

    They are loaded through an audience: what one may not see is `NotFoundError`, and what one may see but not change,
    since it is somebody else's, `RefusedError` (`of_another`). Every change can be taken back, and records an event,
    which wakes those who make the jobs.
    """

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def add(self, actor: Actor, new: NewSchedule, command: str, *, unique: bool = False) -> Scheduled:
        """Make a schedule of the actor's; a `unique` title is no other one's in its area.

        Raises `InvalidArgumentError` (`schedule_over`) for times that are all over, and `RefusedError` (`name_taken`).
        """
        schedule = self._made(actor, new)
        async with self._transactions.write() as work:
            if unique:
                await _require_free(work, schedule)
            return await self._add(work, actor, schedule, command)

    async def only(self, actor: Actor, which: Only) -> Scheduled | None:
        """Return the one schedule that is meant, with its next runs, if there is one."""
        async with self._transactions.read() as work:
            found = await _only(work, actor, which)
        return self._told(found) if found else None

    async def keep_only(self, actor: Actor, new: NewSchedule, command: str) -> Scheduled:
        """Make the one schedule of its title that the actor has, or its channel, or change it to that.

        Raises `InvalidArgumentError` (`schedule_over`) for times that are all over.
        """
        made = self._made(actor, new)

        def apply(schedule: Schedule, now: datetime) -> Schedule:
            if (made.rule, made.zone, schedule.next_at is None) == (schedule.rule, schedule.zone, False):
                return schedule
            return replace(
                schedule,
                rule=made.rule,
                zone=made.zone,
                arguments=made.arguments,
                since=made.since,
                next_at=made.next_at,
                looked_at=made.looked_at,
                author_id=made.author_id,
                state=ScheduleState.ACTIVE,
            )

        async with self._transactions.write() as work:
            found = await _only(work, actor, Only(new.area, new.title, None if new.personal else new.channel_id))
            if found is None:
                return await self._add(work, actor, made, command)
            return await self._apply(work, actor, found, apply, command)

    async def remove_only(self, actor: Actor, which: Only, command: str) -> Scheduled | None:
        """Take the one schedule that is meant away, if there is one."""
        async with self._transactions.write() as work:
            found = await _only(work, actor, which)
            return await self._apply(work, actor, found, _removed, command) if found else None

    def _made(self, actor: Actor, new: NewSchedule) -> Schedule:
        now = self._clock.now()
        schedule = Schedule(
            number=0,
            title=new.title,
            area=new.area,
            kind=new.kind,
            arguments=written(new.arguments),
            rule=new.rule.written(),
            zone=new.zone,
            channel_id=new.channel_id,
            author_id=actor.member_id,
            created_at=now,
            since=_minute(now),
            skip_empty=new.skip_empty,
            personal=new.personal,
        )
        return _running(schedule, now)

    async def _add(self, work: UnitOfWork, actor: Actor, made: Schedule, command: str) -> Scheduled:
        schedule = replace(made, number=await work.of(SCHEDULES).reserve_numbers())
        work.of(SCHEDULES).add(schedule)
        undo_id = _keep(work, actor, command, None, schedule, self._clock.now())
        await work.commit()
        return self._told(schedule, undo_id)

    async def list(self, wanted: ScheduleFilter, audience: Audience, *, cursor: str = "") -> Page[Schedule]:
        """Return a page of schedules by number; raises `InvalidArgumentError` (`cursor`) for a cursor that is none."""
        async with self._transactions.read() as work:
            return await work.of(SCHEDULES).page(wanted, audience, cursor=cursor, limit=PAGE_SIZE)

    async def show(self, which: Which, audience: Audience) -> Scheduled:
        """Return a schedule with its next runs."""
        async with self._transactions.read() as work:
            return self._told(await _load(work, which, audience))

    async def change(
        self, actor: Actor, audience: Audience, which: Which, edit: ScheduleEdit, command: str
    ) -> Scheduled:
        """Change when a schedule runs, where, or what; it is then the actor's, since it runs with its owner's rights.

        Raises `InvalidArgumentError` (`schedule_over`, or `nothing_to_change` when nothing is given).
        """
        if edit == ScheduleEdit():
            raise InvalidArgumentError("when", "nothing_to_change")

        def apply(schedule: Schedule, now: datetime) -> Schedule:
            rule, zone = edit.rule.written() if edit.rule else schedule.rule, edit.zone or schedule.zone
            changed = replace(
                schedule,
                rule=rule,
                zone=zone,
                title=edit.title or schedule.title,
                arguments=schedule.arguments if edit.arguments is None else written(edit.arguments),
                skip_empty=schedule.skip_empty if edit.skip_empty is None else edit.skip_empty,
                channel_id=edit.channel_id or schedule.channel_id,
                author_id=actor.member_id,
            )
            if (rule, zone) == (schedule.rule, schedule.zone) or schedule.state is not ScheduleState.ACTIVE:
                return changed
            return _running(replace(changed, since=_minute(now)), now)

        return await self._change(actor, audience, which, apply, command)

    async def pause(self, actor: Actor, audience: Audience, which: Which, command: str) -> Scheduled:
        """Pause a schedule; what runs already goes on."""

        def pause(schedule: Schedule, _now: datetime) -> Schedule:
            is_active = schedule.state is ScheduleState.ACTIVE
            return replace(schedule, state=ScheduleState.PAUSED, next_at=None) if is_active else schedule

        return await self._change(actor, audience, which, pause, command)

    async def stop(self, actor: Actor, audience: Audience, which: Which, command: str) -> Scheduled:
        """Let a schedule end until it is started."""

        def stop(schedule: Schedule, _now: datetime) -> Schedule:
            return replace(schedule, state=ScheduleState.STOPPED, next_at=None)

        return await self._change(actor, audience, which, stop, command)

    async def resume(self, actor: Actor, audience: Audience, which: Which, command: str) -> Scheduled:
        """Let a paused schedule go on in its rhythm; what it would have run meanwhile is left out.

        One that was stopped begins anew, counting from now. One whose owner is not there any more is then the actor's.
        """

        def resume(schedule: Schedule, now: datetime) -> Schedule:
            if schedule.state is ScheduleState.ACTIVE and schedule.next_at:
                return schedule
            since = _minute(now) if schedule.state is ScheduleState.STOPPED else schedule.since
            return _running(replace(schedule, state=ScheduleState.ACTIVE, since=since, streak=0), now)

        return await self._change(actor, audience, which, resume, command)

    async def remove(self, actor: Actor, audience: Audience, which: Which, command: str) -> Scheduled:
        """Take a schedule away."""
        return await self._change(actor, audience, which, _removed, command)

    async def run_now(self, actor: Actor, audience: Audience, which: Which) -> tuple[Schedule, Job]:
        """Make the job of a schedule now, beside its times; one that it makes in this second anyway is that job.

        Raises `RefusedError` (`runs_already`) where that was so.
        """
        now = self._clock.now().replace(microsecond=0)
        async with self._transactions.write() as work:
            schedule = await _own(work, actor, audience, which)
            job = await work.jobs.queue(schedule.job(now), now)
            if job is None:
                raise RefusedError("runs_already", title=schedule.title)
            await work.commit()
        return schedule, job

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience) -> TakenBack[Schedule]:
        """Take back what an undo entry of kind `SCHEDULE_CHANGE` records; marking it as used is the caller's.

        Raises `RefusedError` for others' (`of_another`).
        """
        now = self._clock.now()
        async with self._transactions.write() as work:
            undone = await SCHEDULE_UNDO.take_back(work, work.of(SCHEDULES), actor, entry, now, audience)
            for schedule in undone.before:
                actor.require_own(schedule.author_id, "schedule", schedule.number)
            for schedule in undone.records:
                _tell(work, actor, schedule, now)
            await work.commit()
        return undone

    async def _change(self, actor: Actor, audience: Audience, which: Which, step: _Step, command: str) -> Scheduled:
        async with self._transactions.write() as work:
            return await self._apply(work, actor, await _own(work, actor, audience, which), step, command)

    async def _apply(self, work: UnitOfWork, actor: Actor, before: Schedule, step: _Step, command: str) -> Scheduled:
        now = self._clock.now()
        after = step(before, now)
        if after == before:
            return self._told(before)
        if after.next_at and not await _is_there(work, after.author_id):
            after = replace(after, author_id=actor.member_id)
        after = replace(after, version=before.version + 1)
        if not await work.of(SCHEDULES).change(after, before.version):
            raise ConflictError("schedule_changed_meanwhile", number=before.number, title=before.title)
        if before.streak and not after.streak:
            await begin_anew(work, Subject(SCHEDULE_KIND.name, after.number))
        undo_id = _keep(work, actor, command, before, after, now)
        await work.commit()
        return self._told(after, undo_id)

    def _told(self, schedule: Schedule, undo_id: str = "") -> Scheduled:
        return Scheduled(schedule, coming_runs(schedule, self._clock.now()), undo_id)


def coming_runs(schedule: Schedule, now: datetime) -> Sequence[datetime]:
    """Return the next few runs of a schedule, none of one that doesn't run."""
    if schedule.next_at is None:
        return ()
    later = next_runs(schedule.times, schedule.where, max(now, schedule.next_at), schedule.since, SHOWN_RUNS)
    return [schedule.next_at, *later][:SHOWN_RUNS]


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _running(schedule: Schedule, now: datetime) -> Schedule:
    next_at = schedule.next_after(now)
    if next_at is None:
        raise InvalidArgumentError("when", "schedule_over", value=schedule.times.words())
    return replace(schedule, next_at=next_at, looked_at=now)


async def _load(work: UnitOfWork, which: Which, audience: Audience) -> Schedule:
    """Return the schedule that is called so; raises `NotFoundError`."""
    called, digits = which.called.strip(), which.called.strip().removeprefix("#")
    if digits.isascii() and digits.isdecimal():
        number = int(digits)
        schedule = await work.of(SCHEDULES).get(number, audience) if 0 < number <= HIGHEST_NUMBER else None
        if schedule and schedule.area == which.area:
            return schedule
    found = await work.of(SCHEDULES).named(called, which.area, audience)
    if len(found) != 1:
        raise NotFoundError(f"{which.area} schedule", called)
    return found[0]


async def _own(work: UnitOfWork, actor: Actor, audience: Audience, which: Which) -> Schedule:
    """Return a schedule that the actor may change: their own, or anybody's for whoever reaches that."""
    schedule = await _load(work, which, audience)
    actor.require_own(schedule.author_id, "schedule", schedule.number)
    return schedule


async def _only(work: UnitOfWork, actor: Actor, which: Only) -> Schedule | None:
    author_id = actor.member_id if which.channel_id is None else None
    return await work.of(SCHEDULES).only(which.title, which.area, author_id=author_id, channel_id=which.channel_id)


def _removed(schedule: Schedule, now: datetime) -> Schedule:
    return replace(schedule, removed_at=now, next_at=None)


async def _is_there(work: UnitOfWork, member_id: int) -> bool:
    member = await work.members.get(member_id)
    return member is not None and member.active


async def _require_free(work: UnitOfWork, schedule: Schedule) -> None:
    """Refuse a title that another one of the area has, whoever may see that."""
    if await work.of(SCHEDULES).has(schedule.title, schedule.area):
        raise RefusedError("name_taken", field="name", value=schedule.title)


def _keep(work: UnitOfWork, actor: Actor, command: str, before: Schedule | None, after: Schedule, now: datetime) -> str:
    _tell(work, actor, after, now)
    return keep_change(work, SCHEDULE_KIND, actor, command, [before], [after], now)


def _tell(work: UnitOfWork, actor: Actor, schedule: Schedule, now: datetime) -> None:
    facts = {"number": schedule.number}
    work.events.record(Event("schedule.changed", now, schedule.channel_id, actor.member_id, facts))
