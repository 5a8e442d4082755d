"""What payments of orders by card and refunds to cards have in common: who takes cards, and how it is told of them."""

from collections.abc import Callable

from core.chat.reply import Reply
from core.orders.cards import CardAttempt, CardNews
from core.orders.model import Order
from core.orders.repository import ORDER_CARDS, ORDERS
from core.payments.model import Payment, PaymentKey
from core.ports.payments import OutcomeUnknownError, PaymentsBusyError, Till
from core.ports.storage import Post, Transactions, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import NotFoundError, RefusedError
from core.stock.service import StockService
from core.workspaces.model import Audience

Word = Callable[[CardNews], Reply]
"""Says what became of a payment."""

LATER = (OutcomeUnknownError, PaymentsBusyError)
"""Errors that say nothing: the same is asked again."""


class CardDesk:
    """Where cards are seen to in one workspace. Its units of work are its own, never those of a request."""

    def __init__(
        self, transactions: Transactions, clock: Clock, stock: StockService, till: Till | None, word: Word
    ) -> None:
        """Bind to units of work, the time, what moves goods, who takes cards (None: nobody), and what tells of it."""
        self._transactions = transactions
        self._clock = clock
        self._stock = stock
        self._till = till
        self._word = word

    def _post(self, work: UnitOfWork, news: CardNews) -> None:
        """Tell the channel in which an order was begun."""
        work.outbox.add(Post(self._word(news), channel_id=news.order.placed_in), self._clock.now())

    def _open_till(self) -> Till:
        if self._till is None:
            raise RefusedError("cards_off")
        return self._till


async def order_of(work: UnitOfWork, number: int, audience: Audience) -> Order:
    """Return an order; raises `NotFoundError`."""
    order = await work.of(ORDERS).get(number, audience)
    if order is None:
        raise NotFoundError("order", number)
    return order


async def paid_by(work: UnitOfWork, key: PaymentKey) -> tuple[CardAttempt, Payment]:
    """Return an attempt and its payment, as they are stored; raises `NotFoundError`."""
    attempt = await work.of(ORDER_CARDS).find(key)
    payment = next((one for one in await work.of(ORDERS).payments(key.order) if one.key == key), None)
    if attempt is None or payment is None:
        raise NotFoundError("order", key.order)
    return attempt, payment
