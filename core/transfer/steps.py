"""Staged rows applied in steps: short transactions of their own, between which whoever waits has their turn."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Generic

from core.ports.storage import StorageUnavailableError, UnitOfWork
from core.shared.stepping import ahead, stretches
from core.shared.value_objects import value_object
from core.transfer.applying import Applier, Prepared, Settled
from core.transfer.findings import Findings
from core.transfer.model import Effect, Import, StagedRow
from core.transfer.moving import importer_of
from core.transfer.pace import Pace
from core.transfer.repository import OvertakenError
from core.transfer.sheet import D, R, Sheet
from core.transfer.stopping import RowFailedError
from core.transfer.tools import Asker, TransferTools, surroundings
from core.transfer.unique import holders
from core.undo.keeping import record_changes


@value_object
class _Portion(Generic[D, R]):
    """Rows of a step: `place` and `position` are where an import is behind them, `add` adds their new records.

    These have the `numbers`.
    """

    count: int
    place: int
    position: int
    prepared: Prepared[D, R]
    numbers: list[int]
    add: Callable[[UnitOfWork], None]


class Steps(Generic[D, R]):
    """Applies what is staged of an import."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R], asker: Asker, findings: Findings[R]) -> None:
        """Take what was found, out of which rows are taken that no longer can be."""
        self._tools = tools
        self._sheet = sheet
        self._asker = asker
        self.findings = findings
        self._pace = Pace()
        self._commits = tools.commits()
        self._done = 0

    async def run(self, job: Import) -> Import:
        """Apply all rows that are left; raises `RowFailedError` for one that can't be, once those before it are."""
        asker = self._asker
        async with self._tools.steps.read() as work:
            around = await surroundings(work, asker.actor, asker.audience, job.started_at, job.zone)
        applier = Applier(self._sheet, around, importer_of(job), job.first_number, job.cells)
        while True:
            try:
                async with aclosing(self._steps(job, applier)) as steps:
                    async for moved in steps:
                        job = moved
                        asker.progress(min(self._done / max(self.findings.changes, 1), 1.0))
                        await asyncio.sleep(0)
            except (OvertakenError, StorageUnavailableError):
                raise
            except Exception as error:  # whatever it was: steps of fewer and fewer rows come to the one that fails
                if not self._pace.narrow():
                    raise RowFailedError(await self._line(job)) from error
            else:
                return job

    async def _steps(self, job: Import, applier: Applier[D, R]) -> AsyncGenerator[Import]:
        """Apply the rows that are left, and yield the import after each step."""
        async with aclosing(ahead(self._portions(job, applier))) as portions:
            async for portion in portions:
                job = await self._step(job, portion, applier)
                self._done += portion.count
                yield job

    async def _line(self, job: Import) -> int:
        """Return the line of the row that comes next, 0 if there is none."""
        rows = await self._piece(job, job.place)
        return rows[job.position][0] if job.position < len(rows) else 0

    async def _portions(self, job: Import, applier: Applier[D, R]) -> AsyncGenerator[_Portion[D, R]]:
        """Yield all rows that are left, laid out by a unit of work that never begins: nobody waits for that."""
        place, position = job.place, job.position
        async with self._tools.thread() as thread, self._tools.steps.write() as desk:
            while piece := await self._piece(job, place):
                while position < len(piece):
                    rows = piece[position : position + self._pace.of(len(piece) - position)]
                    position += len(rows)
                    behind = (place, position) if position < len(piece) else (place + 1, 0)
                    prepared, numbers, add = await thread.run(partial(self._laid_out, desk, job, applier, rows))
                    yield _Portion(len(rows), *behind, prepared, numbers, add)
                place, position = place + 1, 0

    async def _piece(self, job: Import, place: int) -> Sequence[StagedRow]:
        async with self._tools.steps.read() as work:
            return await work.imports.staged(job.id, place) or ()

    def _laid_out(
        self, desk: UnitOfWork, job: Import, applier: Applier[D, R], rows: Sequence[StagedRow]
    ) -> tuple[Prepared[D, R], list[int], Callable[[UnitOfWork], None]]:
        """Prepare rows; return also the numbers of their new records, and what adds these."""
        prepared = applier.prepare(rows)
        some_at_once = stretches(prepared.records)
        numbers = [number for some in some_at_once for number in self._add(desk, job, some)]
        return prepared, numbers, desk.laid_out()

    def _add(self, work: UnitOfWork, job: Import, records: Sequence[R]) -> list[int]:
        """Add new records, and to the history of each how it came to be; return their numbers."""
        kind = self._sheet.kind
        numbers = [kind.number_of(record) for record in records]
        self._sheet.records.add(work, records)
        work.changes.add_new(kind.name, numbers, job.started_at, self._asker.actor.member_id, _command(job))
        return numbers

    async def _step(self, job: Import, portion: _Portion[D, R], applier: Applier[D, R]) -> Import:
        """Apply some rows and move on, in one transaction: rows that are behind the import have had their effect."""
        await self._tools.give_way()
        prepared = portion.prepared
        began = self._tools.stopwatch()
        async with self._tools.steps.write() as work:
            known = await self._known(work, prepared)
            settled = applier.settle(prepared, known, await holders(work, self._sheet, prepared.rows))
            moved, findings = self._moved(job, portion, settled), self.findings
            if settled.problems:
                # A step that fails is taken again: only one that was taken has its say.
                findings = deepcopy(findings)
                settled.tell(findings)
                moved = replace(moved, findings=findings.data())
            work.imports.advancing(job, moved)
            if len(settled.new) == len(prepared.new):
                portion.add(work)
                new = portion.numbers
            else:
                new = self._add(work, job, settled.new)
            await self._store(work, moved, settled, new)
            await work.commit()
        self.findings = findings
        self._pace.took(portion.count, self._tools.stopwatch() - began, beside_others=self._others_wrote())
        return moved

    def _others_wrote(self) -> bool:
        """Tell whether anything else was committed since the last step."""
        before, self._commits = self._commits, self._tools.commits()
        return self._commits - before > 1

    def _moved(self, job: Import, portion: _Portion[D, R], settled: Settled[R]) -> Import:
        """Return an import that is behind some rows."""
        return replace(
            job,
            touched_at=self._tools.clock.now(),
            runner=self._tools.runner,
            place=portion.place,
            position=portion.position,
            steps=job.steps + 1,
            created=job.created + len(settled.new),
            updated=job.updated + len(settled.after),
        )

    async def _known(self, work: UnitOfWork, prepared: Prepared[D, R]) -> Mapping[object, R]:
        if not prepared.keys:
            return {}
        return await self._sheet.records.find(work, prepared.keys, self._asker.audience)

    async def _store(self, work: UnitOfWork, job: Import, settled: Settled[R], new: Sequence[int]) -> None:
        """Store what a step comes to besides its `new` records, and how all of it is taken back."""
        kind = self._sheet.kind
        if settled.following:
            new = [*new, *self._add(work, job, settled.following)]
        await self._sheet.records.added(work, [*settled.new, *settled.following])
        record_changes(work, kind, self._asker.actor, _command(job), settled.before, settled.after, job.started_at)
        if new or settled.after:
            before, after = ([kind.snapshot(one) for one in some] for some in (settled.before, settled.after))
            work.imports.keep_effect(job.id, job.steps, Effect(new, before, after))
        if settled.after:
            await self._sheet.records.change(work, settled.after)


def _command(job: Import) -> str:
    return f"{job.of_area} import"
