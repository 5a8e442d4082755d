"""Reminding people, from a timer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from core.people.model import Member, Reader
from core.ports.storage import Post, Storage, UnitOfWork
from core.reminders.held import HELD_REMINDERS, HeldReminder
from core.reminders.model import Remindable, Reminders
from core.reminders.quiet import told_from
from core.shared.clock import Clock
from core.shared.events import Event
from core.shared.value_objects import value_object
from core.workspaces.model import Workspace, Zones

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

        Each record reminds each of its people once, however many copies of this run. What falls into somebody's quiet
        hours waits for their end. One workspace's trouble leaves the others alone and is raised at the end, in an
        `ExceptionGroup`.
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
        for workspace_id in await self._storage.system.held_reminders(now):
            try:
                count += await self._let_go(workspace_id, now)
            except Exception as error:  # why: as above
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
                await (await _Posting.of(work, area, now)).remind(fresh)
            for record in taken:
                facts = {"number": record.number, "sent": record in fresh}
                work.events.record(Event(f"{area.area}.reminded", now, area.channel(record), None, facts))
            await work.commit()
        return len(taken)

    async def _let_go(self, workspace_id: int, now: datetime) -> int:
        """Queue what waited for the end of somebody's quiet hours, as far as there still is a reason to remind them."""
        async with self._storage.workspace(workspace_id).write() as work:
            held = await work.of(HELD_REMINDERS).take(now)
            for area in self._areas:
                people: dict[int, set[int]] = defaultdict(set)
                for one in held:
                    if one.area == area.area and now - one.until <= LATEST:
                        people[one.number].add(one.member_id)
                if people:
                    records = await work.of(area.kept).silent(sorted(people))
                    await (await _Posting.of(work, area, now)).remind_later(records, people)
            await work.commit()
        return len(held)


@value_object
class _Posting:
    """Queues what an area reminds of: one post for each person and channel, however many records it speaks of."""

    work: UnitOfWork
    area: Reminders[Any]
    members: Mapping[int, Member]
    workspace: Workspace
    zones: Zones
    now: datetime

    @classmethod
    async def of(cls, work: UnitOfWork, area: Reminders[Any], now: datetime) -> "_Posting":
        members = {member.id: member for member in await work.members.all() if member.active}
        return cls(work, area, members, await work.settings.get(), await work.settings.zones(), now)

    async def remind(self, records: Sequence[Remindable]) -> None:
        """Remind everybody of records that are due; who is not to be disturbed later."""
        posts: dict[tuple[int | None, int | None], list[Remindable]] = {}
        for record in records:
            channel_id = self.area.channel(record)
            people = [member for member in self.area.people(record) if member in self.members]
            for member_id in people or (() if channel_id is None else (None,)):
                if member_id is None or self.area.insists(record) or not await self._hold(record, member_id):
                    posts.setdefault((channel_id, member_id), []).append(record)
        for (channel_id, member_id), wanted in posts.items():
            self._post(channel_id, member_id, wanted)

    async def remind_later(self, records: Sequence[Remindable], people: Mapping[int, set[int]]) -> None:
        """Remind people of what waited for them, all of it at once, as far as it is theirs by now."""
        theirs: dict[int, list[Remindable]] = defaultdict(list)
        for record in records:
            for member_id in self.area.people(record):
                is_wanted = member_id in people[record.number] and member_id in self.members
                if is_wanted and not await self._hold(record, member_id):
                    theirs[member_id].append(record)
        for member_id, wanted in theirs.items():
            channels = {self.area.channel(record) for record in wanted}
            # Where direct messages fail, a channel is told only of what is its own.
            self._post(channels.pop() if len(channels) == 1 else None, member_id, wanted)

    async def _hold(self, record: Remindable, member_id: int) -> bool:
        """Keep a reminder that falls into somebody's quiet hours until their end; tell whether it does."""
        until = told_from(self.members[member_id], self.workspace, self.now)
        if until <= self.now:
            return False
        await self.work.of(HELD_REMINDERS).hold(HeldReminder(self.area.area, record.number, member_id, until))
        return True

    def _post(self, channel_id: int | None, member_id: int | None, records: Sequence[Remindable]) -> None:
        member = None if member_id is None else self.members[member_id]
        reader = Reader(member, self.zones.of(member.zone if member else "", channel_id=channel_id))
        post = Post(self.area.word(records, reader, self.now), channel_id=channel_id, member_id=member_id)
        self.work.outbox.add(post, self.now)
