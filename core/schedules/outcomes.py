"""What became of the jobs that schedules made."""

from dataclasses import replace
from datetime import datetime

from core.alerts.model import News, Subject
from core.alerts.watching import begin_anew, observe
from core.ports.storage import UnitOfWork
from core.schedules.kind import SCHEDULE_KIND
from core.schedules.model import ERROR_LIMIT, Ran, Schedule, ScheduleState
from core.schedules.repository import SCHEDULES
from core.shared.value_objects import value_object


@value_object
class Outcome:
    """A schedule after one of its jobs, the time that the job was for, and what its owner is to hear, if anything.

    They hear of the first of several failures in a row, and when it works again.
    """

    schedule: Schedule
    run: datetime
    news: News | None


async def schedule_of(work: UnitOfWork, key: str) -> Schedule | None:
    """Return the schedule that made the job of a key; None if none did, or it is no more."""
    ran = Ran.of(key)
    return await work.of(SCHEDULES).of_job(ran.number) if ran else None


async def record_outcome(work: UnitOfWork, key: str, error: str, now: datetime) -> Outcome | None:
    """Keep with a schedule how the job of that key went, in the transaction that ends the job.

    `error` says in words why it failed, nothing where it did not. None for a job that no schedule made, or one that is
    no more.
    """
    ran, schedule = Ran.of(key), await schedule_of(work, key)
    if ran is None or schedule is None:
        return None
    after = replace(
        schedule,
        runs=schedule.runs + 1,
        errors=schedule.errors + bool(error),
        streak=schedule.streak + 1 if error else 0,
        last_error=error[:ERROR_LIMIT] or schedule.last_error,
    )
    await work.of(SCHEDULES).change_many([after])
    news = await observe(work, SCHEDULE_KIND.name, {schedule.number: bool(error)}, now)
    return Outcome(after, ran.run, news[0] if news else None)


async def let_rest(work: UnitOfWork, number: int) -> Schedule | None:
    """Pause a schedule that can't run any more; None if it rests already.

    That is told in place of a failure, of which its owner then heard nothing.
    """
    await begin_anew(work, Subject(SCHEDULE_KIND.name, number))
    schedule = await work.of(SCHEDULES).of_job(number)
    if schedule is None or schedule.state is not ScheduleState.ACTIVE:
        return None
    paused = replace(schedule, state=ScheduleState.PAUSED, next_at=None, version=schedule.version + 1)
    await work.of(SCHEDULES).change_many([paused])
    return paused
