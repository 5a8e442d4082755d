"""The file that is handed in, ready to be read: text, or a workbook by its first bytes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from core.files.model import StoredFile
from core.ports.workbooks import ROWS_EVER, STARTS, Sheet, Workbooks
from core.shared.stepping import pulled
from core.shared.value_objects import value_object
from core.transfer.layout import AnySheet
from core.transfer.sources import Source, open_source
from core.transfer.workbooks import SheetSource


@value_object
class Given:
    """A file to import: its name, how much there is to read, its bytes, and its sheet if it is a workbook.

    A sheet has been read by then, which takes its time and is done before anything else.
    """

    name: str
    size: int
    chunks: AsyncIterator[bytes]
    sheet: Sheet | None = None

    @property
    def returned_name(self) -> str:
        """Return what the file with the errors is called."""
        return returned_name(self.name, is_sheet=self.sheet is not None)

    def opening(self, sheet: AnySheet) -> Callable[[], Source]:
        """Return what finds out, in a thread, how the file is laid out; it raises `RefusedError`."""
        if self.sheet:
            return partial(SheetSource, sheet, self.sheet)
        return partial(open_source, sheet, self.name, pulled(self.chunks))


def returned_name(name: str, *, is_sheet: bool) -> str:
    """Return what the file with the errors of another is called."""
    stem, _, ending = name.rpartition(".")
    # A text that is called like a workbook would come back as a file that no spreadsheet program opens.
    suffix = ending if stem and not ending.casefold().startswith("xls") else "csv"
    return f"{(stem or ending).removesuffix('-errors')}-errors.{SheetSource.suffix if is_sheet else suffix}"


@asynccontextmanager
async def given_file(
    workbooks: Workbooks, sheet: AnySheet, file: StoredFile, chunks: AsyncIterator[bytes]
) -> AsyncIterator[Given]:
    """Yield a file ready to be read; by its first bytes it is a workbook, whatever its name says, or text.

    Raises as `Workbooks.reading` does.
    """
    first = b""
    while len(first) < len(STARTS[0]) and (chunk := await anext(chunks, None)):
        first += chunk
    whole = _chained(first, chunks)
    if not first.startswith(STARTS):
        yield Given(file.name, file.size, whole)
        return
    async with workbooks.reading(whole, prefer=sheet.title, row_limit=ROWS_EVER) as read:
        yield Given(file.name, read.size, whole, read)


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
