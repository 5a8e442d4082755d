"""Reminding people, from a timer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from core.people.model import Reader
from core.ports.storage import Post, Storage, UnitOfWork
from core.reminders.model import Remindable, Reminders
from core.shared.clock import Clock
from core.shared.events import Event

BATCH = 200
"""Reminders of an area handled in one go."""

LATEST = timedelta(hours=24)
"""A reminder that a downtime has delayed by more is left out: it would be news of yesterday."""


class Reminding:
    """Sends what is due, of all areas and over all workspaces."""

    def __init__(self, storage: Storage, clock: Clock, areas: Sequence[Reminders[Any]]) -> None:
        """Bind to the database, the time, and what areas remind of."""
        self._storage = storage
        self._clock = clock
        self._areas = areas

    async def run(self) -> int:
        """Queue the reminders that are due and return how many were dealt with; at most `BATCH` an area, so call again.

        Each record reminds once, however many copies of this run. One workspace's trouble leaves the others alone and
        is raised at the end, in an `ExceptionGroup`.
        """
        now, count = self._clock.now(), 0
        errors: list[Exception] = []
        for area in self._areas:
            due = sorted(await self._storage.system.due(area.kept, now, BATCH), key=itemgetter(0))
            for workspace_id, entries in groupby(due, key=itemgetter(0)):
                try:
                    count += await self._remind(area, workspace_id, [number for _, number in entries], now)
                except Exception as error:  # why: the other workspaces' people still want to be reminded
                    errors.append(error)
        if errors:
            raise ExceptionGroup("reminders failed", errors)
        return count

    async def _remind(self, area: Reminders[Any], workspace_id: int, numbers: Sequence[int], now: datetime) -> int:
        """Take the reminders of a workspace's records and queue their posts, in one transaction."""
        async with self._storage.workspace(workspace_id).write() as work:
            taken = await work.of(area.kept).take_due(numbers, now)
            fresh = [record for record in taken if now - record.remind_at <= LATEST]
            if fresh:
                await _post(work, area, fresh, now)
            for record in taken:
                facts = {"number": record.number, "sent": record in fresh}
                work.events.record(Event(f"{area.area}.reminded", now, area.channel(record), None, facts))
            await work.commit()
        return len(taken)


async def _post(work: UnitOfWork, area: Reminders[Any], records: Sequence[Remindable], now: datetime) -> None:
    """Queue one post for each person and channel, however many records it speaks of."""
    members = {member.id: member for member in await work.members.all() if member.active}
    home = (await work.settings.get()).zone
    posts: dict[tuple[int | None, int | None], list[Remindable]] = {}
    for record in records:
        people = [member for member in area.people(record) if member in members]
        channel_id = area.channel(record)
        for member_id in people or (() if channel_id is None else (None,)):
            posts.setdefault((channel_id, member_id), []).append(record)
    for (channel_id, member_id), wanted in posts.items():
        member = None if member_id is None else members[member_id]
        reader = Reader(member, home if member is None else member.zone or home)
        work.outbox.add(Post(area.word(wanted, reader, now), channel_id=channel_id, member_id=member_id), now)
