"""What an area declares so that people are reminded of its records."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from core.chat.reply import Reply
from core.people.model import Reader
from core.ports.kept import Kept
from core.shared.value_objects import value_object


class Remindable(Protocol):
    """A record that reminds its people at `remind_at`, and then no more."""

    @property
    def number(self) -> int:
        """Return what it is called by."""
        ...

    @property
    def remind_at(self) -> datetime | None:
        """Return when its people hear of it next, None when nothing is to come."""
        ...


R = TypeVar("R", bound=Remindable)
R_co = TypeVar("R_co", bound=Remindable, covariant=True)


class RemindingRepository(Protocol[R_co]):
    """The records of one workspace that remind people."""

    async def take_due(self, numbers: Sequence[int], now: datetime) -> Sequence[R_co]:
        """Return those of the records (any count) that are to remind by now, and take their reminders away.

        Versions stay: nothing that people wrote has changed.
        """
        ...

    async def silent(self, numbers: Sequence[int]) -> Sequence[R_co]:
        """Return those of the records (any count) that remind people, but have no reminder to come."""
        ...


def _insists_on_nothing(_record: object) -> bool:
    return False


def _own_channel(record: object) -> int | None:
    return getattr(record, "channel_id", None)


@value_object
class Reminders(Generic[R]):
    """What an area reminds people of: records that it keeps, whom each of them is for, and how that is worded.

    One that is for nobody reminds its `channel`: unless given, the one it belongs to, and where a record belongs to the
    whole workspace none. What falls into quiet hours waits for their end, unless it `insists`. What is due together is
    worded together, for each person and channel.
    Each that was dealt with is told of by an event `<area>.reminded`.
    """

    area: str
    kept: Kept[RemindingRepository[R]]
    people: Callable[[R], Sequence[int]]
    word: Callable[[Sequence[R], Reader, datetime], Reply]
    channel: Callable[[R], int | None] = _own_channel
    insists: Callable[[R], bool] = _insists_on_nothing
