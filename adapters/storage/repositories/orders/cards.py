"""The payments by card of one workspace, and what of them goes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, bindparam, literal_column

from adapters.storage.repositories.orders.tables import LOOKED_AT, order_card_refunds, order_cards
from adapters.storage.work import scope
from adapters.storage.work.transaction import Transaction
from core.orders.cards import CardAttempt, CardRefund
from core.payments.model import PaymentKey
from core.payments.money import Money
from core.ports.payments import RefundStatus

_c, _r = order_cards.c, order_card_refunds.c
_ASKED = ("scope", "title", "expires_at", "return_url", "author_id", "channel_id")
_KNOWN = ("checkout_id", "url", "payment_id", "decline", "look_at")
_REFUND = ("given", "author_id", "asked_at", "delivery", "look_at")

_OF_ORDER = bindparam("the_number", type_=_c.number.type)
_FIND = scope.select(order_cards).where(
    _c.number == _OF_ORDER, _c.attempt == bindparam("the_attempt", type_=_c.attempt.type)
)
_REFUNDS = scope.select(order_card_refunds).where(_r.number == _OF_ORDER).order_by(_r.asked_at, _r.attempt, _r.refund)


def _due(table: Table) -> Any:
    at = table.c.look_at
    return (
        scope.select(table)
        .where(literal_column(LOOKED_AT), at <= bindparam("moment", type_=at.type))
        .order_by(at)
        .limit(bindparam("at_most"))
    )


_DUE, _DUE_REFUNDS = _due(order_cards), _due(order_card_refunds)


class Cards:
    """The repository of payments by card."""

    def __init__(self, transaction: Transaction) -> None:
        """Bind to the transaction of the unit of work."""
        self._transaction = transaction

    async def find(self, key: PaymentKey) -> CardAttempt | None:
        """Return the attempt of a key."""
        asked = {"the_number": key.order, "the_attempt": key.attempt}
        row = await self._transaction.run(lambda db: db.first(_FIND, **asked))
        return _attempt_of(row) if row else None

    async def due(self, now: datetime, limit: int) -> Sequence[CardAttempt]:
        """Return attempts that are to be gone on with by now, those first that waited longest."""
        rows = await self._transaction.run(lambda db: db.all(_DUE, moment=now, at_most=limit))
        return list(map(_attempt_of, rows))

    async def put(self, attempt: CardAttempt) -> None:
        """Store an attempt as it is now."""
        row = {**_key_row(attempt.key, attempt.amount), **_fields(attempt, (*_ASKED, *_KNOWN))}
        await self._transaction.run(lambda db: db.put(order_cards, row))

    async def refunds(self, order: int) -> Sequence[CardRefund]:
        """Return what goes back, or went, of an order, in the order in which it was asked for."""
        rows = await self._transaction.run(lambda db: db.all(_REFUNDS, the_number=order))
        return list(map(_refund_of, rows))

    async def due_refunds(self, now: datetime, limit: int) -> Sequence[CardRefund]:
        """Return refunds that are to be gone on with by now, those first that waited longest."""
        rows = await self._transaction.run(lambda db: db.all(_DUE_REFUNDS, moment=now, at_most=limit))
        return list(map(_refund_of, rows))

    async def put_refund(self, refund: CardRefund) -> None:
        """Store a refund as it is now."""
        row = {
            **_key_row(refund.key, refund.amount),
            **_fields(refund, _REFUND),
            "refund": refund.number,
            "state": refund.state.value,
        }
        await self._transaction.run(lambda db: db.put(order_card_refunds, row))


def _key_row(key: PaymentKey, amount: Money) -> dict[str, Any]:
    return {"number": key.order, "attempt": key.attempt, "currency": amount.currency, "units": amount.units}


def _fields(record: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def _attempt_of(row: Row[Any]) -> CardAttempt:
    key, amount = PaymentKey(row.number, row.attempt), Money(row.currency, int(row.units))
    return CardAttempt(key, amount, **_fields(row, (*_ASKED, *_KNOWN)))


def _refund_of(row: Row[Any]) -> CardRefund:
    key, amount = PaymentKey(row.number, row.attempt), Money(row.currency, int(row.units))
    return CardRefund(key, row.refund, amount, state=RefundStatus(row.state), **_fields(row, _REFUND))
