"""What alerts need of storage."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
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

    async def due(self, kind: str, until: datetime) -> Sequence[Alert]:
        """Return those of a kind that are due, and have been wrong since then or longer, by number."""
        ...

    async def settle(self, kind: str, numbers: Iterable[int]) -> None:
        """Have those that are due, of some subjects (any count) of a kind, told."""
        ...


ALERTS: Kept[AlertRepository] = Kept("alerts")
