"""What alerts need of storage."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from core.alerts.model import Alert, Subject
from core.ports.kept import Kept


class AlertRepository(Protocol):
    """The alerts of one workspace."""

    async def of(self, kind: str, numbers: Iterable[int]) -> Mapping[Subject, Alert]:
        """Return those that are kept of some subjects (any count) of a kind."""
        ...

    async def keep(self, alert: Alert) -> bool:
        """Keep an alert that was read with this version, as the next one; tell whether nobody was faster."""
        ...


ALERTS: Kept[AlertRepository] = Kept("alerts")
