"""Personal schedules keep to the clock of whose they are, wherever that is by now."""

from dataclasses import replace
from datetime import datetime

from core.ports.storage import UnitOfWork
from core.schedules.model import Schedule, ScheduleState
from core.schedules.repository import SCHEDULES
from core.shared.events import Event


async def follow(work: UnitOfWork, member_id: int, now: datetime) -> None:
    """Put the personal schedules of somebody on the clock that they have now."""
    schedules = await work.of(SCHEDULES).personal(member_id)
    moved = [after for before in schedules if (after := await on_their_clock(work, before, now)) != before]
    await work.of(SCHEDULES).change_many(moved)
    for schedule in moved:
        facts = {"number": schedule.number}
        work.events.record(Event("schedule.changed", now, schedule.channel_id, member_id, facts))


async def on_their_clock(work: UnitOfWork, schedule: Schedule, now: datetime) -> Schedule:
    """Return a schedule, a personal one in the zone of its author: it runs next when their clock says so."""
    member = await work.members.get(schedule.author_id) if schedule.personal else None
    if member is None:
        return schedule
    zone = (await work.settings.zones()).of(member.zone, channel_id=schedule.channel_id)
    if zone == schedule.zone:
        return schedule
    moved = replace(schedule, zone=zone)
    is_running = schedule.state is ScheduleState.ACTIVE and schedule.next_at is not None
    return replace(moved, next_at=moved.next_after(now), looked_at=now) if is_running else moved
