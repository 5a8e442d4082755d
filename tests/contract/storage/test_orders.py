"""Orders with their lines and payments, terms and discount codes: what is written is read."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from core.orders.cards import CardAttempt, CardRefund
from core.orders.model import DiscountCode, Order, OrderFilter, OrderLine, OrderStatus, PaymentState, Taking, Terms
from core.orders.repository import DISCOUNT_CODES, ORDER_CARDS, ORDER_TERMS, ORDERS
from core.payments.model import Method, Payment, PaymentKey, Status
from core.payments.money import Money
from core.ports.payments import RefundStatus
from core.shared.errors import ConflictError
from tests.contract.storage.world import NOON, Place

LINE = OrderLine(1, "SECRET", "Secret sauce", 2, Decimal("2.50"), amount=Decimal(5), tax=Decimal("0.40"))
LATER = NOON + timedelta(hours=24)


def order_of(place: Place, number: int = 1, **fields: Any) -> Order:
    """Return one of Ann's: the first waits for its payment, the others are carts."""
    order = Order(number, place.ann, NOON, place.general.id, "EUR", customer_name="Secret Ltd", total=Decimal("5.40"))
    if number == 1:
        order = replace(order, status=OrderStatus.PENDING, method=Method.CASH, until=LATER)
    return replace(order, **fields)


def payment_of(order: int, attempt: int = 1) -> Payment:
    """Return an attempt at paying 5.40 EUR in cash."""
    return Payment(PaymentKey(order, attempt), Method.CASH, Money("EUR", 540))


def card_of(place: Place, attempt: int = 1, **fields: Any) -> CardAttempt:
    """Return an attempt of Ann's at paying the first order by card, which was not asked for yet."""
    asked = (PaymentKey(1, attempt), Money("EUR", 540), "SECRET", "Order 1", LATER, "https://shop.example/back")
    return replace(CardAttempt(*asked, place.ann, place.general.id, look_at=NOON), **fields)


def refund_of(place: Place, number: int = 1, **fields: Any) -> CardRefund:
    """Return a refund of a part of it, which was not asked for yet."""
    about = (PaymentKey(1), number, Money("EUR", 40), Decimal("0.40"), place.ann, NOON)
    return replace(CardRefund(*about, "SECRET", look_at=NOON), **fields)


def code_of(place: Place, number: int = 1, **fields: Any) -> DiscountCode:
    """Return one of Ann's."""
    return replace(DiscountCode(number, place.ann, NOON, "SECRET", Decimal(10)), **fields)


async def add(place: Place, *orders: Order) -> None:
    async with place.writing() as work:
        work.of(ORDERS).add_all(orders)


async def numbers(place: Place, **wanted: Any) -> list[int]:
    async with place.reading() as work:
        page = await work.of(ORDERS).page(OrderFilter(**wanted), place.public)
    return [order.number for order in page.items]


async def test_an_order_is_read_as_it_was_written(here: Place) -> None:
    whole = order_of(
        here,
        status=OrderStatus.COMPLETED,
        payment=PaymentState.PARTLY_REFUNDED,
        method=Method.TRANSFER,
        customer="#1",
        email="ann@example.org",
        address="3 Mill Lane\nEly",
        billing="1 Main Street",
        percent=Decimal("12.5"),
        code="SUMMER",
        tax_rate=Decimal(8),
        tax_included=True,
        subtotal=Decimal(5),
        discount=Decimal("0.63"),
        tax=Decimal("0.32"),
        shipping=Decimal("4.90"),
        refunded=Decimal(1),
        reason="unpaid",
        until=None,
        placed_at=NOON,
        paid_at=LATER,
        receipt=7,
        seller="Corner Shop\n5 Market Street",
        tax_id="DE123456789",
        version=3,
    )
    await add(here, whole)
    async with here.reading() as work:
        assert await work.of(ORDERS).find(1) == whole


async def test_lines_keep_their_order_and_are_replaced_as_a_whole(here: Place) -> None:
    await add(here, order_of(here), order_of(here, 2))
    several = [LINE, replace(LINE, product=2, percent=Decimal(5), gone=1), replace(LINE, quantity=9)]
    async with here.writing() as work:
        await work.of(ORDERS).put_lines(1, several)
        await work.of(ORDERS).put_lines(2, several)
        await work.of(ORDERS).put_lines(2, [LINE])
    async with here.reading() as work:
        assert await work.of(ORDERS).lines([1, 2, 3]) == {1: several, 2: [LINE]}


async def test_payments_are_stored_by_attempt(here: Place) -> None:
    await add(here, order_of(here))
    first, second = payment_of(1).becoming(Status.FAILED), payment_of(1, 2).becoming(Status.PAID)
    async with here.writing() as work:
        for payment in (payment_of(1), second, first, second.giving_back(40)):
            await work.of(ORDERS).put_payment(payment, NOON, here.ann)
    async with here.reading() as work:
        assert await work.of(ORDERS).payments(1) == [first, second.giving_back(40)]


