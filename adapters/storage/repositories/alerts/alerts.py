"""The alerts of one workspace, in the database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, literal_column

from adapters.storage.schema.alert_table import DUE, alerts
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.alerts.model import Alert, AlertState, Subject

_a = alerts.c
_OF = scope.select(alerts).where(
    _a.kind == bindparam("the_kind"), _a.number.in_(bindparam("the_numbers", expanding=True))
)
_DUE = (
    scope.select(alerts)
    .where(_a.kind == bindparam("the_kind"), literal_column(DUE), _a.since <= bindparam("until", type_=_a.since.type))
    .order_by(_a.number)
)
_SETTLE = (
    scope.update(alerts)
    .where(
        _a.kind == bindparam("the_kind"),
        literal_column(DUE),
        _a.number.in_(bindparam("the_numbers", expanding=True)),
    )
    .values(told=AlertState.ALERTED.value, version=_a.version + literal_column("1"))
)
_KEEP = scope.update(alerts).where(
    _a.kind == bindparam("the_kind"), _a.number == bindparam("the_number"), _a.version == bindparam("the_version")
)


class Alerts:
    """The repository of alerts."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def of(self, kind: str, numbers: Iterable[int]) -> Mapping[Subject, Alert]:
        """Return those that are kept of some subjects of a kind."""

        def read(db: Scoped) -> list[Alert]:
            found = (db.all(_OF, the_kind=kind, the_numbers=some) for some in chunks(numbers))
            return [_alert(row) for rows in found for row in rows]

        return {alert.subject: alert for alert in await self._transaction.run(read)}

    async def keep(self, alert: Alert) -> bool:
        """Keep an alert that was read with this version, as the next one; tell whether nobody was faster."""
        key = {"kind": alert.subject.kind, "number": alert.subject.number}
        values: dict[str, Any] = {
            "told": alert.told.value,
            "streak": alert.streak,
            "since": alert.since,
            "muted_until": alert.muted_until,
            "version": alert.version + 1,
        }

        def write(db: Scoped) -> bool:
            if not alert.version:
                return db.insert_missing(alerts, key | values)
            where = {f"the_{name}": value for name, value in key.items()}
            return db.change(_KEEP, **where, the_version=alert.version, **values) > 0

        return await self._transaction.run(write)

    async def due(self, kind: str, until: datetime) -> Sequence[Alert]:
        """Return those of a kind that are due, and have been wrong since then or longer, by number."""
        return list(map(_alert, await self._transaction.run(lambda db: db.all(_DUE, the_kind=kind, until=until))))

    async def settle(self, kind: str, numbers: Iterable[int]) -> None:
        """Have those that are due, of some subjects of a kind, told."""

        def write(db: Scoped) -> None:
            for some in chunks(numbers):
                db.change(_SETTLE, the_kind=kind, the_numbers=some)

        await self._transaction.run(write)


def _alert(row: Row[Any]) -> Alert:
    subject = Subject(row.kind, row.number)
    return Alert(subject, AlertState(row.told), row.streak, row.since, row.muted_until, row.version)
