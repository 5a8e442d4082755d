"""The ledger of deliveries: what was asked once is answered once, however often it is delivered."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from adapters.storage import scope
from adapters.storage.codec import reply_of
from adapters.storage.dialects import Dialect
from adapters.storage.scope import Scoped
from adapters.storage.tables import DELIVERY, deliveries
from core.ports.storage import AlreadyDeliveredError
from core.shared.errors import ConflictError

_ROW = scope.select(deliveries, deliveries.c.reply).where(deliveries.c.id == bindparam("delivery_id"))
_ANSWER = scope.update(deliveries).where(deliveries.c.id == bindparam("delivery_id"))


def key_of(delivery_id: str) -> str:
    """Return what an id is kept as: those that the column does not take by their digest."""
    if len(delivery_id) <= DELIVERY and delivery_id.isascii():
        return delivery_id
    return f"sha256:{hashlib.sha256(delivery_id.encode(errors='surrogatepass')).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that is being worked on: its id (may be empty), when, and by which run of the process."""

    id: str
    at: datetime
    run: str

    def keep(self, scoped: Scoped) -> None:
        """Keep the delivery in the transaction that does its work.

        Raises `AlreadyDeliveredError` when it was answered before. One that was kept but never answered is taken over:
        the process that took it on died, for otherwise this transaction would not have come to its turn.
        """
        if scoped.insert_missing(deliveries, new_row(self)):
            return
        row = scoped.first(_ROW, delivery_id=key_of(self.id))
        if row is None:
            # Somebody else's: nothing of it is told.
            raise ConflictError("delivery_taken")
        if row.reply is not None:
            raise AlreadyDeliveredError(reply_of(row.reply))


def new_row(delivery: Delivery) -> dict[str, object]:
    """Return the row of a delivery that is not answered yet."""
    return {"id": key_of(delivery.id), "kept_at": delivery.at, "kept_by": delivery.run, "reply": None}


def answer(scoped: Scoped, delivery: Delivery, text: str) -> None:
    """Keep what a delivery was answered with."""
    if delivery.id:
        scoped.change(_ANSWER, delivery_id=key_of(delivery.id), reply=text)


def take_on(db: Connection, dialect: Dialect, workspace_id: int, delivery: Delivery) -> bool:
    """Keep a delivery that is about to be acknowledged, and tell whether its work is to be done now."""
    row = {**new_row(delivery), "workspace_id": workspace_id}
    if db.execute(dialect.insert_missing(deliveries), row).rowcount == 1:
        return True
    left_undone = (
        sa.update(deliveries)
        .where(deliveries.c.id == row["id"], deliveries.c.workspace_id == workspace_id)
        .where(deliveries.c.reply.is_(None), deliveries.c.kept_by != delivery.run)
        .values(kept_by=delivery.run)
    )
    return db.execute(left_undone).rowcount == 1
