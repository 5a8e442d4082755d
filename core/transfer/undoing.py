"""Imports taken back, in steps as they were applied."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Generic

from core.chat.actor import Actor
from core.history.model import ChangeEntry, FieldChange
from core.ports.storage import StorageUnavailableError, UndoEntry, UnitOfWork
from core.shared.errors import BrokenOffError, ConflictError, GoesOnError
from core.shared.events import Event, EventValue
from core.transfer.model import Asked, Effect, Import, ImportState
from core.transfer.moving import move
from core.transfer.repository import OvertakenError
from core.transfer.results import ImportUndone
from core.transfer.sheet import D, R, Sheet
from core.transfer.stopping import leave
from core.transfer.tools import TransferTools
from core.transfer.untouched import untouched, versions_left
from core.undo.entries import removed
from core.undo.keeping import TAKING_BACK, check_reach, record_changes

_NAMED_NUMBERS = 10


class Undoing(ABC):
    """Takes imports of one kind back; what one step of that is, areas say."""

    def __init__(self, tools: TransferTools) -> None:
        """Take what a request works with."""
        self._tools = tools

    @abstractmethod
    async def _check(self, job: Import) -> None:
        """Refuse if anything that the import left was changed since."""

    @abstractmethod
    async def _next(self, job: Import, actor: Actor) -> Import | None:
        """Take some of it back and return the import a step further; None if there is nothing left."""

    @abstractmethod
    async def _conclude(self, work: UnitOfWork) -> None:
        """Do what comes once for all that was taken back, in the unit of work that ends it."""

    async def run(self, asked: Asked, actor: Actor, entry: UndoEntry) -> ImportUndone:
        """Take an import back, or go on with it; marking the entry is the caller's.

        Besides its author, only people in the channel where it was made reach it. Raises `NotFoundError`, and
        `ConflictError` with reason `import_changed_since` (details `numbers`, up to ten, and `more`, whether there
        are others) if a record is not as it was left: then nothing is undone. What is changed while the undo is under
        way stays as it is. What fails by then is a `BrokenOffError`: asked again, the undo goes on where it was.
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
            raise GoesOnError("undo_goes_on", name=job.file.name) from error
        except OvertakenError:
            raise ConflictError("undo_used") from None
        except Exception as error:  # whatever it was: nobody else is to try it again, and it may be half done
            if broken := await self._left(entry.id):
                raise broken from error
            raise

    async def _take_back(self, asked: Asked, actor: Actor, entry: UndoEntry, job: Import) -> ImportUndone:
        if job.state is ImportState.ENDED:
            await self._check(job)
            job = await self._begun(job, asked)
        while further := await self._next(job, actor):
            job = further
            await self._tools.give_way()
        return await self._ended(job, actor, entry)

    async def _left(self, import_id: str) -> BrokenOffError | None:
        """Leave an undo that failed at what was undone; None if it had not begun, and nothing was changed."""
        async with self._tools.steps.write() as work:
            job = await work.imports.get(import_id)
            if job is None or job.state is not ImportState.UNDOING:
                return None
            await self._conclude(work)
            await leave(work, job, self._tools.clock.now())
            await work.commit()
        done = undone_so_far(job)
        return BrokenOffError(
            "undo_broke_off", name=job.file.name, undo=job.id, removed=done.removed, restored=done.restored
        )

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

    async def _ended(self, job: Import, actor: Actor, entry: UndoEntry) -> ImportUndone:
        now, counts = self._tools.clock.now(), undone_so_far(job)
        undone = replace(job, asked=job.asked.settled(), touched_at=now, state=ImportState.UNDONE, over_at=now)
        facts: dict[str, EventValue] = {"batch": job.id, "removed": counts.removed, "restored": counts.restored}
        async with self._tools.transactions.write() as work:
            await move(work, job, undone)
            await self._conclude(work)
            work.events.record(Event(f"{job.of_area}.import_undone", now, entry.channel_id, actor.member_id, facts))
            await work.commit()
        return counts

    def _further(self, job: Import, *, removed: int, restored: int = 0) -> Import:
        """Return an import a step further, with what that step did."""
        counts = undone_so_far(job)
        return replace(
            job,
            touched_at=self._tools.clock.now(),
            runner=self._tools.runner,
            place=job.place + 1,
            findings={
                **job.findings,
                "undone": {"removed": counts.removed + removed, "restored": counts.restored + restored},
            },
        )


