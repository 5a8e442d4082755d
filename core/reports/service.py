"""What reports tell, each within what its reader may see."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.chat.request import Attachment
from core.files.service import FileService
from core.ports.analyses import Analyses, Matrix, Spending
from core.ports.storage import Transactions
from core.reports.done import MOST_SPANS, DoneSpans, firsts, instants, usual_span
from core.reports.matrices import MOST_COLUMNS, Laid, SalesMatrices, shaped
from core.reports.model import By, Figures, Question
from core.reports.periods import asked_days, by_spans, span_of
from core.reports.ranges import Calendar, Range
from core.reports.repository import REPORTS
from core.shared.clock import Clock
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.zones import zone
from core.workspaces.model import Audience

_DAY = timedelta(days=1)

Handed = Attachment | str
"""A file that comes with the request, or the id of one that is stored."""


@dataclass(frozen=True, slots=True)
class TaskScope:
    """Which tasks are counted: those of a channel, or of all (None), that an audience may see."""

    channel_id: int | None
    audience: Audience


@contextmanager
def _about_lines() -> Iterator[None]:
    """Tell those who word why a file is refused what its rows are."""
    try:
        yield
    except RefusedError as error:
        error.details.update(noun="line", many="lines", row="1,Ann,9.50,2026-11-20", title="Report")
        raise


class ReportService:
    """The reports of one workspace."""

    def __init__(
        self, transactions: Transactions, clock: Clock, analyses: Analyses, files: FileService, turns: asyncio.Semaphore
    ) -> None:
        """Read by those units of work, and have figures shaped by those analyses.

        Whoever adds much up takes `turns`, so that connections are left for what is quick.
        """
        self._transactions = transactions
        self._turns = turns
        self._clock = clock
        self._analyses = analyses
        self._files = files

    async def largest(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country."""
        async with self._turns, self._transactions.read() as work:
            return await work.of(REPORTS).groups(question)

    async def over_time(self, question: Question, calendar: Calendar, *, suits: bool = False) -> Figures:
        """Add up what was sold in each span of days, of such a length as `suits` the range where that is wanted."""
        async with self._turns, self._transactions.read() as work:
            days = await work.of(REPORTS).days(asked_days(question))
        wanted = replace(question, by=span_of(question.range, days)) if suits else question
        return by_spans(wanted, days, calendar)

    async def matrix(self, within: Range, calendar: Calendar, *, by: By | None, rows: int, top: int) -> SalesMatrices:
        """Lay the products that sell best out by spans of days, which suit the range unless they are given."""
        async with self._turns, self._transactions.read() as work:
            reports = work.of(REPORTS)
            largest = await reports.groups(Question(within, By.PRODUCT, top=rows, is_compared=False))
            codes = sorted({figure.key for figure in largest.figures if figure.key})
            laid = Laid(largest, await reports.days(within), await reports.cells(within, codes) if codes else ())
        spans = by or span_of(within, laid.days, MOST_COLUMNS)
        return SalesMatrices(within, spans, await shaped(laid, spans, calendar, self._analyses, top=top))

    async def matrix_of_file(self, given: Handed, audience: Audience, *, top: int) -> Matrix:
        """Shape a file that somebody hands in; raises `RefusedError`, `FileTooLargeError`, `NotFoundError`."""
        with _about_lines():
            return await self._analyses.matrix_of_file(await self._bytes_of(given, audience), top=top)

    async def spending_of_file(self, given: Handed, audience: Audience, *, top: int) -> Spending:
        """Add up what each customer in a file spent; raises as `matrix_of_file` does."""
        with _about_lines():
            return await self._analyses.spending_of_file(await self._bytes_of(given, audience), top=top)

    async def _bytes_of(self, given: Handed, audience: Audience) -> AsyncIterator[bytes]:
        if isinstance(given, Attachment):
            return given.open()
        _, chunks = await self._files.open(given, audience)
        return chunks

    async def tasks_done(
        self, within: Range, calendar: Calendar, zone_name: str, scope: TaskScope, *, by: By | None
    ) -> DoneSpans:
        """Count what was done in the spans of a range, and in the range before; days are those of a zone.

        Raises `InvalidArgumentError` for more spans than can be asked for.
        """
        async with self._turns, self._transactions.read() as work:
            if within.is_open:
                first = await work.of(REPORTS).first_done(scope.channel_id, scope.audience)
                within = _since(first, min(within.last, calendar.today), zone_name)
            spans = by or usual_span(within)
            days = firsts(within, spans, calendar)
            if len(days) > MOST_SPANS:
                raise InvalidArgumentError("by", "too_many_spans", limit=MOST_SPANS)
            before = within.before
            edges = instants([*([before.first] if before else []), *days, within.last + _DAY], zone(zone_name))
            found = list(await work.of(REPORTS).tasks_done(edges, scope.channel_id, scope.audience))
        earlier = found.pop(0) if before else None
        return DoneSpans(within, spans, list(zip(days, found, strict=True)), earlier)


def _since(first: datetime | None, last: date, zone_name: str) -> Range:
    """Return the days from an instant in a zone, if there is one, to the last."""
    return Range(min(first.astimezone(zone(zone_name)).date(), last) if first else last, last)
