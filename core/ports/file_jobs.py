"""Files read where that holds nobody up: by a job in a process of its own, which hands over what it finds."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class FileJob(Protocol):
    """A file that is being read."""

    @property
    def sheet(self) -> Mapping[str, Any] | None:
        """Return what is told of a workbook's sheet: its `name`, how much is `hidden` and `merged`; None of a text."""
        ...

    def blocks(self) -> AsyncIterator[tuple[float, Any]]:
        """Yield what was found, block after block, with the fraction of the file that lies behind each.

        Raises `RefusedError` as soon as the file can't be read any further. May be asked for again.
        """
        ...

    async def result(self) -> Mapping[str, Any]:
        """Return what all of it came to, once it is read."""
        ...

    def bad(self) -> AsyncIterator[Sequence[tuple[Any, Any]]]:
        """Yield the rows that can't be used as they are in the file, each with what is wrong with it, some at a time.

        Waits until all of the file is read.
        """
        ...


class FileJobs(Protocol):
    """Reads files."""

    def reading(
        self, job: str, name: str, chunks: AsyncIterator[bytes], *, prefer: str, given: Mapping[str, object]
    ) -> AbstractAsyncContextManager[FileJob]:
        """Let a job read a file of that name, with whatever else it needs to be given.

        Of a workbook the sheet called `prefer` is read, or else the first. Raises as `Workbooks.reading` does.
        """
        ...
