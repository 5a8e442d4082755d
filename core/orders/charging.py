"""Orders paid by card: a page to pay on is asked for, looked at, and closed before anything else is done with an order.

Reserve, charge, confirm or release: whatever is asked of the other side is stored before, and what it answers is stored
after, each in a unit of work of its own. Where a process dies in between, another one goes on from what is stored, and
asks the same by the same key. As long as somebody may pay, the order keeps its goods and nothing else is done with it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from core.chat.actor import Actor
from core.orders.cards import CardAttempt, CardNews, CardOutcome, CardRefund
from core.orders.carts import filled, terms_of
from core.orders.desk import LATER, CardDesk, order_of, paid_by
from core.orders.hearing import scope_of
from core.orders.model import Filled, Order, OrderStatus
from core.orders.repository import ORDER_CARDS, ORDERS
from core.orders.rules import set_aside_for
from core.orders.settling import Settling, open_card
from core.orders.steps import check_change, keep
from core.payments.model import Method, Payment, PaymentKey, Status
from core.payments.money import AmountError, Money, money
from core.ports.payments import (
    LINK_LIFE,
    CardPaymentError,
    ChargeRefusedError,
    Checkout,
    RefundStatus,
    Till,
)
from core.ports.storage import Post, UnitOfWork
from core.shared.errors import RefusedError
from core.shared.ids import new_id
from core.shared.value_objects import value_object
from core.stock.model import Shop
from core.workspaces.model import Audience

GRACE = timedelta(minutes=5)
"""How long after its end a page that nobody was ever told of is still asked for."""
ODD = timedelta(hours=1)
"""How soon a payment is looked at again that is not what was asked for."""

CLOSED = "link_closed"
"""Why nobody pays by card any more: somebody did something else with the order."""

_TOLD = {Status.PENDING: CardOutcome.WAITING, Status.REQUIRES_ACTION: CardOutcome.REQUIRES_ACTION}


@value_object
class _Case:
    """A payment as it is stored, in a unit of work, with whoever it is gone on with for."""

    work: UnitOfWork
    actor: Actor
    shop: Shop
    order: Order
    attempt: CardAttempt
    payment: Payment

    async def put(self, payment: Payment, now: datetime) -> None:
        """Store the payment as it is now."""
        await self.work.of(ORDERS).put_payment(payment, now, self.attempt.author_id)


class CardService(CardDesk):
    """The payments by card of one workspace."""

    async def due(self, limit: int) -> Sequence[CardAttempt]:
        """Return attempts that are to be gone on with by now."""
        async with self._transactions.read() as work:
            return await work.of(ORDER_CARDS).due(self._clock.now(), limit)

    # --- asking ---------------------------------------------------------------------

    async def ask(self, actor: Actor, audience: Audience, shop: Shop, number: int) -> CardNews:
        """Return the page on which an order can be paid, the same one as long as it is open, or what became of it.

        Raises `NotFoundError`, and `RefusedError`: `cards_off`, `order_status`, `card_amount`, `card_least`.
        """
        till = self._open_till()
        attempt = await self._stored(actor, audience, number, till)
        if attempt.url and attempt.expires_at > self._clock.now():
            return await self._as_it_is(actor, shop, attempt)
        news = await self.go_on(actor, shop, attempt, is_told=True)
        return news or await self._as_it_is(actor, shop, attempt)

    async def _stored(self, actor: Actor, audience: Audience, number: int, till: Till) -> CardAttempt:
        """Return the attempt that is under way, or one that is stored now and not asked for yet."""
        now = self._clock.now()
        async with self._transactions.write() as work:
            order = await order_of(work, number, audience)
            check_change(order, OrderStatus.COMPLETED)
            payments = await work.of(ORDERS).payments(number)
            if under_way := await _under_way(work, payments):
                return under_way
            amount = chargeable(order, till)
            payment = Payment(PaymentKey(number, len(payments) + 1), Method.CARD, amount, Status.PENDING)
            attempt = CardAttempt(
                key=payment.key,
                amount=amount,
                # Another database with the same account must not ask by the same keys.
                scope=scope_of(work.workspace_id, new_id(now)),
                title=f"Order {number}",
                expires_at=(now + LINK_LIFE).replace(microsecond=0),
                return_url=till.return_url,
                author_id=actor.member_id,
                channel_id=actor.channel_id,
                look_at=now + till.every,
            )
            await work.of(ORDERS).put_payment(payment, now, actor.member_id)
            await work.of(ORDER_CARDS).put(attempt)
            # Its goods are set aside as long as it can be paid: nothing but that frees them.
            waiting = await filled(work, replace(order, method=Method.CARD, until=None))
            await keep(work, actor, "pay", now, Filled(order, waiting.lines), waiting, undoable=False)
            await work.commit()
        return attempt

    async def _as_it_is(self, actor: Actor, shop: Shop, attempt: CardAttempt) -> CardNews:
        async with self._transactions.read() as work:
            case = await _case(work, actor, shop, attempt)
        status, outcome = case.payment.status, CardOutcome.LINKED
        if status.is_over:
            outcome = CardOutcome.PAID if status.is_money_here else CardOutcome.ENDED
        was_let_go = case.order.status is OrderStatus.PAYMENT_FAILED
        return CardNews(outcome, case.order, case.attempt, case.order.reason if was_let_go else CLOSED)

    # --- going on -------------------------------------------------------------------

    async def go_on(self, actor: Actor, shop: Shop, attempt: CardAttempt, *, is_told: bool = False) -> CardNews | None:
        """Do what comes next for an attempt, and tell of it; return what became of it, None if that is nothing new.

        It is safe to be done by several at once, and again. One that `is_told` is told of the link by whoever calls.
        """
        try:
            found = await self._found(attempt)
        except CardPaymentError as error:
            return await self._not_found(actor, shop, attempt, error)
        return await self._became(actor, shop, attempt, found, is_told=is_told)

    async def _found(self, attempt: CardAttempt, *, closing: bool = False) -> Checkout:
        """Return how a payment is on the other side, where nobody can pay any more once its time is over."""
        payments = self._open_till().payments
        opened = None if attempt.checkout_id else await payments.open(attempt.request)
        checkout_id = opened.id if opened else attempt.checkout_id
        if closing or self._clock.now() >= attempt.expires_at:
            return await payments.expire(checkout_id)
        return opened or await payments.look(checkout_id)

    async def _not_found(
        self, actor: Actor, shop: Shop, attempt: CardAttempt, error: CardPaymentError
    ) -> CardNews | None:
        """Try again later, or end an attempt that can't be asked for, or of whose page nobody has ever heard."""
        is_over = self._clock.now() >= attempt.expires_at + GRACE if isinstance(error, LATER) else True
        if not attempt.checkout_id and is_over:
            return await self._ended(actor, shop, attempt, error.code)
        async with self._transactions.write() as work:
            case = await _case(work, actor, shop, attempt)
            later = self._clock.now() + self._open_till().every
            await work.of(ORDER_CARDS).put(replace(case.attempt, look_at=later))
            await work.commit()
        return CardNews(CardOutcome.AWAITED, case.order, case.attempt, error.code)

    async def close(self, actor: Actor, shop: Shop, number: int) -> None:
        """Let nobody pay an order by card any more, before something else is done with it.

        It is paid afterwards if somebody was faster. Raises `RefusedError` (`cards_off`, `card_silent`).
        """
        async with self._transactions.read() as work:
            attempt = await _under_way(work, await work.of(ORDERS).payments(number))
        if attempt is None:
            return
        try:
            found = await self._found(attempt, closing=True)
        except CardPaymentError as error:
            if attempt.checkout_id or isinstance(error, LATER):
                raise RefusedError("card_silent", field="order", number=number) from error
            await self._ended(actor, shop, attempt, error.code, releases=False)
            return
        await self._became(actor, shop, attempt, found, releases=False)

    # --- what became of it ------------------------------------------------------------

    async def _became(
        self,
        actor: Actor,
        shop: Shop,
        attempt: CardAttempt,
        found: Checkout,
        *,
        releases: bool = True,
        is_told: bool = False,
    ) -> CardNews | None:
        """Store what was found, and what comes of it."""
        now, till = self._clock.now(), self._open_till()
        async with self._transactions.write() as work:
            case = await _case(work, actor, shop, attempt)
            stored, payment = case.attempt, case.payment
            if (found.key, found.scope, found.amount) != (attempt.key, attempt.scope, attempt.amount):
                await work.of(ORDER_CARDS).put(replace(stored, look_at=now + ODD))
                await work.commit()
                return CardNews(CardOutcome.DIFFERS, case.order, stored)
            known = replace(
                stored,
                checkout_id=found.id,
                url=found.url or stored.url,
                payment_id=found.payment_id or stored.payment_id,
                decline=found.decline or stored.decline,
                look_at=None if found.status.is_over or payment.status.is_over else now + till.every,
            )
            if stored.look_at and stored.look_at != attempt.look_at:
                # There is news since it was asked for.
                known = replace(known, look_at=stored.look_at)
            await work.of(ORDER_CARDS).put(known)
            case = replace(case, attempt=known)
            if found.status.was_paid:
                news = await self._money(case, found)
            elif found.status.is_over:
                news = await self._over(case, found.status, releases=releases)
            else:
                news = await self._on_its_way(case, stored, found, is_told=is_told)
            await work.commit()
        return news

    async def _on_its_way(self, case: _Case, stored: CardAttempt, found: Checkout, *, is_told: bool) -> CardNews | None:
        """Tell whoever asked of the link, and of what happens on its page."""
        now, known = self._clock.now(), case.attempt
        if not stored.url and found.url:
            news = CardNews(CardOutcome.LINKED, case.order, known)
            if not is_told:
                post = Post(self._word(news), member_id=known.author_id, channel_id=known.channel_id)
                case.work.outbox.add(post, now)
            return news
        was = case.payment.status
        if was.is_over or (was, stored.decline) == (found.status, known.decline):
            return None
        await case.put(case.payment.becoming(found.status), now)
        outcome = _TOLD.get(found.status, CardOutcome.DECLINED)
        news = CardNews(outcome, case.order, known, found.decline)
        if outcome is not CardOutcome.WAITING:
            self._post(case.work, news)
        return news

    async def _money(self, case: _Case, found: Checkout) -> CardNews | None:
        """Take money for an order that waits for it, and give back what came for another; note what went back."""
        now, payment, attempt = self._clock.now(), case.payment, case.attempt
        if payment.status.was_paid:
            return await self._gone(case, found)
        await case.put(payment.becoming(Status.PAID), now)
        if case.order.status is OrderStatus.PENDING and not payment.status.is_over:
            before = await filled(case.work, case.order)
            change = await self._settling(case).complete(before, Method.CARD, undoable=False)
            if found.refunded:
                await case.work.of(ORDER_CARDS).put(replace(attempt, look_at=now))
            news = CardNews(CardOutcome.PAID, change.now.order, attempt)
            self._post(case.work, news)
            return news
        late = CardRefund(attempt.key, 1, payment.amount, Decimal(0), attempt.author_id, now, look_at=now)
        await case.work.of(ORDER_CARDS).put_refund(late)
        return CardNews(CardOutcome.REFUND_AWAITED, case.order, attempt, amount=payment.amount)

    async def _gone(self, case: _Case, found: Checkout) -> CardNews | None:
        """Write down what somebody gave back on the other side's own pages."""
        payment, now = case.payment, self._clock.now()
        units = min(found.refunded - payment.refunded, payment.left)
        refunds = await case.work.of(ORDER_CARDS).refunds(case.order.number)
        ours = [one for one in refunds if one.key == case.attempt.key]
        if units <= 0 or any(one.state is RefundStatus.PENDING for one in ours):
            return None
        amount = Money(payment.amount.currency, units)
        given = given_of(case.order, payment, amount)
        await case.put(payment.giving_back(units), now)
        if any(one.is_late for one in ours) or not given:
            return None
        before = await filled(case.work, case.order)
        change = await self._settling(case).give_back(before, given)
        news = CardNews(CardOutcome.REFUNDED, change.now.order, case.attempt, amount=amount)
        self._post(case.work, news)
        return news

    async def _ended(
        self, actor: Actor, shop: Shop, attempt: CardAttempt, reason: str, *, releases: bool = True
    ) -> CardNews | None:
        """End an attempt that nobody can pay."""
        async with self._transactions.write() as work:
            case = await _case(work, actor, shop, attempt)
            case = replace(case, attempt=replace(case.attempt, look_at=None))
            await work.of(ORDER_CARDS).put(case.attempt)
            news = await self._over(case, Status.FAILED, reason, releases=releases)
            await work.commit()
        return news

    async def _over(self, case: _Case, status: Status, reason: str = "", *, releases: bool) -> CardNews | None:
        """Let the goods of an order go that was not paid, or let it wait for another way to be paid."""
        now, work, order = self._clock.now(), case.work, case.order
        if case.payment.status.is_over:
            return None
        await case.put(case.payment.becoming(status), now)
        before = await filled(work, order)
        if not releases:
            until = now + set_aside_for(order.method, await terms_of(work, case.actor, self._clock))
            after = replace(before, order=replace(order, until=until))
            await keep(work, case.actor, "pay", now, before, after, undoable=False)
            return None
        why = reason or ("card_declined" if case.attempt.decline else "card_expired")
        change = await self._settling(case).release(before, why)
        news = CardNews(CardOutcome.ENDED, change.now.order, case.attempt, why)
        self._post(work, news)
        return news

    def _settling(self, case: _Case) -> Settling:
        return Settling(case.work, self._stock, case.actor, case.shop, self._clock)


