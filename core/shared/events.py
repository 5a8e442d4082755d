"""Facts of the domain, named in the past tense, recorded in the transaction that made them true."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from core.shared.value_objects import value_object

EventValue = str | int | float | bool | None | list[int] | list[str]


@value_object
class Event:
    """One fact: `kind` such as `task.added`, the channel it concerns (internal id) and a flat payload."""

    kind: str
    at: datetime
    channel_id: int | None
    actor_id: int | None
    payload: Mapping[str, EventValue]


@value_object
class Followed:
    """Which events change what an overview shows: those whose kind begins with `prefix`, apart from `unseen` ones.

    Whom one concerns its payload says under the names `people`; without the first of them it may be anybody.
    """

    prefix: str
    people: tuple[str, ...] = ()
    unseen: frozenset[str] = frozenset()

    def includes(self, event: Event) -> bool:
        """Tell whether an event is one of these, whether or not it shows."""
        return event.kind.startswith(self.prefix)

    def concerned(self, events: Iterable[Event]) -> frozenset[int] | None:
        """Return the members whose overview these events may have changed; None if it can be anybody's."""
        found: set[int] = set()
        for event in events:
            if not self.includes(event) or event.kind in self.unseen:
                continue
            if not self.people or self.people[0] not in event.payload:
                return None
            for name in self.people:
                people = event.payload.get(name)
                if isinstance(people, list):
                    found.update(member for member in people if isinstance(member, int))
        return frozenset(found)
