"""The schedules of one workspace, in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, literal_column

from adapters.storage.repositories.audience import IN_CHANNEL
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import CHANNEL, Kind, Narrowed, Way, numbered
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.repositories.schedules.rows import row_of, schedule_of
from adapters.storage.schema.schedule_table import schedules
from adapters.storage.schema.text_forms import sort_key
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from core.schedules.model import TITLE_LIMIT, Schedule, ScheduleCounts, ScheduleFilter
from core.shared.paging import Page
from core.workspaces.model import Audience

_s = schedules.c

KIND: Kind[Schedule] = Kind(
    table=schedules,
    row_of=row_of,
    item_of=schedule_of,
    words=_s.title_sort,
    conditions={
        "area": _s.area == bindparam("in_area", type_=sa.String()),
        "state": _s.state == bindparam("in_state", type_=sa.String()),
        "title": _s.title_sort == bindparam("in_title", type_=sa.String()),
    },
    # An addition keeps the database from an index whose order is another.
    walk=Way({CHANNEL: _s.channel_id + literal_column("0") == IN_CHANNEL}),
)
_BY_NUMBER = Order((_s.number,))
_DUE = numbered(KIND).where(_s.next_at.is_not(None), _s.next_at <= bindparam("moment", type_=_s.next_at.type))
_ONE = scope.select(schedules).where(_s.number == bindparam("the_number"), _s.removed_at.is_(None))
_COUNTS = scope.select(
    schedules,
    sa.func.count().label("there"),
    sa.func.count(_s.next_at).label("active"),
    sa.func.count(sa.case((_s.next_at < bindparam("moment", type_=_s.next_at.type), _s.number))).label("late"),
    sa.func.min(_s.next_at).label("first"),
).where(_s.removed_at.is_(None))
_NAMED = scope.select(schedules, _s.number).where(
    _s.area == bindparam("the_area"), _s.title_sort == bindparam("the_title"), _s.removed_at.is_(None)
)
_MOST_NAMED = 10
_ALL_NAMED = scope.select(schedules).where(
    _s.area == bindparam("the_area"), _s.title_sort == bindparam("the_title"), _s.removed_at.is_(None)
)
_IS_PERSONAL = sa.and_(_s.author_id == bindparam("the_author"), _s.personal == sa.true())
_OF_PERSON = _ALL_NAMED.where(_IS_PERSONAL)
_OF_CHANNEL = _ALL_NAMED.where(_s.channel_id == bindparam("the_channel"), _s.personal.is_(None))
_PERSONAL = scope.select(schedules).where(_IS_PERSONAL, _s.removed_at.is_(None)).order_by(_s.number)


class Schedules(NumberedItems[Schedule]):
    """The repository of schedules."""

    kind = KIND

    async def due(self, numbers: Sequence[int], now: datetime) -> Sequence[Schedule]:
        """Return those of the schedules whose time has come."""

        def read(db: Scoped) -> list[Schedule]:
            return [schedule_of(row) for some in chunks(numbers) for row in db.all(_DUE, numbers=some, moment=now)]

        return await self._transaction.run(read)

    async def of_job(self, number: int) -> Schedule | None:
        """Return the schedule that made a job, for whoever runs that; None for one that was removed."""
        row = await self._transaction.run(lambda db: db.first(_ONE, the_number=number))
        return schedule_of(row) if row else None

    async def counts(self, late_before: datetime) -> ScheduleCounts:
        """Return how many there are; those whose time came before then are late."""
        row = await self._transaction.run(lambda db: db.first(_COUNTS, moment=late_before))
        if row is None:
            return ScheduleCounts()
        return ScheduleCounts(row.active, row.there - row.active, row.late, row.first)

    async def page(
        self, wanted: ScheduleFilter, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Page[Schedule]:
        """Return a page by number; raises `InvalidArgumentError` (`cursor`) for a cursor that is none."""
        return await self._page(_narrowed(wanted), audience, _BY_NUMBER, cursor=cursor, limit=limit)

    async def named(self, title: str, area: str, audience: Audience) -> Sequence[Schedule]:
        """Return the schedules of an area that are called so, whatever the case of letters."""
        wanted = {"area": area, "title": sort_key(title, TITLE_LIMIT)}
        return (await self._page(wanted, audience, _BY_NUMBER, limit=_MOST_NAMED)).items

    async def has(self, title: str, area: str) -> bool:
        """Tell whether a schedule of an area is called so, whoever may see it."""
        wanted = {"the_area": area, "the_title": sort_key(title, TITLE_LIMIT)}
        return await self._transaction.run(lambda db: db.first(_NAMED, **wanted) is not None)

    async def only(
        self, title: str, area: str, *, author_id: int | None = None, channel_id: int | None = None
    ) -> Schedule | None:
        """Return the personal schedule of a title that somebody has in an area, or the one of a channel that is not."""
        wanted: dict[str, Any] = {"the_area": area, "the_title": sort_key(title, TITLE_LIMIT)}
        statement, whose = (_OF_CHANNEL, channel_id) if author_id is None else (_OF_PERSON, author_id)
        wanted |= {"the_channel" if author_id is None else "the_author": whose}
        row = await self._transaction.run(lambda db: db.first(statement, **wanted))
        return schedule_of(row) if row else None

    async def personal(self, author_id: int) -> Sequence[Schedule]:
        """Return the personal schedules of somebody."""
        rows = await self._transaction.run(lambda db: db.all(_PERSONAL, the_author=author_id))
        return list(map(schedule_of, rows))

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Schedule]:
        """Return schedules whose number or a word of whose title starts so, for completion."""
        return await self._suggest(prefix, {}, audience, _BY_NUMBER, limit=limit)


def _narrowed(wanted: ScheduleFilter) -> Narrowed:
    state = wanted.state.value if wanted.state else None
    asked: dict[str, Any] = {"area": wanted.area, CHANNEL: wanted.channel_id, "state": state}
    return {name: value for name, value in asked.items() if value is not None}