def chargeable(order: Order, till: Till) -> Money:
    """Return what a card is charged for an order; raises `RefusedError` (`card_amount`, `card_least`)."""
    try:
        return till.payments.chargeable(money(order.total, order.currency))
    except AmountError as error:
        raise RefusedError("card_amount", field="order", number=order.number, fault=error.fault.value) from error
    except ChargeRefusedError as error:
        least = str(error.least or "")
        raise RefusedError("card_least", field="order", number=order.number, least=least) from error


def given_of(order: Order, payment: Payment, amount: Money) -> Decimal:
    """Return by how much an order's sums go down where so much of its payment goes back.

    Where no card has the currency's last digit the two differ by it, so that all of one is all of the other.
    """
    return order.left if amount.units == payment.left else min(amount.amount, order.left)


async def _under_way(work: UnitOfWork, payments: Sequence[Payment]) -> CardAttempt | None:
    """Return the attempt that may still be paid."""
    payment = open_card(payments)
    return await work.of(ORDER_CARDS).find(payment.key) if payment else None


async def _case(work: UnitOfWork, actor: Actor, shop: Shop, attempt: CardAttempt) -> _Case:
    order = await order_of(work, attempt.key.order, Audience(actor.member_id, frozenset()))
    stored, payment = await paid_by(work, attempt.key)
    return _Case(work, actor, shop, order, stored, payment)
