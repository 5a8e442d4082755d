"""Entries of a history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

NOBODY = 0
"""Stands for somebody who was forgotten."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as JSON-ready data; None is nothing.

    Where the field holds people, `person` is the one who came (`after`) or went (`before`), each a change of its own.
    """

    field: str
    before: object
    after: object
    person: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """What one command did to the thing of that kind and number; without fields, it is how the thing came to be.

    `member_id` is None once whoever did it was forgotten.
    """

    kind: str
    number: int
    at: datetime
    member_id: int | None
    command: str
    fields: Sequence[FieldChange] = ()
