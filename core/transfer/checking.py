"""A file read once, from its first row to its last: what is found in it, the file to mend, the rows to be applied."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from functools import partial
from typing import Generic

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.shared.stepping import StepThread, ahead
from core.shared.value_objects import value_object
from core.transfer.choices import ImportMode
from core.transfer.findings import Findings
from core.transfer.given import Given, given_file
from core.transfer.mending import MendedText, MendedWorkbook, Mending
from core.transfer.model import StagedCells
from core.transfer.reading import Checked, Checker, ReadRows, RowBatches, keys_of
from core.transfer.sheet import D, Importer, R, RowProblem, Sheet, about
from core.transfer.tools import Asker, TransferTools, surroundings
from core.transfer.unique import Held, holders
from core.workspaces.model import Audience

Stage = Callable[[Checked], Awaitable[None]]


@value_object
class Read(Generic[R]):
    """What reading a file came to: what was found, the file to mend, how many numbers its new records take.

    `cells` says what was staged of each row.
    """

    findings: Findings[R]
    returned: StoredFile | None
    numbers: int
    cells: StagedCells


class FileReading(Generic[D, R]):
    """Reads files of one sheet."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R], wording: Callable[[RowProblem], str]) -> None:
        """Take the words for the `error` column."""
        self._tools = tools
        self._sheet = sheet
        self._wording = wording

    async def read(
        self, asker: Asker, file: StoredFile, importer: Importer, mode: ImportMode, stage: Stage | None = None
    ) -> Read[R]:
        """Read a file, handing over what is to be applied as long as that may still come to pass."""
        tools, sheet = self._tools, self._sheet
        async with tools.steps.read() as work:
            around = await surroundings(work, asker.actor, asker.audience, importer.now, importer.zone)
        chunks = tools.files.read(asker.actor, file)
        with about(sheet, file.name):
            async with given_file(tools.workbooks, sheet, file, chunks) as given, tools.thread() as thread:
                opened = given.opening(sheet)
                rows = await thread.run(lambda: RowBatches(sheet, opened(), around))
                checker = Checker(
                    sheet,
                    importer,
                    rows.source,
                    self._wording,
                    only_bad=mode is ImportMode.GOOD,
                    stages=stage is not None,
                )
                findings = checker.findings
                batches = self._checked(thread, rows, checker, asker.audience)
                # The database keeps rows while the next ones are read; a mere check has nobody to wait for.
                pieces = ahead(batches) if stage else batches
                async with self._mending(asker.actor, given) as mending, aclosing(pieces):
                    async for checked in pieces:
                        if checked.returned:
                            await mending.add(checked.returned)
                        if stage and checked.staged and not (mode is ImportMode.ALL and findings.bad):
                            await stage(checked)
                        asker.progress(min(rows.source.position / max(given.size, 1), 1.0))
                    findings.unused = tuple(rows.source.unused)
                    findings.twice = rows.source.layout.twice
                    if given.sheet:
                        findings.hidden, findings.merged = given.sheet.hidden, given.sheet.merged
                    returned = await _finished(mending, checker) if findings.bad else None
                return Read(findings, returned, checker.numbers, checker.cells)

    async def _checked(
        self, thread: StepThread, rows: RowBatches[D, R], checker: Checker[D, R], audience: Audience
    ) -> AsyncGenerator[Checked]:
        """Yield what the rows come to, batch after batch."""
        while (batch := await thread.run(rows.next)).raw:
            known, held = await self._there(rows, batch, audience)
            yield await thread.run(partial(checker.settle, batch, known, held))

    async def _there(
        self, rows: RowBatches[D, R], batch: ReadRows[D], audience: Audience
    ) -> tuple[Mapping[object, R], Held]:
        """Look up the records that rows name, and who has what only one can have."""
        sheet = self._sheet
        keys = keys_of(sheet, rows.source.layout, batch)
        if not keys and not sheet.unique:
            return {}, {}
        async with self._tools.steps.read() as work:
            known = await sheet.records.find(work, keys, audience) if keys else {}
            return known, await holders(work, sheet, batch.drafts)

    def _mending(self, actor: Actor, given: Given) -> Mending:
        tools = self._tools
        if given.sheet:
            return MendedWorkbook(tools.files, actor, given.returned_name, tools.workbooks, self._sheet.title)
        return MendedText(tools.files, actor, given.returned_name)


async def _finished(mending: Mending, checker: Checker[D, R]) -> StoredFile:
    if end := checker.mended.end():
        await mending.add(end)
    return await mending.finish()


async def keep_files(tools: TransferTools, *files: StoredFile | None) -> None:
    """Make files known that are stored by now."""
    if found := list(filter(None, files)):
        async with tools.transactions.write() as work:
            for file in found:
                work.files.add(file)
            await work.commit()
