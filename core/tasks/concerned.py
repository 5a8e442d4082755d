"""Whose overviews a change of tasks may look different in."""

from collections.abc import Iterable

from core.shared.events import Event

_PEOPLE = ("assignees", "added", "removed")
_UNSEEN = frozenset({"task.reminded", "task.snoozed"})
"""Events that change nothing that an overview shows."""


def concerned(events: Iterable[Event]) -> frozenset[int] | None:
    """Return the members whose open tasks these events may have changed; None if it can be anybody's."""
    found: set[int] = set()
    for event in events:
        if not event.kind.startswith("task") or event.kind in _UNSEEN:
            continue
        if "assignees" not in event.payload:
            return None
        for name in _PEOPLE:
            people = event.payload.get(name)
            if isinstance(people, list):
                found.update(member for member in people if isinstance(member, int))
    return frozenset(found)