class ImportUndo(Undoing, Generic[D, R]):
    """Takes away the records that an import made and puts back those it changed."""

    def __init__(self, tools: TransferTools, sheet: Sheet[D, R]) -> None:
        """Take back imports of that sheet."""
        super().__init__(tools)
        self._sheet = sheet

    async def _conclude(self, work: UnitOfWork) -> None:
        await self._sheet.records.ended(work)

    async def _next(self, job: Import, actor: Actor) -> Import | None:
        found = await self._effect(job, job.place)
        return await self._step(job, actor, *found) if found else None

    async def _effect(self, job: Import, place: int) -> tuple[int, Effect] | None:
        async with self._tools.steps.read() as work:
            return await work.imports.effect(job.id, place)

    async def _check(self, job: Import) -> None:
        """Refuse if anything that the import left was changed since."""
        touched: list[int] = []
        place = 0
        while len(touched) <= _NAMED_NUMBERS and (found := await self._effect(job, place)):
            step, effect = found
            async with self._tools.steps.read() as work:
                as_left = await self._as_left(work, job, effect)
                displaced = await self._displaced(work, effect)
            touched += [number for number in versions_left(effect) if number not in {*as_left, *displaced}]
            if not touched and displaced:
                raise ConflictError("key_taken", value=next(iter(displaced.values())))
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
        now = self._tools.clock.now()
        async with self._tools.steps.write() as work:
            as_left = await self._as_left(work, job, effect)
            gone = [number for number in effect.new if number in as_left]
            await self._take_away(work, {number: as_left[number] for number in gone}, now)
            back = await self._put_back(work, actor, effect, as_left, now)
            _record_removed(work, self._sheet.kind.name, gone, actor, now)
            moved = replace(self._further(job, removed=len(gone), restored=back), place=place + 1)
            await move(work, job, moved)
            await work.commit()
        return moved

    async def _as_left(self, work: UnitOfWork, job: Import, effect: Effect) -> Mapping[int, int]:
        left = await untouched(work, self._sheet.kind, self._sheet.records, effect, job.started_at)
        displaced = await self._displaced(work, effect)
        return {number: version for number, version in left.items() if number not in displaced}

    async def _displaced(self, work: UnitOfWork, effect: Effect) -> Mapping[int, str]:
        """Return by number what changed records had that another one has by now and only one can have."""
        sheet, found = self._sheet, dict[int, str]()
        had = [sheet.kind.record(before) for before in effect.before] if sheet.unique else []
        for name, form in sheet.unique.items():
            values = {record.number: getattr(record, name) for record in had}
            held = await sheet.records.holders(work, name, {form(value) for value in values.values()})
            found |= {number: value for number, value in values.items() if held.get(form(value), number) != number}
        return found

    async def _take_away(self, work: UnitOfWork, versions: Mapping[int, int], now: datetime) -> None:
        """Remove new records, given with the versions that they have by now."""
        records = self._sheet.records
        if as_made := [number for number, version in versions.items() if version == 1]:
            await records.remove_untouched(work, as_made, now)
        if changed_back := [number for number, version in versions.items() if version != 1]:
            found = await records.named(work, changed_back)
            await records.change(work, [_removed(one, versions, now) for one in found])

    async def _put_back(
        self, work: UnitOfWork, actor: Actor, effect: Effect, versions: Mapping[int, int], now: datetime
    ) -> int:
        """Store changed records as they were, given with the versions that they have by now; return how many."""
        kind = self._sheet.kind
        people = {member.id for member in await work.members.all()} if effect.before else set[int]()
        pairs = [
            (
                kind.record(after),
                _after(self._sheet.put_back(kind.record(kind.among(before, people)), now), versions[before["number"]]),
            )
            for before, after in zip(effect.before, effect.after, strict=True)
            if before["number"] in versions
        ]
        if pairs:
            was, becomes = [one for one, _ in pairs], [one for _, one in pairs]
            await self._sheet.records.change(work, becomes)
            record_changes(work, kind, actor, TAKING_BACK, was, becomes, now)
        return len(pairs)


def _record_removed(work: UnitOfWork, kind: str, numbers: Collection[int], actor: Actor, now: datetime) -> None:
    """Keep in the histories of new records that they were taken away."""
    removed = (FieldChange("removed_at", None, now.isoformat()),)
    for number in numbers:
        work.changes.add(ChangeEntry(kind, number, now, actor.member_id, TAKING_BACK, removed))


def _after(record: R, version: int) -> R:
    """Return a record as the one that comes after that version."""
    return replace(record, version=version + 1)


def _removed(record: R, versions: Mapping[int, int], now: datetime) -> R:
    return removed(_after(record, versions[record.number]), now)  # type: ignore[type-var]


def undone_so_far(job: Import) -> ImportUndone:
    """Return what an undo has done."""
    done = job.findings.get("undone") or {}
    return ImportUndone(int(done.get("removed", 0)), int(done.get("restored", 0)))
