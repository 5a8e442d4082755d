"""Facts of the domain, named in the past tense, recorded in the transaction that made them true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

EventValue = str | int | float | bool | None | list[int] | list[str]


@dataclass(frozen=True, slots=True)
class Event:
    """One fact: `kind` such as `task.added`, the channel it concerns (internal id) and a flat payload."""

    kind: str
    at: datetime
    channel_id: int | None
    actor_id: int | None
    payload: Mapping[str, EventValue]
