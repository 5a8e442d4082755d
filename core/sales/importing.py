"""Files of sales taken in: read in a process of their own, and kept in short transactions while they are read."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.ports.file_jobs import FileJobs
from core.ports.storage import StorageUnavailableError, UnitOfWork
from core.sales.columns import SALE_HEADS, SALE_NAMES, SaleHeads
from core.sales.files import ReadSales, read_sales
from core.sales.model import CUSTOMER, DAY, DIGEST, Dedupe, StoredLine
from core.sales.reading import Found, Manner, Tally, count
from core.sales.repository import SALES, OtherLinesError
from core.shared.errors import QuartermasterError, RefusedError
from core.shared.stepping import ahead, rested
from core.shared.value_objects import value_object
from core.transfer.choices import ImportMode
from core.transfer.findings import Findings
from core.transfer.given import returned_name
from core.transfer.importing import Checked, Importing
from core.transfer.mending import MendedText, MendedWorkbook, Mending
from core.transfer.model import Import, ImportState
from core.transfer.moving import move
from core.transfer.pace import Pace
from core.transfer.repository import OvertakenError
from core.transfer.sheet import Importer, RowProblem
from core.transfer.tools import Asker, TransferTools
from core.transfer.undoing import Undoing

REMOVED_AT_ONCE = 500
"""Lines that one step of an undo removes."""

_LATE, _HOW = "late", "how"
"""What an import keeps: the lines that turned out to be there from before, and how it was begun."""


@value_object
class _Read:
    """What reading a file came to."""

    findings: Found
    returned: StoredFile | None


@value_object
class How:
    """How a file is to be read: by whose clock, in which currency, what counts once.

    Columns are called as `said` now, or as `remembered`: headings by column, and columns by heading.
    """

    zone: str
    currency: str
    dedupe: Dedupe
    said: Mapping[str, str]
    remembered: Mapping[str, str]


@value_object
class _New:
    """Lines that were not there from before, and the others, unless lines of somebody else's came after a number."""

    lines: Sequence[StoredLine]
    gone: Sequence[StoredLine]
    after: int


@value_object
class _Portion:
    """Lines of a step: `place` and `position` are where an import is behind them, `add` adds those that are new.

    They reach as far as the fraction of the file.
    """

    lines: Sequence[StoredLine]
    new: _New
    place: int
    position: int
    fraction: float
    add: Callable[[UnitOfWork], None]


