"""Staged rows applied in steps: short transactions of their own, between which whoever waits has their turn."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Generic

from core.ports.storage import UnitOfWork
from core.shared.stepping import StepThread
from core.transfer.applying import Applier, Prepared, Settled
from core.transfer.findings import Findings
from core.transfer.model import Effect, Import, StagedRow
from core.transfer.moving import importer_of, move
from core.transfer.pace import Pace
from core.transfer.sheet import D, R, Sheet
from core.transfer.tools import Asker, TransferTools, surroundings
from core.undo.keeping import record_changes


class Steps(Generic[D, R]):
    """Applies what is staged of an import."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R], asker: Asker, findings: Findings[R]) -> None:
        """Take what was found, out of which rows are taken that no longer can be."""
        self._tools = tools
        self._sheet = sheet
        self._asker = asker
        self._findings = findings
        self._pace = Pace()
        self._done = 0

    async def run(self, job: Import) -> Import:
        """Apply all rows that are left."""
        asker = self._asker
        async with self._tools.steps.read() as work:
            around = await surroundings(work, asker.actor, asker.audience, job.started_at, job.zone)
        applier = Applier(self._sheet, around, importer_of(job), job.first_number, job.cells)
        async with StepThread() as thread:
            while rows := await self._piece(job):
                place = job.place
                while job.place == place:
                    job = await self._step(job, rows, applier, thread)
                    asker.progress(min(self._done / max(self._findings.changes, 1), 1.0))
                    await asyncio.sleep(0)
        return job

    async def _piece(self, job: Import) -> Sequence[StagedRow]:
        async with self._tools.steps.read() as work:
            return await work.imports.staged(job.id, job.place) or ()

    async def _step(
        self, job: Import, piece: Sequence[StagedRow], applier: Applier[D, R], thread: StepThread
    ) -> Import:
        """Apply some rows and move on, in one transaction: rows that are behind the import have had their effect."""
        left = piece[job.position :]
        rows = left[: self._pace.of(len(left))]
        moved = self._moved(job, len(rows), ends=len(rows) == len(left))
        async with self._tools.steps.write() as work:
            # Nobody waits for what comes before the first statement.
            prepared, add = await thread.run(partial(self._laid_out, work, applier, rows))
            await move(work, job, moved)
            began = self._tools.stopwatch()
            settled = applier.settle(prepared, await self._known(work, prepared))
            if settled.problems:
                job, moved = moved, self._told(moved, settled)
                await move(work, job, moved)
            if len(settled.new) < len(prepared.new):
                add = self._sheet.records.adding(work, settled.new)
            await self._store(work, moved, settled, add)
            self._pace.took(len(rows), self._tools.stopwatch() - began)
            await work.commit()
        self._done += len(rows)
        return moved

    def _moved(self, job: Import, count: int, *, ends: bool) -> Import:
        """Return an import that is so many rows further."""
        place, position = (job.place + 1, 0) if ends else (job.place, job.position + count)
        now, runner = self._tools.clock.now(), self._tools.runner
        return replace(job, touched_at=now, runner=runner, place=place, position=position, steps=job.steps + 1)

    def _laid_out(
        self, work: UnitOfWork, applier: Applier[D, R], rows: Sequence[StagedRow]
    ) -> tuple[Prepared[D, R], Callable[[], Awaitable[None]]]:
        """Prepare rows, and what adds their new records."""
        prepared = applier.prepare(rows)
        return prepared, self._sheet.records.adding(work, prepared.records)

    async def _known(self, work: UnitOfWork, prepared: Prepared[D, R]) -> Mapping[object, R]:
        if not prepared.keys:
            return {}
        return await self._sheet.records.find(work, prepared.keys, self._asker.audience)

    def _told(self, job: Import, settled: Settled[R]) -> Import:
        """Take rows that no longer can be out of what was found."""
        settled.tell(self._findings)
        return replace(job, findings=self._findings.data())

    async def _store(
        self, work: UnitOfWork, job: Import, settled: Settled[R], add: Callable[[], Awaitable[None]]
    ) -> None:
        """Store what a step comes to, in the histories of the records too, and how it is taken back."""
        records, kind, actor = self._sheet.records, self._sheet.kind, self._asker.actor
        command, new = f"{job.of_area} import", [*settled.new, *settled.following]
        numbers = [kind.number_of(record) for record in new]
        work.changes.add_new(kind.name, numbers, job.started_at, actor.member_id, command)
        record_changes(work, kind, actor, command, settled.before, settled.after, job.started_at)
        if new or settled.after:
            before, after = ([kind.snapshot(one) for one in some] for some in (settled.before, settled.after))
            await work.imports.keep_effect(job.id, job.steps, Effect(numbers, before, after))
        # All that waits goes along with the first of these.
        if settled.new:
            await add()
        if settled.following:
            await records.adding(work, settled.following)()
        if settled.after:
            await records.change(work, settled.after)
