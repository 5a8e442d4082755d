"""The words that the task service sends people of its own accord; said by whoever wires it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.chat.reply import Reply
from core.people.model import Reader
from core.tasks.model import Task


class Notices(Protocol):
    """Words a notice as a reply for one person; it is posted to the tasks' channel if that person can't be reached."""

    def assigned(self, tasks: Sequence[Task], to: Reader, by: str, now: datetime) -> Reply:
        """Tell somebody that `by` (a name) gave them one or more tasks of a channel."""
        ...
