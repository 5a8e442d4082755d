"""The ledger of deliveries: what was asked once is answered once, however often it is delivered."""

import hashlib
from datetime import datetime

from sqlalchemy import bindparam

from adapters.storage.schema.tables import DELIVERY, deliveries
from adapters.storage.work import scope
from adapters.storage.work.codec import reply_of
from adapters.storage.work.scope import Scoped
from core.ports.storage import AlreadyDeliveredError
from core.shared.errors import ConflictError
from core.shared.value_objects import value_object

_ROW = scope.select(deliveries, deliveries.c.reply).where(deliveries.c.id == bindparam("delivery_id"))


def key_of(delivery_id: str) -> str:
    """Return what an id is kept as: those that the column does not take by their digest."""
    if len(delivery_id) <= DELIVERY and delivery_id.isascii():
        return delivery_id
    return f"sha256:{hashlib.sha256(delivery_id.encode(errors='surrogatepass')).hexdigest()}"


@value_object
class Delivery:
    """A delivery that is being worked on: its id (may be empty), and since when."""

    id: str
    at: datetime

    def keep(self, scoped: Scoped) -> None:
        """Keep the delivery in the transaction that does its work.

        Raises `AlreadyDeliveredError` when it was answered before: what is kept here has its answer, for both become
        permanent at once.
        """
        if scoped.insert_missing(deliveries, {"id": key_of(self.id), "kept_at": self.at, "reply": None}):
            return
        row = scoped.first(_ROW, delivery_id=key_of(self.id))
        if row is None:
            # Somebody else's: nothing of it is told.
            raise ConflictError("delivery_taken")
        raise AlreadyDeliveredError(reply_of(row.reply))


def answer(scoped: Scoped, delivery: Delivery, text: str) -> None:
    """Keep what a delivery was answered with."""
    if delivery.id:
        scoped.update_many(deliveries, ("id",), ({"id": key_of(delivery.id), "reply": text},))
