"""What reports tell of sales, and of files like them, each within what its reader may see."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace

from core.chat.request import Attachment
from core.dates.ranges import Calendar, Range
from core.files.service import FileService
from core.ports.analyses import Analyses, Matrix, Spending
from core.ports.cache import Cache
from core.ports.storage import Transactions
from core.sales.answers import SalesAnswers
from core.sales.figures import By, Figures, Question
from core.sales.matrices import MOST_COLUMNS, Laid, SalesMatrices, shaped
from core.sales.periods import asked_days, by_spans, span_of
from core.sales.repository import SALE_FIGURES
from core.shared.clock import Clock
from core.shared.errors import RefusedError
from core.shared.value_objects import value_object
from core.workspaces.model import Audience

Handed = Attachment | str
"""A file that comes with the request, or the id of one that is stored."""


@contextmanager
def _about_lines(given: Handed) -> Iterator[None]:
    """Tell those who word why a file is refused what its rows are."""
    try:
        yield
    except RefusedError as error:
        error.details.update(noun="line", many="lines", row="1,Ann,9.50,2026-11-20", title="Report")
        error.details["file_name"] = given.name if isinstance(given, Attachment) else ""
        raise


@value_object
class Reading:
    """How sales are read: whoever adds much up takes `turns`, so that connections are left for what is quick.

    What the `cache` still has is not added up again.
    """

    turns: asyncio.Semaphore
    cache: Cache


class SalesService:
    """The sales of one workspace, in figures."""

    def __init__(
        self, transactions: Transactions, clock: Clock, analyses: Analyses, files: FileService, reading: Reading
    ) -> None:
        """Read by those units of work, and have figures shaped by those analyses."""
        self._transactions = transactions
        self._turns, self._cache = reading.turns, reading.cache
        self._clock = clock
        self._analyses = analyses
        self._files = files

    async def largest(self, question: Question) -> Figures:
        """Add up what was sold of each product, to each customer or into each country."""
        async with self._turns, self._transactions.read() as work:
            found = await (await SalesAnswers.of(work, self._cache)).groups(question)
            return found if found.totals else replace(found, latest=await work.of(SALE_FIGURES).last_day())

    async def over_time(self, question: Question, calendar: Calendar, *, suits: bool = False) -> Figures:
        """Add up what was sold in each span of days, of such a length as `suits` the range where that is wanted."""
        async with self._turns, self._transactions.read() as work:
            days = await (await SalesAnswers.of(work, self._cache)).days(asked_days(question))
            wanted = replace(question, by=span_of(question.range, days)) if suits else question
            found = by_spans(wanted, days, calendar)
            return found if found.totals else replace(found, latest=await work.of(SALE_FIGURES).last_day())

    async def matrix(self, within: Range, calendar: Calendar, *, by: By | None, rows: int, top: int) -> SalesMatrices:
        """Lay the products that sell best out by spans of days, which suit the range unless they are given."""
        async with self._turns, self._transactions.read() as work:
            figures = await SalesAnswers.of(work, self._cache)
            largest = await figures.groups(Question(within, By.PRODUCT, top=rows, is_compared=False))
            codes = sorted({figure.key for figure in largest.figures if figure.key})
            laid = Laid(largest, await figures.days(within), await figures.cells(within, codes) if codes else ())
            latest = None if largest.totals else await work.of(SALE_FIGURES).last_day()
        spans = by or span_of(within, laid.days, MOST_COLUMNS)
        return SalesMatrices(within, spans, await shaped(laid, spans, calendar, self._analyses, top=top), latest)

    async def matrix_of_file(self, given: Handed, audience: Audience, *, top: int) -> Matrix:
        """Shape a file that somebody hands in; raises `RefusedError`, `FileTooLargeError`, `NotFoundError`."""
        with _about_lines(given):
            return await self._analyses.matrix_of_file(await self._bytes_of(given, audience), top=top)

    async def spending_of_file(self, given: Handed, audience: Audience, *, top: int) -> Spending:
        """Add up what each customer in a file spent; raises as `matrix_of_file` does."""
        with _about_lines(given):
            return await self._analyses.spending_of_file(await self._bytes_of(given, audience), top=top)

    async def _bytes_of(self, given: Handed, audience: Audience) -> AsyncIterator[bytes]:
        if isinstance(given, Attachment):
            return given.open()
        _, chunks = await self._files.open(given, audience)
        return chunks
