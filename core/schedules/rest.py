"""What is for one person alone does not come in their quiet hours: it is put off to their end."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.ports.storage import UnitOfWork
from core.reminders.quiet import told_from
from core.schedules.missed import LONGEST_GRACE
from core.schedules.model import Schedule

_INSTANT = timedelta(microseconds=1)


async def put_off(work: UnitOfWork, schedule: Schedule, now: datetime) -> Schedule | None:
    """Return a personal schedule that is due, put off to the end of the quiet hours that it falls into; else None.

    Where it comes by itself later on that day, it comes then only.
    """
    member = await work.members.get(schedule.author_id) if schedule.personal else None
    end = told_from(member, await work.settings.get(), now) if member else now
    if end <= now:
        return None
    following = schedule.next_after(end - _INSTANT)
    is_same_day = following and _day(schedule, following) == _day(schedule, end)
    return replace(schedule, next_at=following if is_same_day else end, looked_at=now)


def was_put_off(schedule: Schedule, now: datetime) -> datetime | None:
    """Return for when a schedule that is due was put off, if it was, and that is not too long ago."""
    at = schedule.next_at
    if at is None or not schedule.personal or schedule.next_after(at - _INSTANT) == at:
        return None
    return at if now - at <= LONGEST_GRACE else None


def _day(schedule: Schedule, at: datetime) -> object:
    return at.astimezone(schedule.where).date()
