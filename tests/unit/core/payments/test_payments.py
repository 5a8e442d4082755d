"""What may become of a payment, and how it is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.payments.model import Method, OverRefundError, Payment, PaymentChangeError, PaymentKey, Status
from core.payments.money import Money

UNPAID = Payment(PaymentKey(12), Method.CARD, Money("EUR", 2000))
STATUSES = st.sampled_from(Status)


def test_a_payment_starts_unpaid() -> None:
    assert (UNPAID.status, UNPAID.left) == (Status.UNPAID, 0)


@pytest.mark.parametrize(
    "steps",
    [
        "paid",
        "pending paid refunded",
        "pending requires_action declined pending paid partly_refunded refunded",
        "pending expired",
        "pending expired paid refunded",
        "failed paid",
    ],
)
def test_this_may_become_of_it(steps: str) -> None:
    payment = UNPAID
    for step in steps.split():
        payment = payment.becoming(Status(step))
    assert payment.status == steps.split()[-1]


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ("unpaid", "refunded"),
        ("paid", "declined"),
        ("paid", "pending"),
        ("paid", "expired"),
        ("expired", "pending"),
        ("refunded", "paid"),
        ("failed", "pending"),
    ],
)
def test_this_may_not(status: str, wanted: str) -> None:
    payment = Payment(UNPAID.key, UNPAID.method, UNPAID.amount, Status(status))
    with pytest.raises(PaymentChangeError) as caught:
        payment.becoming(Status(wanted))
    assert (caught.value.status, caught.value.wanted) == (status, wanted)


@given(STATUSES)
def test_what_it_is_already_it_may_be_told_again(status: Status) -> None:
    payment = Payment(UNPAID.key, UNPAID.method, UNPAID.amount, status)
    assert payment.becoming(status) == payment


@given(st.lists(STATUSES))
def test_what_was_paid_is_paid_or_given_back_ever_after(news: list[Status]) -> None:
    payment, was_paid = UNPAID, False
    for status in news:
        if payment.may_become(status):
            payment = payment.becoming(status)
        was_paid = was_paid or payment.status is Status.PAID
        assert not was_paid or payment.status in (Status.PAID, Status.PARTLY_REFUNDED, Status.REFUNDED)


@given(st.integers(1, 10**9), st.lists(st.integers(-5, 10**9)))
def test_never_more_is_given_back_than_was_paid(total: int, wanted: list[int]) -> None:
    payment = Payment(UNPAID.key, Method.CASH, Money("EUR", total)).becoming(Status.PAID)
    given_back = 0
    for units in wanted:
        try:
            payment = payment.giving_back(units)
        except (OverRefundError, PaymentChangeError):
            continue
        given_back += units
    assert payment.refunded == given_back <= total
    assert payment.left == total - given_back
    assert (payment.status is Status.REFUNDED) is (given_back == total)


def test_what_was_not_paid_is_not_given_back() -> None:
    with pytest.raises(PaymentChangeError):
        UNPAID.giving_back(1)


def test_too_much_is_refused_with_what_is_left() -> None:
    with pytest.raises(OverRefundError) as caught:
        UNPAID.becoming(Status.PAID).giving_back(500).giving_back(1501)
    assert caught.value.left == 1500


@given(st.integers(1, 10**15), st.integers(1, 10**6))
def test_a_key_is_read_as_it_is_written(order: int, attempt: int) -> None:
    assert PaymentKey.read(str(PaymentKey(order, attempt))) == PaymentKey(order, attempt)


def test_the_next_attempt_has_a_key_of_its_own() -> None:
    assert str(PaymentKey(12).next) == "12:2"


@pytest.mark.parametrize(
    "text", ["", "12", "12:", ":1", "0:1", "12:0", "012:1", "12:1:1", "12:1\n", "-1:1", "\u0661:1"]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert PaymentKey.read(text) is None


def test_only_what_is_under_way_is_waited_for() -> None:
    assert {status for status in Status if not status.is_over} == {
        Status.UNPAID,
        Status.PENDING,
        Status.REQUIRES_ACTION,
        Status.DECLINED,
    }
