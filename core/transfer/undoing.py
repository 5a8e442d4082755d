"""Imports taken back, in steps as they were applied."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Generic

from core.chat.actor import Actor
from core.history.model import ChangeEntry, FieldChange
from core.ports.storage import StorageUnavailableError, UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, RefusedError
from core.shared.events import Event, EventValue
from core.transfer.model import Asked, Effect, Import, ImportState
from core.transfer.moving import OvertakenError, move
from core.transfer.results import ImportUndone
from core.transfer.sheet import D, R, Sheet
from core.transfer.tools import TransferTools
from core.undo.keeping import TAKING_BACK, check_reach, record_changes

_NAMED_NUMBERS = 10


class ImportUndo(Generic[D, R]):
    """Takes away the records that an import made and puts back those it changed."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R]) -> None:
        """Take back imports of that sheet."""
        self._tools = tools
        self._sheet = sheet

    async def run(self, asked: Asked, actor: Actor, entry: UndoEntry) -> ImportUndone:
        """Take an import back, or go on with it; marking the entry is the caller's.

        Besides its author, only people in the channel where it was made reach it. Raises `NotFoundError`, and
        `ConflictError` with reason `import_changed_since` (details `numbers`, up to ten, and `more`, whether there
        are others) if a record was changed later: then nothing is undone. What is changed while the undo is under way
        stays as it is.
        """
        check_reach(actor, entry)
        async with self._tools.steps.read() as work:
            job = await work.imports.get(entry.id)
        if job is None:
            raise ConflictError("undo_expired")
        if job.state not in (ImportState.ENDED, ImportState.UNDOING):
            raise ConflictError("undo_used")
        if job.state is ImportState.ENDED and entry.expires_at <= self._tools.clock.now():
            raise ConflictError("undo_expired")
        try:
            return await self._take_back(asked, actor, entry, job)
        except StorageUnavailableError as error:
            raise RefusedError("undo_goes_on", name=job.file.name) from error
        except OvertakenError:
            raise ConflictError("undo_used") from None

    async def _take_back(self, asked: Asked, actor: Actor, entry: UndoEntry, job: Import) -> ImportUndone:
        if job.state is ImportState.ENDED:
            await self._check(job)
            job = await self._begun(job, asked)
        while found := await self._effect(job, job.place):
            job = await self._step(job, actor, *found)
        return await self._ended(job, actor, entry)

    async def _begun(self, job: Import, asked: Asked) -> Import:
        now, runner = self._tools.clock.now(), self._tools.runner
        begun = replace(
            job,
            state=ImportState.UNDOING,
            asked=asked,
            place=0,
            position=0,
            runner=runner,
            touched_at=now,
            over_at=None,
        )
        async with self._tools.steps.write() as work:
            await move(work, job, begun)
            await work.commit()
        return begun

    async def _effect(self, job: Import, place: int) -> tuple[int, Effect] | None:
        async with self._tools.steps.read() as work:
            return await work.imports.effect(job.id, place)

    async def _check(self, job: Import) -> None:
        """Refuse if anything that the import left was changed since."""
        touched: list[int] = []
        place = 0
        while len(touched) <= _NAMED_NUMBERS and (found := await self._effect(job, place)):
            step, effect = found
            expected = _versions_left(effect)
            async with self._tools.steps.read() as work:
                versions = await self._sheet.records.versions(work, list(expected))
            touched += [number for number, version in expected.items() if versions.get(number) != version]
            place = step + 1
        if touched:
            numbers = tuple(sorted(touched)[:_NAMED_NUMBERS])
            more = len(touched) > _NAMED_NUMBERS
            called = self._sheet.called
            raise ConflictError(
                "import_changed_since", numbers=numbers, more=more, noun=called.one, many=called.many, area=called.area
            )

    async def _step(self, job: Import, actor: Actor, place: int, effect: Effect) -> Import:
        """Take back what one step did, as far as it still is as that step left it."""
        records, now = self._sheet.records, self._tools.clock.now()
        left = _versions_left(effect)
        async with self._tools.steps.write() as work:
            versions = await records.versions(work, list(left))
            untouched = {number for number, version in left.items() if versions.get(number) == version}
            gone = [number for number in effect.new if number in untouched]
            if gone:
                await records.remove_untouched(work, gone, now)
            back = await self._put_back(work, actor, effect, untouched, now)
            _record_removed(work, self._sheet.kind.name, gone, actor, now)
            counts = _counts(job)
            done = {"removed": counts.removed + len(gone), "restored": counts.restored + back}
            moved = replace(
                job,
                touched_at=now,
                runner=self._tools.runner,
                place=place + 1,
                findings={**job.findings, "undone": done},
            )
            await move(work, job, moved)
            await work.commit()
        return moved

    async def _put_back(
        self, work: UnitOfWork, actor: Actor, effect: Effect, untouched: Collection[int], now: datetime
    ) -> int:
        """Store changed records as they were and return how many."""
        kind = self._sheet.kind
        people = {member.id for member in await work.members.all()} if effect.before else set[int]()
        pairs = [
            (kind.record(after), self._sheet.put_back(kind.record(kind.among(before, people)), now))
            for before, after in zip(effect.before, effect.after, strict=True)
            if before["number"] in untouched
        ]
        if pairs:
            was, becomes = [one for one, _ in pairs], [one for _, one in pairs]
            await self._sheet.records.change(work, becomes)
            record_changes(work, kind, actor, TAKING_BACK, was, becomes, now)
        return len(pairs)

    async def _ended(self, job: Import, actor: Actor, entry: UndoEntry) -> ImportUndone:
        now, counts = self._tools.clock.now(), _counts(job)
        undone = replace(job, asked=job.asked.settled(), touched_at=now, state=ImportState.UNDONE, over_at=now)
        facts: dict[str, EventValue] = {"batch": job.id, "removed": counts.removed, "restored": counts.restored}
        async with self._tools.transactions.write() as work:
            await move(work, job, undone)
            work.events.record(Event(f"{job.of_area}.import_undone", now, entry.channel_id, actor.member_id, facts))
            await work.commit()
        return counts


def _record_removed(work: UnitOfWork, kind: str, numbers: Collection[int], actor: Actor, now: datetime) -> None:
    """Keep in the histories of new records that they were taken away."""
    removed = (FieldChange("removed_at", None, now.isoformat()),)
    for number in numbers:
        work.changes.add(ChangeEntry(kind, number, now, actor.member_id, TAKING_BACK, removed))


def _versions_left(effect: Effect) -> dict[int, int]:
    """Return the versions that a step left records with: the first of new ones, the next of changed ones."""
    changed = {int(record["number"]): int(record["version"]) + 1 for record in effect.before}
    return {**dict.fromkeys(effect.new, 1), **changed}


def _counts(job: Import) -> ImportUndone:
    done = job.findings.get("undone") or {}
    return ImportUndone(int(done.get("removed", 0)), int(done.get("restored", 0)))
