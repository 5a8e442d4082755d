"""What whoever takes cards must do, through the official library and over the wire: each outcome is one of its own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.payments.stripe import StripeOptions, StripePayments
from core.payments.model import PaymentKey, Status
from core.payments.money import Money
from core.ports.payments import (
    LINK_LIFE,
    CardPayments,
    ChargeReason,
    ChargeRefusedError,
    Checkout,
    CheckoutRequest,
    KeyReusedError,
    LinkTooLateError,
    NoSuchPaymentError,
    OutcomeUnknownError,
    PaymentsBusyError,
    PaymentsMisconfiguredError,
    RefundRefusedError,
    RefundRequest,
    RefundStatus,
    RequestRefusedError,
)
from tests.support.local_platform import NotShownError
from tests.support.patience import patience
from tests.support.stripe import BROKE, DECLINED, EXPIRED_CARD, GOOD, SECURE, WRONG_CVC, Fault, StripePlatform

TOTAL = Money("EUR", 7997)


@pytest.fixture
async def stripe() -> AsyncIterator[StripePlatform]:
    async with StripePlatform() as platform:
        yield platform


@pytest.fixture
async def payments(stripe: StripePlatform) -> AsyncIterator[CardPayments]:
    """No try is repeated, so that each fault is met."""
    made = StripePayments(StripeOptions(stripe.api_key, stripe.url, retries=0))
    yield made
    await made.close()


def began(stripe: StripePlatform) -> datetime:
    """The same for all requests of a test, so that one that is asked for again is the same."""
    return datetime.fromtimestamp(int(stripe.world.began), UTC)


def request_of(stripe: StripePlatform, amount: Money = TOTAL) -> CheckoutRequest:
    return CheckoutRequest(
        scope="w1-k3",
        key=PaymentKey(12),
        amount=amount,
        title="Order 12",
        expires_at=began(stripe) + LINK_LIFE,
        return_url="https://shop.example/paid",
        email="ana@shop.example",
    )


def refund_of(checkout: Checkout, amount: Money = TOTAL, number: int = 1) -> RefundRequest:
    return RefundRequest(checkout.scope, PaymentKey(12), number, checkout.payment_id, amount)


async def paid(stripe: StripePlatform, payments: CardPayments) -> Checkout:
    opened = await payments.open(request_of(stripe))
    stripe.pay(opened.id, GOOD)
    return await payments.look(opened.id)


# ------------------------------------------------------------ the page


async def test_a_page_is_made_for_the_sum_and_says_until_when(stripe: StripePlatform, payments: CardPayments) -> None:
    request = request_of(stripe)
    opened = await payments.open(request)
    assert (opened.status, opened.amount, opened.expires_at) == (Status.PENDING, TOTAL, request.expires_at)
    assert (opened.key, opened.scope) == (request.key, request.scope)
    assert opened.url.startswith(stripe.url)
    assert await payments.look(opened.id) == opened


async def test_two_clicks_make_one_page(stripe: StripePlatform, payments: CardPayments) -> None:
    request = request_of(stripe)
    assert await payments.open(request) == await payments.open(request)
    assert len(stripe.world.sessions) == 1


async def test_the_next_attempt_makes_another_page_and_so_does_another_scope(
    stripe: StripePlatform, payments: CardPayments
) -> None:
    request = request_of(stripe)
    await payments.open(request)
    await payments.open(replace(request, key=request.key.next))
    await payments.open(replace(request, scope="w2-k3"))
    assert len(stripe.world.sessions) == 3


async def test_a_key_is_good_for_one_sum_only(stripe: StripePlatform, payments: CardPayments) -> None:
    await payments.open(request_of(stripe))
    with pytest.raises(KeyReusedError):
        await payments.open(request_of(stripe, Money("EUR", 7998)))


# ------------------------------------------------------------ what people do on it


async def test_it_is_paid(stripe: StripePlatform, payments: CardPayments) -> None:
    found = await paid(stripe, payments)
    assert (found.status, found.amount, found.decline, found.refunded) == (Status.PAID, TOTAL, "", 0)
    assert found.payment_id


@pytest.mark.parametrize(
    ("card", "why"),
    [
        (DECLINED, "generic_decline"),
        (BROKE, "insufficient_funds"),
        (EXPIRED_CARD, "expired_card"),
        (WRONG_CVC, "incorrect_cvc"),
    ],
)
async def test_a_declined_card_is_shown_as_such_and_another_one_may_be_tried(
    stripe: StripePlatform, payments: CardPayments, card: str, why: str
) -> None:
    opened = await payments.open(request_of(stripe))
    stripe.pay(opened.id, card)
    found = await payments.look(opened.id)
    assert (found.status, found.decline) == (Status.DECLINED, why)
    stripe.pay(opened.id, GOOD)
    assert (await payments.look(opened.id)).status is Status.PAID


async def test_whoever_has_to_confirm_is_waited_for(stripe: StripePlatform, payments: CardPayments) -> None:
    opened = await payments.open(request_of(stripe))
    stripe.pay(opened.id, SECURE)
    assert (await payments.look(opened.id)).status is Status.REQUIRES_ACTION
    stripe.authenticate(opened.id)
    assert (await payments.look(opened.id)).status is Status.PAID


async def test_who_does_not_confirm_is_declined(stripe: StripePlatform, payments: CardPayments) -> None:
    opened = await payments.open(request_of(stripe))
    stripe.pay(opened.id, SECURE)
    stripe.authenticate(opened.id, succeeds=False)
    found = await payments.look(opened.id)
    assert (found.status, found.decline) == (Status.DECLINED, "payment_intent_authentication_failure")


async def test_nobody_pays_twice(stripe: StripePlatform, payments: CardPayments) -> None:
    found = await paid(stripe, payments)
    with pytest.raises(NotShownError):
        stripe.pay(found.id, GOOD)


# ------------------------------------------------------------ its end


async def test_it_ends_by_itself(stripe: StripePlatform, payments: CardPayments) -> None:
    opened = await payments.open(request_of(stripe))
    stripe.pay(opened.id, DECLINED)
    stripe.clock.advance(LINK_LIFE.total_seconds())
    assert (await payments.look(opened.id)).status is Status.EXPIRED


async def test_it_is_ended_and_nobody_pays_after_that(stripe: StripePlatform, payments: CardPayments) -> None:
    opened = await payments.open(request_of(stripe))
    assert (await payments.expire(opened.id)).status is Status.EXPIRED
    assert (await payments.expire(opened.id)).status is Status.EXPIRED
    with pytest.raises(NotShownError):
        stripe.pay(opened.id, GOOD)


async def test_who_was_faster_has_paid(stripe: StripePlatform, payments: CardPayments) -> None:
    found = await paid(stripe, payments)
    assert (await payments.expire(found.id)).status is Status.PAID


async def test_a_page_that_would_end_too_soon_is_not_made(stripe: StripePlatform, payments: CardPayments) -> None:
    request = replace(request_of(stripe), expires_at=began(stripe) + timedelta(minutes=29))
    with pytest.raises(LinkTooLateError):
        await payments.open(request)
    assert not stripe.world.sessions


# ------------------------------------------------------------ money back


async def test_a_part_is_given_back_and_then_the_rest(stripe: StripePlatform, payments: CardPayments) -> None:
    checkout = await paid(stripe, payments)
    first = await payments.refund(refund_of(checkout, Money("EUR", 1000)))
    assert (first.status, first.amount) == (RefundStatus.DONE, Money("EUR", 1000))
    found = await payments.look(checkout.id)
    assert (found.status, found.refunded) == (Status.PARTLY_REFUNDED, 1000)
    await payments.refund(refund_of(checkout, Money("EUR", 6997), number=2))
    found = await payments.look(checkout.id)
    assert (found.status, found.refunded) == (Status.REFUNDED, 7997)


async def test_one_refund_asked_for_twice_is_one(stripe: StripePlatform, payments: CardPayments) -> None:
    request = refund_of(await paid(stripe, payments), Money("EUR", 1000))
    assert await payments.refund(request) == await payments.refund(request)
    assert len(stripe.world.refunds) == 1


async def test_more_than_is_left_is_not_given_back(stripe: StripePlatform, payments: CardPayments) -> None:
    checkout = await paid(stripe, payments)
    with pytest.raises(RefundRefusedError):
        await payments.refund(refund_of(checkout, Money("EUR", 7998)))
    await payments.refund(refund_of(checkout, number=2))
    with pytest.raises(RefundRefusedError):
        await payments.refund(refund_of(checkout, Money("EUR", 1), number=3))


@pytest.mark.parametrize(
    ("told", "status"),
    [("pending", RefundStatus.PENDING), ("failed", RefundStatus.FAILED), ("succeeded", RefundStatus.DONE)],
)
async def test_a_refund_tells_how_far_it_is(
    stripe: StripePlatform, payments: CardPayments, told: str, status: RefundStatus
) -> None:
    stripe.world.refund_status = told
    assert (await payments.refund(refund_of(await paid(stripe, payments)))).status is status


# ------------------------------------------------------------ amounts


@pytest.mark.parametrize(
    "amount", [Money("JPY", 500), Money("KWD", 5120), Money("ISK", 500), Money("UGX", 5000), Money("HUF", 17500)]
)
async def test_an_amount_of_any_currency_comes_back_as_it_went(
    stripe: StripePlatform, payments: CardPayments, amount: Money
) -> None:
    assert payments.chargeable(amount) == amount
    opened = await payments.open(request_of(stripe, amount))
    stripe.pay(opened.id, GOOD)
    checkout = await payments.look(opened.id)
    await payments.refund(refund_of(checkout, amount))
    found = await payments.look(opened.id)
    assert (checkout.amount, found.refunded) == (amount, amount.units)


@pytest.mark.parametrize(
    ("amount", "reason", "least"),
    [
        (Money("EUR", 49), ChargeReason.TOO_SMALL, Money("EUR", 50)),
        (Money("EUR", 100_000_000), ChargeReason.TOO_LARGE, None),
        (Money("IRR", 5_000_000), ChargeReason.CURRENCY, None),
        (Money("KWD", 1234), ChargeReason.LAST_DIGIT, None),
    ],
)
async def test_what_cards_are_not_charged_with_is_refused_with_the_reason(
    stripe: StripePlatform, payments: CardPayments, amount: Money, reason: ChargeReason, least: Money | None
) -> None:
    with pytest.raises(ChargeRefusedError) as caught:
        await payments.open(request_of(stripe, amount))
    assert (caught.value.reason, caught.value.least) == (reason, least)
    assert not stripe.world.sessions


# ------------------------------------------------------------ what goes wrong on the way


DONE_UNHEARD = [Fault.CUT_AFTER, Fault.HALF_AFTER]


@pytest.mark.parametrize("fault", [*DONE_UNHEARD, Fault.BROKEN_BEFORE, Fault.NONSENSE])
async def test_an_unknown_outcome_is_asked_again_by_the_same_key_and_done_once(
    stripe: StripePlatform, payments: CardPayments, fault: Fault
) -> None:
    stripe.faults.append(fault)
    with pytest.raises(OutcomeUnknownError):
        await payments.open(request_of(stripe))
    opened = await payments.open(request_of(stripe))
    stripe.pay(opened.id, GOOD)
    checkout = await payments.look(opened.id)
    stripe.faults.append(fault)
    with pytest.raises(OutcomeUnknownError):
        await payments.refund(refund_of(checkout))
    await payments.refund(refund_of(checkout))
    assert (len(stripe.world.sessions), len(stripe.world.refunds)) == (1, 1)


async def test_a_refund_that_stays_unknown_is_seen_at_the_payment(
    stripe: StripePlatform, payments: CardPayments
) -> None:
    checkout = await paid(stripe, payments)
    stripe.faults.append(Fault.BROKEN_AFTER)
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError):
            await payments.refund(refund_of(checkout))
    assert (await payments.look(checkout.id)).refunded == TOTAL.units


async def test_no_answer_is_an_unknown_outcome(stripe: StripePlatform, payments: CardPayments) -> None:
    stripe.faults.append(Fault.SILENT_AFTER)
    # Long enough for it to be asked for, and the answer never comes.
    impatient = StripePayments(StripeOptions(stripe.api_key, stripe.url, seconds=patience(0.5), retries=0))
    with pytest.raises(OutcomeUnknownError):
        await impatient.open(request_of(stripe))
    await impatient.close()
    await payments.open(request_of(stripe))
    assert len(stripe.world.sessions) == 1


async def test_another_try_is_made_by_the_same_key_before_that(stripe: StripePlatform) -> None:
    stripe.faults.append(Fault.CUT_AFTER)
    payments = StripePayments(StripeOptions(stripe.api_key, stripe.url))
    await payments.open(request_of(stripe))
    await payments.close()
    assert [key for _, _, key in stripe.requests] == ["w1-k3:12:1:open"] * 2
    assert len(stripe.world.sessions) == 1


async def test_who_is_busy_says_so(stripe: StripePlatform, payments: CardPayments) -> None:
    stripe.faults.append(Fault.BUSY)
    with pytest.raises(PaymentsBusyError):
        await payments.open(request_of(stripe))


async def test_a_refusal_that_says_nothing_to_people_is_one_of_its_own(
    stripe: StripePlatform, payments: CardPayments
) -> None:
    with pytest.raises(RequestRefusedError):
        await payments.open(replace(request_of(stripe), return_url="nowhere"))


async def test_what_is_not_there_is_told(payments: CardPayments) -> None:
    for asked in (payments.look, payments.expire):
        with pytest.raises(NoSuchPaymentError):
            await asked("cs_test_elsewhere")


async def test_a_wrong_key_and_one_that_may_not_are_misconfigured(stripe: StripePlatform) -> None:
    for key in ("sk_test_of_somebody_else", stripe.reading_key):
        payments = StripePayments(StripeOptions(key, stripe.url, retries=0))
        with pytest.raises(PaymentsMisconfiguredError):
            await payments.open(request_of(stripe))
        await payments.close()


async def test_nothing_is_there_to_close_before_something_was_asked_for(stripe: StripePlatform) -> None:
    await StripePayments(StripeOptions(stripe.api_key, stripe.url)).close()
    assert not stripe.requests


def test_the_key_is_not_shown() -> None:
    assert "hush" not in repr(StripeOptions("sk_test_hush"))
