"""Reminders that wait for the end of somebody's quiet hours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.ports.kept import Kept
from core.shared.value_objects import value_object


@value_object
class HeldReminder:
    """A record of an area that somebody is to be reminded of, and not before an instant."""

    area: str
    number: int
    member_id: int
    until: datetime


class HeldReminders(Protocol):
    """The reminders of one workspace that wait."""

    async def hold(self, held: HeldReminder) -> None:
        """Keep a reminder; one of the same record and person is put to this instant."""
        ...

    async def take(self, now: datetime) -> Sequence[HeldReminder]:
        """Return those that may be sent by now, and keep them no more."""
        ...


HELD_REMINDERS: Kept[HeldReminders] = Kept("held_reminders")
