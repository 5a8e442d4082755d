"""Files of sales as a job reads them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from core.files.model import StoredFile
from core.ports.file_jobs import FileJob, FileJobs
from core.sales.columns import SALE_HEADS, SaleHeads
from core.sales.model import StoredLine
from core.sales.reading import BadRow, Found, Manner
from core.shared.errors import RefusedError
from core.shared.value_objects import value_object
from core.transfer.findings import Findings
from core.transfer.layout import Layout
from core.transfer.sheet import ERROR, RowProblem, about
from core.transfer.sources import Mended, mended_as
from core.transfer.workbooks import MendedSheet

_JOB = "read_sales"


@value_object
class ReadSales:
    """A file of sales that is being read."""

    job: FileJob

    @property
    def is_sheet(self) -> bool:
        """Tell whether it is a workbook."""
        return self.job.sheet is not None

    async def blocks(self) -> AsyncIterator[tuple[float, Sequence[StoredLine]]]:
        """Yield the lines that count, block after block, with the fraction of the file that lies behind each."""
        async for fraction, lines in self.job.blocks():
            if lines:
                yield fraction, lines

    async def found(self) -> Found:
        """Return what was found, once all of it is read."""
        found: Found = Findings.of((await self.job.result())["found"])
        if sheet := self.job.sheet:
            found.hidden, found.merged = sheet["hidden"], sheet["merged"]
        return found

    async def mended(self) -> Mended:
        """Return what writes back the rows that can't be used."""
        told = dict((await self.job.result())["layout"])
        suffix, encoding = told.pop("suffix"), told.pop("encoding")
        layout = Layout(**told)
        if self.is_sheet:
            return MendedSheet(layout.headings, layout.places.get(ERROR))
        return mended_as(SALE_HEADS, suffix, layout, encoding)

    async def bad(self) -> AsyncIterator[Sequence[BadRow]]:
        """Yield the rows that can't be used, some at a time, once all of it is read."""
        async for rows in self.job.bad():
            yield [(row, [RowProblem(*parts) for parts in problems]) for row, problems in rows]


@asynccontextmanager
async def read_sales(
    jobs: FileJobs, file: StoredFile, chunks: AsyncIterator[bytes], heads: SaleHeads, manner: Manner
) -> AsyncIterator[ReadSales]:
    """Read a file of those columns; what refuses it says which file that is (`stored`)."""
    given = {
        "said": dict(heads.said),
        "remembered": dict(heads.remembered),
        "zone": manner.zone,
        "currency": manner.currency,
        "dedupe": manner.dedupe.value,
    }
    with about(SALE_HEADS, file.name):
        try:
            async with jobs.reading(_JOB, file.name, chunks, prefer=SALE_HEADS.title, given=given) as job:
                yield ReadSales(job)
        except RefusedError as error:
            error.details["stored"] = file.id
            raise
