"""What was done, in spans of days: how many tasks, and how many of them late."""

import asyncio
import datetime as dt
from collections.abc import Sequence

from core.dates.ranges import Calendar, Range, Spans
from core.ports.storage import Transactions
from core.shared.errors import InvalidArgumentError
from core.shared.value_objects import value_object
from core.shared.zones import instant, zone
from core.tasks.model import Done
from core.tasks.repository import TASKS
from core.workspaces.model import Audience

MOST_WEEKS = 60
"""Weeks that are told one by one, unless they are asked for."""

MOST_SPANS = 400
"""Spans of which figures are asked for at once."""

_DAY = dt.timedelta(days=1)


@value_object
class DoneSpans:
    """What was done in the spans of a range, each by its first day, and in the range before, if there is one."""

    range: Range
    by: Spans
    spans: Sequence[tuple[dt.date, Done]]
    before: Done | None

    @property
    def whole(self) -> Done:
        """Return what was done in all of them."""
        return Done(sum(done.amount for _, done in self.spans), sum(done.late for _, done in self.spans))


def usual_span(within: Range) -> Spans:
    """Return what the tasks of a range are counted by unless it is said."""
    return Spans.WEEK if within.days <= 7 * MOST_WEEKS else Spans.MONTH


def firsts(within: Range, by: Spans, calendar: Calendar) -> list[dt.date]:
    """Return the first day of each span of a range, as far as it lies in the range; not more than can be asked for."""
    found, day = [within.first], within.first
    while len(found) <= MOST_SPANS:
        day = calendar.further(by.value, calendar.beginning(by.value, day), 1)
        if day > within.last:
            break
        found.append(day)
    return found


def instants(days: Sequence[dt.date], where: dt.tzinfo) -> list[dt.datetime]:
    """Return when these days begin in a zone."""
    return [instant(day, dt.time(), where) for day in days]


@value_object
class TaskScope:
    """Which tasks are counted: those of a channel, or of all (None), that an audience may see."""

    channel_id: int | None
    audience: Audience


class DoneService:
    """What was done in one workspace, in figures."""

    def __init__(self, transactions: Transactions, turns: asyncio.Semaphore) -> None:
        """Read by those units of work; whoever adds much up takes `turns`."""
        self._transactions = transactions
        self._turns = turns

    async def in_spans(
        self, within: Range, calendar: Calendar, zone_name: str, scope: TaskScope, *, by: Spans | None
    ) -> DoneSpans:
        """Count what was done in the spans of a range, and in the range before; days are those of a zone.

        Raises `InvalidArgumentError` for more spans than can be asked for.
        """
        async with self._turns, self._transactions.read() as work:
            if within.is_open:
                first = await work.of(TASKS).first_done(scope.channel_id, scope.audience)
                within = _since(first, min(within.last, calendar.today), zone_name)
            spans = by or usual_span(within)
            days = firsts(within, spans, calendar)
            if len(days) > MOST_SPANS:
                raise InvalidArgumentError("by", "too_many_spans", limit=MOST_SPANS)
            before = within.before
            edges = instants([*([before.first] if before else []), *days, within.last + _DAY], zone(zone_name))
            found = list(await work.of(TASKS).done_between(edges, scope.channel_id, scope.audience))
        earlier = found.pop(0) if before else None
        return DoneSpans(within, spans, list(zip(days, found, strict=True)), earlier)


def _since(first: dt.datetime | None, last: dt.date, zone_name: str) -> Range:
    """Return the days from an instant in a zone, if there is one, to the last."""
    return Range(min(first.astimezone(zone(zone_name)).date(), last) if first else last, last)