class SalesImport(Importing[Any]):
    """Imports sales, for the length of one request.

    Lines are added as they are read. If the file turns out not to be readable to its end, they are taken back; of one
    whose rows all have to be good nothing is added before that is known.
    """

    def __init__(self, tools: TransferTools, jobs: FileJobs, how: How, wording: Callable[[RowProblem], str]) -> None:
        """Take what reads the files, and the words for the `error` column."""
        super().__init__(tools, SALE_NAMES, how.zone)
        self._jobs = jobs
        self._how = how
        self._wording = wording
        self._pace = Pace()
        self._commits = tools.commits()
        # The newest line when it was last looked whether there are lines that others added, and whether there are.
        self._begin_behind(0)

    # --- checking ---------------------------------------------------------------

    async def _read(self, asker: Asker, file: StoredFile, importer: Importer) -> Checked[Any]:
        late: Found = Findings()
        async with self._tools.steps.read() as work:
            self._begin_behind(await work.of(SALES).newest())
        async with self._opened(asker.actor, file, importer.zone) as read:
            async for fraction, lines in read.blocks():
                _take_out(late, (await self._look(lines, "")).gone)
                asker.progress(fraction)
            return await self._whole(asker.actor, file, read, late)

    async def _whole(self, actor: Actor, file: StoredFile, read: ReadSales, late: Found) -> _Read:
        """Return all that was found, and the file to mend."""
        found = await read.found()
        found.new += late.new
        found.unchanged += late.unchanged
        found.tallies.update(late.tallies)
        return _Read(found, await self._mended(actor, file, read) if found.bad else None)

    # --- importing --------------------------------------------------------------

    async def _conclude(self, work: UnitOfWork) -> None:
        """Do nothing: lines are all there is."""

    async def _run(self, job: Import, asker: Asker) -> tuple[Import, Found]:
        if how := job.findings.get(_HOW):
            # As it was begun, whatever is set or remembered by now.
            self._how = How(**{**how, "dedupe": Dedupe(how["dedupe"])})
        try:
            async with self._opened(asker.actor, job.file, job.zone) as read:
                if job.mode is ImportMode.ALL and job.state is ImportState.READING and (await read.found()).bad:
                    return await self._given_up(job, asker, read)
                job = await self._begin(job)
                job = await self._apply(job, asker, read)
                late: Found = Findings.of(job.findings[_LATE])
                whole = await self._whole(asker.actor, job.file, read, late)
                return replace(job, returned=whole.returned), whole.findings
        except (OvertakenError, StorageUnavailableError, asyncio.CancelledError):
            raise
        except QuartermasterError as error:
            # What can't be read to its end is not imported.
            await self._take_back(job.id)
            await self._drop(asker.actor, job.file if job.is_new else "", error)
            raise

    async def _drop(self, actor: Actor, source: str | StoredFile, error: Exception) -> None:
        """Drop a new file, but not one of which somebody is asked which column is which."""
        if not isinstance(error, RefusedError) or error.reason != "sales_columns":
            await super()._drop(actor, source, error)
            return
        if isinstance(source, StoredFile):
            # In a transaction of its own: of what is refused nothing else stays.
            async with self._tools.steps.write() as work:
                work.files.add(source)
                await work.commit()

    async def _given_up(self, job: Import, asker: Asker, read: ReadSales) -> tuple[Import, Found]:
        """Make a mere check of an import in which a row is bad that has to be good."""
        whole = await self._whole(asker.actor, job.file, read, Findings())
        await self._take_back(job.id)
        async with self._tools.transactions.write() as work:
            for file in (job.file if job.is_new else None, whole.returned):
                if file:
                    work.files.add(file)
            await work.commit()
        return replace(job, mode=ImportMode.CHECK, returned=whole.returned), whole.findings

    async def _begin(self, job: Import) -> Import:
        """Let lines be added, all of them beyond those that there are."""
        if job.state is not ImportState.READING:
            return job
        nothing: Found = Findings()
        async with self._tools.steps.read() as work:
            newest = await work.of(SALES).newest()
        async with self._tools.steps.write() as work:
            ready = replace(
                job,
                state=ImportState.APPLYING,
                touched_at=self._tools.clock.now(),
                runner=self._tools.runner,
                first_number=newest,
                findings={_LATE: nothing.data(), _HOW: asdict(self._how)},
            )
            await move(work, job, ready)
            await work.commit()
        return ready

    async def _apply(self, job: Import, asker: Asker, read: ReadSales) -> Import:
        """Add all lines that are left."""
        self._begin_behind(job.first_number)
        async with aclosing(ahead(self._portions(job, read))) as portions:
            async for portion in portions:
                job = await self._step(job, portion)
                asker.progress(portion.fraction)
                await asyncio.sleep(0)
        return job

    async def _portions(self, job: Import, read: ReadSales) -> AsyncGenerator[_Portion]:
        """Yield all lines that are left, laid out by a unit of work that never begins: nobody waits for that."""
        place = 0
        async with self._tools.thread() as thread, self._tools.steps.write() as desk:
            async for fraction, block in read.blocks():
                position = job.position if place == job.place else 0
                while place >= job.place and position < len(block):
                    lines = block[position : position + self._pace.of(len(block) - position)]
                    position += len(lines)
                    behind = (place, position) if position < len(block) else (place + 1, 0)
                    new = await self._look(lines, job.id)
                    add = await thread.run(partial(_laid_out, desk, new.lines, job.id))
                    yield _Portion(lines, new, *behind, fraction, add)
                place += 1

    async def _step(self, job: Import, portion: _Portion) -> Import:
        """Add some lines and move on, in one transaction: lines that are behind the import are there."""
        await self._tools.give_way()
        began = self._tools.stopwatch()
        try:
            moved = await self._written(job, portion)
        except OtherLinesError:
            new = await self._look(portion.lines, job.id)
            again = replace(portion, new=new, add=lambda work: work.of(SALES).add_stored(new.lines, job.id))
            return await self._step(job, again)
        before, self._commits = self._commits, self._tools.commits()
        seconds, is_alone = self._tools.stopwatch() - began, self._commits - before <= 1
        self._pace.took(len(portion.lines), seconds, beside_others=not is_alone)
        return moved

    async def _written(self, job: Import, portion: _Portion) -> Import:
        """Do so, unless there are lines by now that were not looked at: then it raises `OtherLinesError`."""
        new, late = portion.new, job.findings[_LATE]
        if new.gone:
            told: Found = Findings.of(late)
            _take_out(told, new.gone)
            late = told.data()
        moved = replace(
            job,
            touched_at=self._tools.clock.now(),
            runner=self._tools.runner,
            place=portion.place,
            position=portion.position,
            steps=job.steps + 1,
            findings={**job.findings, _LATE: late},
            created=job.created + len(new.lines),
        )
        async with self._tools.steps.write() as work:
            work.imports.advancing(job, moved)
            if self._how.dedupe is not Dedupe.NONE:
                work.of(SALES).expect_no_others(new.after, job.id)
            portion.add(work)
            await work.commit()
        return moved

    def _begin_behind(self, newest: int) -> None:
        """Take it that others added all lines up to a number."""
        self._newest, self._has_others = newest, newest > 0

    async def _look(self, lines: Sequence[StoredLine], batch: str) -> _New:
        """Return which lines are not there from before; while nobody else has any, these are all."""
        if self._how.dedupe is Dedupe.NONE:
            return _New(lines, (), 0)
        async with self._tools.steps.read() as work:
            # Before anything is looked for: what comes later is noticed.
            newest, has_others = await work.of(SALES).newer(self._newest, batch)
            self._newest, self._has_others = newest, self._has_others or has_others
            is_known = await self._known(work, lines, batch) if self._has_others else None
        gone = [line for line in lines if is_known(line)] if is_known else ()
        if not gone:
            return _New(lines, (), newest)
        left_out = set(map(id, gone))
        return _New([line for line in lines if id(line) not in left_out], gone, newest)

    async def _known(self, work: UnitOfWork, lines: Sequence[StoredLine], batch: str) -> Callable[[StoredLine], bool]:
        """Return what tells of a line whether it, or what counts once, is there from before."""
        sales = work.of(SALES)
        if self._how.dedupe is Dedupe.LINE:
            known = await sales.known([line[DIGEST] for line in lines], batch)
            return lambda line: line[DIGEST] in known
        days = {line[DAY]: date.fromisoformat(line[DAY]) for line in lines}
        customers = await sales.customers_on(sorted(days.values()), batch)
        return lambda line: bool(line[CUSTOMER]) and (line[CUSTOMER], days[line[DAY]]) in customers

    async def _take_back(self, import_id: str) -> None:
        """Remove what was added, and forget the import."""
        async with self._tools.steps.read() as work:
            job = await work.imports.get(import_id)
        removed = REMOVED_AT_ONCE
        while job and removed:
            await self._tools.give_way()
            async with self._tools.steps.write() as work:
                removed = await work.of(SALES).remove_batch(import_id, job.first_number, REMOVED_AT_ONCE)
                if not removed:
                    await work.imports.forget(import_id)
                await work.commit()

    # --- files ------------------------------------------------------------------

    def _opened(self, actor: Actor, file: StoredFile, zone: str) -> AbstractAsyncContextManager[ReadSales]:
        how = self._how
        manner, heads = Manner(zone, how.currency, how.dedupe), SaleHeads(how.said, how.remembered)
        return read_sales(self._jobs, file, self._tools.files.read(actor, file), heads, manner)

    async def _mended(self, actor: Actor, file: StoredFile, read: ReadSales) -> StoredFile:
        """Make the file of the rows that can't be used, each with what is wrong with it."""
        mended = await read.mended()
        async with self._mending(actor, file, is_sheet=read.is_sheet) as mending, self._tools.thread() as thread:
            async for rows in read.bad():
                said = await thread.run(
                    lambda rows=rows: [(row, " ".join(map(self._wording, problems))) for row, problems in rested(rows)]  # type: ignore[misc]
                )
                await mending.add(mended.write(said))
            if end := mended.end():
                await mending.add(end)
            return await mending.finish()

    def _mending(self, actor: Actor, file: StoredFile, *, is_sheet: bool) -> Mending:
        tools, name = self._tools, returned_name(file.name, is_sheet=is_sheet)
        if is_sheet:
            return MendedWorkbook(tools.files, actor, name, tools.workbooks, SALE_HEADS.title)
        return MendedText(tools.files, actor, name)


def _take_out(late: Found, gone: Sequence[StoredLine]) -> None:
    """Take lines that are there from before out of what was found."""
    count(late, gone, -1)
    late.unchanged += len(gone)
    late.tallies[Tally.EARLIER] += len(gone)


def _laid_out(desk: UnitOfWork, lines: Sequence[StoredLine], batch: str) -> Callable[[UnitOfWork], None]:
    desk.of(SALES).add_stored(lines, batch)
    return desk.laid_out()


class SalesUndo(Undoing):
    """Takes imports of sales back."""

    async def _check(self, job: Import) -> None:
        """Refuse nothing: lines are never changed."""

    async def _conclude(self, work: UnitOfWork) -> None:
        """Do nothing: lines are all there is."""

    async def _next(self, job: Import, actor: Actor) -> Import | None:
        async with self._tools.steps.write() as work:
            removed = await work.of(SALES).remove_batch(job.id, job.first_number, REMOVED_AT_ONCE)
            if not removed:
                return None
            moved = self._further(job, removed=removed)
            await move(work, job, moved)
            await work.commit()
        return moved
