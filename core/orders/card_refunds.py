"""Money of orders that goes back to cards: stored before it is asked for, asked for once, and then written down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

from core.chat.actor import Actor
from core.orders.cards import CardAttempt, CardNews, CardOutcome, CardRefund
from core.orders.carts import filled
from core.orders.desk import LATER, CardDesk, order_of, paid_by
from core.orders.model import Order
from core.orders.repository import ORDER_CARDS, ORDERS
from core.orders.settling import Settling, checked_refund
from core.payments.model import Method, Payment
from core.payments.money import Money, money
from core.ports.payments import (
    CardPaymentError,
    CardPayments,
    RefundRefusedError,
    RefundStatus,
    Till,
)
from core.ports.storage import UnitOfWork
from core.shared.errors import RefusedError
from core.stock.model import Shop
from core.workspaces.model import Audience

ASK_ANEW = timedelta(minutes=10)
"""How long a refund is asked for by the same key: trouble may be answered to one for ever."""


class CardRefundService(CardDesk):
    """The refunds to cards of one workspace."""

    async def due(self, limit: int) -> Sequence[CardRefund]:
        """Return refunds that are to be gone on with by now."""
        async with self._transactions.read() as work:
            return await work.of(ORDER_CARDS).due_refunds(self._clock.now(), limit)

    async def refund(
        self, actor: Actor, audience: Audience, shop: Shop, number: int, amount: Decimal | None, delivery: str
    ) -> CardNews:
        """Give money of an order back to the card that paid it, all that is left of it unless told how much.

        The same delivery gives it back once. Raises as `checked_refund` does, and `RefusedError` (`cards_off`,
        `refund_under_way`).
        """
        till = self._open_till()
        refund = await self._stored(actor, audience, number, amount, delivery, till)
        if refund.state is not RefundStatus.PENDING:
            return await self._as_it_is(refund)
        return await self.go_on(actor, shop, refund, is_told=True) or await self._as_it_is(refund)

    async def _stored(
        self, actor: Actor, audience: Audience, number: int, amount: Decimal | None, delivery: str, till: Till
    ) -> CardRefund:
        """Return what that delivery asked for before, or what is asked for now."""
        now, mark = self._clock.now(), sha256(delivery.encode()).hexdigest() if delivery else ""
        async with self._transactions.write() as work:
            order = await order_of(work, number, audience)
            refunds = await work.of(ORDER_CARDS).refunds(number)
            same = [one for one in refunds if mark and one.delivery == mark]
            if same:
                return same[-1]
            given = checked_refund(order, amount)
            payment = _paid(await work.of(ORDERS).payments(number), refunds)
            theirs = [one for one in refunds if one.key == payment.key]
            if any(one.state is RefundStatus.PENDING for one in theirs):
                raise RefusedError("refund_under_way", field="order", number=number)
            back = Money(payment.amount.currency, payment.left) if given == order.left else money(given, order.currency)
            refund = CardRefund(
                key=payment.key,
                number=len(theirs) + 1,
                amount=back,
                given=given,
                author_id=actor.member_id,
                asked_at=now,
                delivery=mark,
                look_at=now + till.every,
            )
            await work.of(ORDER_CARDS).put_refund(refund)
            await work.commit()
        return refund

    async def go_on(self, actor: Actor, shop: Shop, refund: CardRefund, *, is_told: bool = False) -> CardNews | None:
        """Ask for a refund and write down what came of it; return that, None if somebody else did.

        The channel is told, unless whoever calls tells it. It is safe to be done by several at once, and again.
        """
        payments = self._open_till().payments
        async with self._transactions.read() as work:
            attempt, payment = await paid_by(work, refund.key)
        try:
            done = await payments.refund(refund.request(attempt))
        except CardPaymentError as error:
            return await self._not_known(actor, shop, refund, attempt, payment, error, is_told=is_told)
        if done.status is RefundStatus.FAILED:
            return await self._failed(refund, attempt, "refund_failed", is_told=is_told)
        return await self._done(actor, shop, refund, attempt, is_told=is_told)

    async def _not_known(
        self,
        actor: Actor,
        shop: Shop,
        refund: CardRefund,
        attempt: CardAttempt,
        payment: Payment,
        error: CardPaymentError,
        *,
        is_told: bool,
    ) -> CardNews | None:
        """Find out whether money went back although the answer does not say so."""
        is_open = isinstance(error, LATER)
        if not is_open and not isinstance(error, RefundRefusedError):
            return await self._failed(refund, attempt, error.code, is_told=is_told)
        is_done = await _went_back(self._open_till().payments, attempt, payment.refunded + refund.amount.units)
        if is_done:
            return await self._done(actor, shop, refund, attempt, is_told=is_told)
        if not is_open and is_done is not None:
            return await self._failed(refund, attempt, error.code, is_told=is_told)
        return await self._later(refund, attempt, asks_anew=is_done is not None)

    async def _later(self, refund: CardRefund, attempt: CardAttempt, *, asks_anew: bool) -> CardNews | None:
        """Ask again later; by another key once this one was tried for long and it is known that nothing went back."""
        now, cards = self._clock.now(), ORDER_CARDS
        async with self._transactions.write() as work:
            stored = await _pending(work, refund)
            if stored is None:
                return None
            later = replace(stored, look_at=now + self._open_till().every)
            if asks_anew and now - stored.asked_at >= ASK_ANEW:
                await work.of(cards).put_refund(replace(stored, state=RefundStatus.FAILED, look_at=None))
                later = replace(later, number=stored.number + 1, asked_at=now)
            await work.of(cards).put_refund(later)
            order = await _order_of(work, refund)
            await work.commit()
        return CardNews(CardOutcome.REFUND_AWAITED, order, attempt, amount=refund.amount)

    async def _failed(self, refund: CardRefund, attempt: CardAttempt, reason: str, *, is_told: bool) -> CardNews | None:
        async with self._transactions.write() as work:
            stored = await _pending(work, refund)
            if stored is None:
                return None
            await work.of(ORDER_CARDS).put_refund(replace(stored, state=RefundStatus.FAILED, look_at=None))
            order = await _order_of(work, refund)
            news = CardNews(CardOutcome.NOT_REFUNDED, order, attempt, reason, refund.amount)
            self._tell(work, news, is_told=is_told)
            await work.commit()
        return news

    async def _done(
        self, actor: Actor, shop: Shop, refund: CardRefund, attempt: CardAttempt, *, is_told: bool
    ) -> CardNews | None:
        """Write down that money went back."""
        now = self._clock.now()
        async with self._transactions.write() as work:
            stored = await _pending(work, refund)
            if stored is None:
                return None
            _, payment = await paid_by(work, refund.key)
            order = await _order_of(work, refund)
            await work.of(ORDER_CARDS).put_refund(replace(stored, state=RefundStatus.DONE, look_at=None))
            await work.of(ORDERS).put_payment(payment.giving_back(refund.amount.units), now, refund.author_id)
            outcome = CardOutcome.RETURNED
            if not refund.is_late:
                settling = Settling(work, self._stock, actor, shop, self._clock)
                change = await settling.give_back(await filled(work, order), refund.given)
                outcome, order = CardOutcome.REFUNDED, change.now.order
            news = CardNews(outcome, order, attempt, amount=refund.amount)
            self._tell(work, news, is_told=is_told)
            await work.commit()
        return news

    async def _as_it_is(self, refund: CardRefund) -> CardNews:
        async with self._transactions.read() as work:
            attempt, _ = await paid_by(work, refund.key)
            order = await _order_of(work, refund)
            stored = await _stored(work, refund)
        outcomes = {
            RefundStatus.DONE: CardOutcome.REFUNDED,
            RefundStatus.FAILED: CardOutcome.NOT_REFUNDED,
            RefundStatus.PENDING: CardOutcome.REFUND_AWAITED,
        }
        return CardNews(outcomes[stored.state], order, attempt, "refund_failed", refund.amount)

    def _tell(self, work: UnitOfWork, news: CardNews, *, is_told: bool) -> None:
        if not is_told:
            self._post(work, news)


def is_paid_by_card(payments: Sequence[Payment]) -> bool:
    """Tell whether an order's money came by card."""
    is_recorded = any(payment.left for payment in payments if payment.method is not Method.CARD)
    return not is_recorded and any(one.status.was_paid for one in payments if one.method is Method.CARD)


