"""Deliveries whose answers are under way or shown, so that a repeated one is not answered twice."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 10_000
"""Deliveries remembered; Slack repeats within minutes if at all."""


@dataclass(slots=True)
class Seen(Generic[T]):
    """Remembers something for each of the latest deliveries."""

    _kept: "OrderedDict[str, T]" = field(default_factory=OrderedDict)

    def get(self, delivery_id: str) -> T | None:
        """Return what is remembered for a delivery."""
        return self._kept.get(delivery_id)

    def put(self, delivery_id: str, value: T) -> bool:
        """Remember something for a delivery unless there is something already; tell whether it is new."""
        if delivery_id in self._kept:
            return False
        self._kept[delivery_id] = value
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return True
