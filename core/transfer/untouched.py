"""Which records still are as a step of an import left them: never changed since, or changed and changed back."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from core.history.model import COMMENT, FieldChange
from core.ports.storage import UnitOfWork
from core.transfer.model import Effect
from core.transfer.records import Records
from core.undo.kinds import RecordKind

R = TypeVar("R")


def versions_left(effect: Effect) -> dict[int, int]:
    """Return the versions that a step left records with: the first of new ones, the next of changed ones."""
    changed = {int(record["number"]): int(record["version"]) + 1 for record in effect.before}
    return {**dict.fromkeys(effect.new, 1), **changed}


async def untouched(
    work: UnitOfWork, kind: RecordKind[R], records: Records[R], effect: Effect, since: datetime
) -> Mapping[int, int]:
    """Return the versions, by number, of those records whose content is as a step left it that came after `since`."""
    left = versions_left(effect)
    versions = await records.versions(work, list(left))
    moved = {number for number, version in versions.items() if version != left[number]}
    if not moved:
        return versions
    touched = await _made_otherwise(work, kind, {number: versions[number] for number in moved & set(effect.new)}, since)
    touched |= await _unlike(work, kind, records, [after for after in effect.after if after["number"] in moved])
    return {number: version for number, version in versions.items() if number not in touched}


async def _made_otherwise(work: UnitOfWork, kind: RecordKind[R], new: Mapping[int, int], since: datetime) -> set[int]:
    """Return which new records, by their versions, are not as they were made; only what happened tells how that was."""
    happened: dict[int, list[Sequence[FieldChange]]] = {number: [] for number in new}
    for entry in await work.changes.since(kind.name, list(new), since) if new else ():
        if changes := [change for change in entry.fields if change.field != COMMENT]:
            happened[entry.number].append(changes)
    # What no history tells of, if ever there is such a change, is one.
    return {
        number
        for number, steps in happened.items()
        if len(steps) != new[number] - 1 or _comes_to_something(chain.from_iterable(steps), kind.drifting)
    }


def _comes_to_something(changes: Iterable[FieldChange], drifting: Collection[str]) -> bool:
    """Tell whether changes, the oldest first, leave any field otherwise than they found it."""
    first: dict[str, object] = {}
    last: dict[str, object] = {}
    came = Counter[tuple[str, int]]()
    for change in changes:
        if change.field in drifting:
            continue
        if change.person is not None:
            came[change.field, change.person] += 1 if change.after is not None else -1
        else:
            first.setdefault(change.field, change.before)
            last[change.field] = change.after
    return first != last or any(came.values())


async def _unlike(
    work: UnitOfWork, kind: RecordKind[R], records: Records[R], left: Collection[Mapping[str, Any]]
) -> set[int]:
    """Return which records are not like what a step made of them."""
    if not left:
        return set()
    now = {kind.number_of(record): record for record in await records.named(work, [one["number"] for one in left])}
    return {
        number
        for number, after in ((int(one["number"]), one) for one in left)
        if number not in now or kind.unlike(kind.values(after), now[number])
    }
