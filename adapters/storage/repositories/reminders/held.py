"""The reminders of one workspace that wait for the end of quiet hours."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam

from adapters.storage.schema.reminder_table import held_reminders
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.reminders.held import HeldReminder

_h = held_reminders.c
_OVER = _h.until <= bindparam("moment", type_=_h.until.type)
_DUE = scope.select(held_reminders).where(_OVER).order_by(_h.area, _h.number, _h.member_id)
_TAKE = scope.delete(held_reminders).where(_OVER)
_ONE = scope.delete(held_reminders).where(
    _h.area == bindparam("the_area"), _h.number == bindparam("the_number"), _h.member_id == bindparam("the_member")
)


class HeldRows:
    """The repository of reminders that wait."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def hold(self, held: HeldReminder) -> None:
        """Keep a reminder; one of the same record and person is put to this instant."""
        row = {"area": held.area, "number": held.number, "member_id": held.member_id, "until": held.until}

        def write(db: Scoped) -> None:
            db.change(_ONE, the_area=held.area, the_number=held.number, the_member=held.member_id)
            db.insert_missing(held_reminders, row)

        await self._transaction.run(write)

    async def take(self, now: datetime) -> Sequence[HeldReminder]:
        """Return those that may be sent by now, and keep them no more."""

        def take(db: Scoped) -> list[HeldReminder]:
            rows = db.all(_DUE, moment=now)
            if rows:
                db.change(_TAKE, moment=now)
            return [HeldReminder(row.area, row.number, row.member_id, row.until) for row in rows]

        return await self._transaction.run(take)
