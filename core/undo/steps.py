"""What a change did to each thing, kept to be taken back: what it found and what it made of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from core.ports.storage import UndoEntry
from core.shared.errors import ConflictError
from core.shared.value_objects import value_object
from core.undo.kinds import RecordKind

T = TypeVar("T")


@value_object
class Step(Generic[T]):
    """The thing of a number: fields as they were found (None: the thing is new), and those that were made otherwise."""

    kind: RecordKind[T]
    number: int
    found: Mapping[str, Any] | None
    made: Mapping[str, Any]

    @property
    def left(self) -> Mapping[str, Any]:
        """Return the fields as the change left them, as far as they were kept."""
        return {**(self.found or {}), **self.made}

    def among(self, people: Collection[int]) -> "Step[T]":
        """Return what the change found and made as it is since all but those people were forgotten."""
        found = None if self.found is None else self.kind.among(self.found, people)
        return replace(self, found=found, made=self.kind.among(self.made, people))

    def changed_since(self, current: T) -> tuple[str, ...]:
        """Return the names of the fields that are not as the change left them."""
        return self.kind.unlike(self.left, current)

    def restored(self, current: T) -> T | None:
        """Return the thing as it is now with all put back that the change had made otherwise; None for a new one."""
        if self.found is None:
            return None
        back = {name: self.found[name] for name in self.made if name in self.kind.told}
        return replace(current, **back)  # type: ignore[type-var]


def payload_of(kind: RecordKind[T], before: Sequence[T | None], after: Sequence[T]) -> Mapping[str, object]:
    """Return what an undo entry keeps of things before and after; before is None for a new one."""
    return {"steps": [_written(kind, old, new) for old, new in zip(before, after, strict=True)]}


def _written(kind: RecordKind[T], before: T | None, after: T) -> Mapping[str, object]:
    number, made = kind.number_of(after), kind.snapshot(after)
    if before is None:
        return {"number": number, "before": None, "made": made}
    found = kind.snapshot(before)
    differing = {name: value for name, value in made.items() if value != found[name]}
    kept = {name: found[name] for name in differing} if kind.apart else found
    return {"number": number, "before": kept, "made": differing}


def steps_of(kind: RecordKind[T], entry: UndoEntry) -> Sequence[Step[T]]:
    """Return what an undo entry keeps.

    Raises `ConflictError` with reason `undo_unreadable` for one that another version wrote and this one can't read.
    """
    try:
        return [_read(kind, step) for step in _listed(kind, entry.payload)]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConflictError("undo_unreadable") from error


def _listed(kind: RecordKind[T], payload: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the steps of an entry, also of one that was written before all areas kept them alike."""
    if "steps" in payload:
        return list(payload["steps"])
    return [{"number": {**(step["before"] or {}), **step["made"]}["number"], **step} for step in payload["tasks"]]


def _read(kind: RecordKind[T], step: Mapping[str, Any]) -> Step[T]:
    found = None if step["before"] is None else kind.values(step["before"])
    return Step(kind, int(step["number"]), found, kind.values(step["made"]))