async def _went_back(payments: CardPayments, attempt: CardAttempt, units: int) -> bool | None:
    """Tell whether so much went back in all; None if nobody says."""
    try:
        found = await payments.look(attempt.checkout_id)
    except CardPaymentError:
        return None
    return found.refunded >= units


def _paid(payments: Sequence[Payment], refunds: Sequence[CardRefund]) -> Payment:
    """Return the payment by card that an order was paid by; raises `RefusedError` (`nothing_paid`)."""
    late = {refund.key for refund in refunds if refund.is_late}
    for payment in payments:
        if payment.method is Method.CARD and payment.left and payment.key not in late:
            return payment
    raise RefusedError("nothing_paid", field="order", number=payments[0].key.order if payments else 0)


async def _order_of(work: UnitOfWork, refund: CardRefund) -> Order:
    return await order_of(work, refund.key.order, Audience(refund.author_id, frozenset()))


async def _stored(work: UnitOfWork, refund: CardRefund) -> CardRefund:
    found = await work.of(ORDER_CARDS).refunds(refund.key.order)
    return next((one for one in found if (one.key, one.number) == (refund.key, refund.number)), refund)


async def _pending(work: UnitOfWork, refund: CardRefund) -> CardRefund | None:
    """Return a refund as it is stored, None if it is over."""
    stored = await _stored(work, refund)
    return stored if stored.state is RefundStatus.PENDING else None