async def test_payments_by_card_and_their_refunds_are_read_as_they_were_written(here: Place) -> None:
    await add(here, order_of(here))
    known: dict[str, Any] = {
        "checkout_id": "cs_1",
        "url": "https://pay.example/1",
        "payment_id": "pi_1",
        "decline": "expired_card",
    }
    over = card_of(here, look_at=None, **known)
    done = refund_of(here, state=RefundStatus.DONE, look_at=None)
    async with here.writing() as work:
        for attempt in (1, 2):
            await work.of(ORDERS).put_payment(payment_of(1, attempt), NOON, here.ann)
        for card in (card_of(here), card_of(here, 2), over):
            await work.of(ORDER_CARDS).put(card)
        for refund in (refund_of(here), refund_of(here, 2, asked_at=LATER), done):
            await work.of(ORDER_CARDS).put_refund(refund)
    async with here.reading() as work:
        assert [await work.of(ORDER_CARDS).find(PaymentKey(1, one)) for one in (1, 2, 3)] == [
            over,
            card_of(here, 2),
            None,
        ]
        assert await work.of(ORDER_CARDS).refunds(1) == [done, refund_of(here, 2, asked_at=LATER)]
        assert await work.of(ORDER_CARDS).due(NOON, 10) == [card_of(here, 2)]
        assert await work.of(ORDER_CARDS).due(NOON - timedelta(seconds=1), 10) == []
        assert await work.of(ORDER_CARDS).due_refunds(NOON, 10) == [refund_of(here, 2, asked_at=LATER)]


async def test_a_person_has_one_cart_in_each_channel(here: Place) -> None:
    await add(here, order_of(here), order_of(here, 2), order_of(here, 3, placed_in=here.board.id))
    async with here.reading() as work:
        found = [await work.of(ORDERS).cart_of(here.ann, channel.id) for channel in (here.general, here.board)]
        assert [order and order.number for order in found] == [2, 3]
        assert await work.of(ORDERS).cart_of(here.ann + 1000, here.general.id) is None


async def test_lists_leave_carts_out_and_go_by_status_and_customer(here: Place) -> None:
    cancelled = order_of(here, 4, status=OrderStatus.CANCELLED, customer_name="Mill & Söhne")
    await add(here, order_of(here), order_of(here, 2), order_of(here, 3, status=OrderStatus.FAILED), cancelled)
    assert await numbers(here) == [4, 1]
    assert await numbers(here, status=OrderStatus.PENDING) == [1]
    assert await numbers(here, customer="söhne") == [4]
    assert await numbers(here, customer="%") == []


async def test_those_are_overdue_whose_time_has_come(here: Place) -> None:
    await add(here, order_of(here), order_of(here, 2, status=OrderStatus.PENDING, until=NOON))
    async with here.reading() as work:
        found = [await work.of(ORDERS).overdue(moment, 10) for moment in (NOON - timedelta(seconds=1), NOON, LATER)]
    assert [[order.number for order in some] for some in found] == [[], [2], [2, 1]]


async def test_a_receipts_number_is_taken_by_a_commit_only(here: Place) -> None:
    async with here.writing() as work:
        assert await work.of(ORDERS).next_receipt() == 1
    async with here.storage.workspace(here.id).write() as work:
        assert await work.of(ORDERS).next_receipt() == 2
    async with here.writing() as work:
        assert await work.of(ORDERS).next_receipt() == 2


async def test_terms_and_codes_are_read_as_they_were_written(here: Place) -> None:
    terms = Terms(here.ann, NOON, 1, Decimal("7.5"), True, Decimal("4.90"), 12, 7, "Corner Shop\nEly", "DE1")
    async with here.writing() as work:
        work.of(ORDER_TERMS).add(terms)
        work.of(DISCOUNT_CODES).add(code_of(here, 2, code="WINTER"))
        work.of(DISCOUNT_CODES).add(code_of(here))
    async with here.reading() as work:
        assert await work.of(ORDER_TERMS).find(1) == terms
        assert await work.of(DISCOUNT_CODES).all(here.public) == [code_of(here), code_of(here, 2, code="WINTER")]
        assert await work.of(DISCOUNT_CODES).called("SECRET", here.public) == code_of(here)
        assert await work.of(DISCOUNT_CODES).called("secret", here.public) is None


async def test_a_code_is_there_once(here: Place) -> None:
    async with here.writing() as work:
        work.of(DISCOUNT_CODES).add(code_of(here))
    with pytest.raises(ConflictError):
        async with here.writing() as work:
            work.of(DISCOUNT_CODES).add(code_of(here, 2))


async def test_money_that_came_and_went_is_added_up_by_method_on_its_own_day(here: Place) -> None:
    await add(here, order_of(here), order_of(here, 2))
    cash = payment_of(1)
    card = replace(payment_of(2), method=Method.CARD, amount=Money("KWD", 1500))
    async with here.writing() as work:
        for payment, at in (
            (cash, NOON),
            (cash.becoming(Status.PAID), NOON),
            (cash.becoming(Status.PAID).giving_back(40), LATER),
            (card.becoming(Status.PAID), LATER),
        ):
            await work.of(ORDERS).put_payment(payment, at, here.ann)
    async with here.reading() as work:
        first, second, nothing = [
            await work.of(ORDERS).takings(since, since + timedelta(hours=1))
            for since in (NOON, LATER, NOON - timedelta(hours=1))
        ]
    none = Decimal(0)
    assert first == [Taking("EUR", Method.CASH, 1, 0, Decimal("5.40"), none)]
    assert second == [
        Taking("EUR", Method.CASH, 0, 1, none, Decimal("0.40")),
        Taking("KWD", Method.CARD, 1, 0, Decimal("1.500"), none),
    ]
    assert nothing == []
