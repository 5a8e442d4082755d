"""Hearing of other processes' commits where the database tells nobody: it is looked for what was added."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import Row, bindparam

from adapters.storage.engine.database import Database, Once
from adapters.storage.engine.news import Listener
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import events, message_counters
from adapters.storage.work.codec import data_of
from core.ports.storage import Committed, StorageUnavailableError
from core.shared.events import Event
from core.shared.value_objects import value_object

SECONDS = 1.0
MOST = 500
"""Events at once of which it is told that there were many; fewer are told one by one."""
OVERLAP = 200
"""Events looked at once more: a number may be given out earlier, and committed later, than the next one."""

_e, _n = events.c, message_counters.c
_LATEST = sa.select(_e.id).order_by(_e.id.desc()).limit(OVERLAP)
_SINCE = sa.select(events).where(_e.id > bindparam("last")).order_by(_e.id).limit(MOST + OVERLAP)
_MOVED = sa.select(_n.workspace_id, _n.channel_id, _n.change)

log = structlog.get_logger()


@value_object
class _Look:
    """What a look found: rows of events, and the number of the latest change of each console channel."""

    rows: Iterable[Row[Any]]
    changes: dict[tuple[int, int], int]


class PolledNews:
    """Looks now and then. What this process itself has added comes again with the rest, which harms nobody."""

    def __init__(self, database: Database, has_moved: Callable[[], Awaitable[bool]], seconds: float = SECONDS) -> None:
        """Look every so many seconds, and read only when `has_moved` says that there is something."""
        self._once = Once(database)
        self._has_moved = has_moved
        self._seconds = seconds
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._changes: dict[tuple[int, int], int] | None = None
        self._is_behind = False

    async def follow(self, listener: Listener) -> None:
        """Tell of every commit; each time it begins, anything may have been missed."""
        while True:
            try:
                if self._changes is None:
                    await self._begin()
                    listener.missed()
                # That there is something is said once: a look that fails has to be taken again.
                elif self._is_behind or await self._has_moved():
                    self._is_behind = True
                    await self._look(listener)
                    self._is_behind = False
            except StorageUnavailableError as error:
                log.info("news_interrupted", cause=error.reason)
            await asyncio.sleep(self._seconds)

    async def _begin(self) -> None:
        """Take what is there for known."""
        await self._has_moved()
        ids, changes = await self._once.read(lambda db: (list(db.execute(_LATEST).scalars()), _changes(db)))
        self._seen = OrderedDict.fromkeys(sorted(ids))
        self._changes = changes

    async def _look(self, listener: Listener) -> None:
        last = next(iter(self._seen), 0) - 1
        found = await self._once.read(lambda db: _Look(db.execute(_SINCE, {"last": last}).all(), _changes(db)))
        fresh = [row for row in found.rows if row.id not in self._seen]
        known, self._changes = self._changes or {}, found.changes
        moved = {place for place, change in found.changes.items() if known.get(place) != change}
        if len(fresh) >= MOST:
            await self._begin()
            listener.missed()
            return
        for row in fresh:
            self._seen[row.id] = None
        while len(self._seen) > OVERLAP:
            self._seen.popitem(last=False)
        _tell(fresh, moved, listener)


def _tell(rows: Iterable[Row[Any]], moved: set[tuple[int, int]], listener: Listener) -> None:
    """Tell of what was found, workspace by workspace; posts and jobs may wait whenever something happened."""
    by_workspace: dict[int, list[Event]] = {workspace_id: [] for workspace_id, _ in moved}
    for row in rows:
        event = Event(row.kind, row.at, row.channel_id, row.actor_id, data_of(row.payload))
        by_workspace.setdefault(row.workspace_id, []).append(event)
    for workspace_id, happened in by_workspace.items():
        channels = frozenset(channel for workspace, channel in moved if workspace == workspace_id)
        listener.heard(Committed(workspace_id, tuple(happened), has_posts=True, channels=channels, has_jobs=True))


def _changes(db: Statements) -> dict[tuple[int, int], int]:
    return {(row.workspace_id, row.channel_id): row.change for row in db.execute(_MOVED).all()}
