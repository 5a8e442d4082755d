"""The words that the task service sends people of its own accord; said by whoever wires it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.chat.reply import Reply
from core.people.model import Member
from core.tasks.model import Task


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a notice is for: the member (None is the whole channel), and the zone and name to use."""

    member: Member | None
    zone: str


class Notices(Protocol):
    """Words a notice as a reply for one person; it is posted to the tasks' channel if that person can't be reached."""

    def assigned(self, tasks: Sequence[Task], to: Reader, by: str, now: datetime) -> Reply:
        """Tell somebody that `by` (a name) gave them one or more tasks of a channel."""
        ...

    def reminder(self, tasks: Sequence[Task], to: Reader, now: datetime) -> Reply:
        """Tell somebody, or the channel, that one or more tasks of a channel are due or no longer snoozed."""
        ...
