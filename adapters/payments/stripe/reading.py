"""What Stripe's objects say, in our words."""

from datetime import UTC, datetime

from stripe import Charge, PaymentIntent
from stripe import Refund as StripeRefund
from stripe.checkout import Session

from adapters.payments.stripe.amounts import iso_units, money_of
from core.payments.model import PaymentKey, Status
from core.ports.payments import Checkout, Refund, RefundStatus

_REFUNDS = {"succeeded": RefundStatus.DONE, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED}


def checkout_of(session: Session) -> Checkout:
    """Return what a Checkout Session says; its payment has to be expanded, with its last charge."""
    about = session.metadata.to_dict() if session.metadata else {}
    intent = session.payment_intent if isinstance(session.payment_intent, PaymentIntent) else None
    refunded = _refunded(intent)
    total, currency = session.amount_total, session.currency
    if total is None or currency is None:
        raise ValueError("a checkout without a sum")
    return Checkout(
        id=session.id,
        key=PaymentKey.read(about.get("payment", "")),
        scope=about.get("scope", ""),
        amount=money_of(total, currency),
        status=_status(session, intent, refunded),
        expires_at=datetime.fromtimestamp(session.expires_at, UTC),
        url=session.url or "",
        payment_id=intent.id if intent else "",
        decline=_decline(intent),
        refunded=iso_units(refunded, currency.upper()),
    )


def refund_of(refund: StripeRefund) -> Refund:
    """Return what a refund says."""
    return Refund(
        refund.id, money_of(refund.amount, refund.currency), _REFUNDS.get(refund.status or "", RefundStatus.PENDING)
    )


def _status(session: Session, intent: PaymentIntent | None, refunded: int) -> Status:
    if session.payment_status == "paid":
        if refunded:
            return Status.REFUNDED if refunded == session.amount_total else Status.PARTLY_REFUNDED
        return Status.PAID
    if session.status == "expired":
        return Status.EXPIRED
    if intent and intent.status == "requires_action":
        return Status.REQUIRES_ACTION
    if intent and intent.status == "requires_payment_method" and intent.last_payment_error:
        return Status.DECLINED
    return Status.PENDING


def _decline(intent: PaymentIntent | None) -> str:
    """Return why the last card was declined, most exactly."""
    error = intent.last_payment_error if intent else None
    return (getattr(error, "decline_code", None) or getattr(error, "code", None) or "") if error else ""


def _refunded(intent: PaymentIntent | None) -> int:
    charge = intent.latest_charge if intent else None
    return charge.amount_refunded if isinstance(charge, Charge) else 0
