"""What reports tell, each within what its reader may see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from core.chat.actor import Actor
from core.ports.storage import Transactions
from core.reports.model import Done, Figures, Question
from core.reports.periods import asked_days, by_spans, span_of
from core.reports.ranges import Calendar
from core.reports.repository import REPORTS
from core.shared.clock import Clock
from core.shared.zones import instant, zone
from core.workspaces.model import Audience

_WEEK = timedelta(days=7)


class ReportService:
    """The reports of one workspace."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Read by those units of work."""
        self._transactions = transactions
        self._clock = clock

    async def largest(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country."""
        async with self._transactions.read() as work:
            return await work.of(REPORTS).groups(question)

    async def over_time(self, question: Question, calendar: Calendar, *, suits: bool = False) -> Figures:
        """Add up what was sold in each span of days, of such a length as `suits` the range where that is wanted."""
        async with self._transactions.read() as work:
            days = await work.of(REPORTS).days(asked_days(question))
        wanted = replace(question, by=span_of(question.range, days)) if suits else question
        return by_spans(wanted, days, calendar)

    async def tasks_done(
        self, actor: Actor, weeks: int, channel_id: int | None, audience: Audience
    ) -> Sequence[tuple[date, Done]]:
        """Count what was done in each of the last weeks by its Monday, this one last; days are of the actor's zone."""
        where = zone(actor.zone)
        today = self._clock.now().astimezone(where).date()
        monday = today - timedelta(days=today.weekday())
        days = [monday - _WEEK * back for back in range(weeks - 1, -2, -1)]
        edges = [instant(day, time(), where) for day in days]
        async with self._transactions.read() as work:
            found = await work.of(REPORTS).tasks_done(edges, channel_id, audience)
        return list(zip(days[:-1], found, strict=True))
