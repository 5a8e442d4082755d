"""What is asked of Stripe, through its own library."""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from stripe.params.checkout import SessionCreateParams

from adapters.payments.stripe.amounts import least_of, stripe_units
from adapters.payments.stripe.options import StripeOptions
from adapters.payments.stripe.reading import checkout_of, refund_of
from core.ports.payments import (
    CardPaymentError,
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
    Refund,
    RefundRefusedError,
    RefundRequest,
    RequestRefusedError,
)

_EXPAND = ["payment_intent.latest_charge"]

log = structlog.get_logger(__name__)


class StripeCalls:
    """A client of Stripe's, with connections of its own; belongs to one event loop."""

    def __init__(self, options: StripeOptions) -> None:
        """Make the client; it connects when it is used."""
        # The library would keep an id of this machine in the home folder and tell it, with how long each call took.
        stripe.enable_telemetry = False
        # Of aiohttp and not of the library's making: the certificates and the proxy are those of the whole product.
        self._session = ClientSession(trust_env=True)
        self._client = stripe.StripeClient(
            options.api_key,
            base_addresses={"api": options.api_url.rstrip("/")},
            max_network_retries=options.retries,
            http_client=stripe.AIOHTTPClient(timeout=ClientTimeout(total=options.seconds), session=self._session),
        )
        self._sessions = self._client.v1.checkout.sessions

    async def open(self, request: CheckoutRequest) -> Checkout:
        """Make a Checkout Session of one line, once for a key."""
        asked = _session(request)
        with _explained(request.amount.currency):
            found = await self._sessions.create_async(asked, {"idempotency_key": f"{request.scope}:{request.key}:open"})
            return checkout_of(found)

    async def look(self, checkout_id: str) -> Checkout:
        """Read a Checkout Session, with what was paid and given back."""
        with _explained():
            return checkout_of(await self._sessions.retrieve_async(checkout_id, {"expand": _EXPAND}))

    async def expire(self, checkout_id: str) -> Checkout:
        """Expire a Checkout Session, unless it is over already."""
        with _explained():
            try:
                return checkout_of(await self._sessions.expire_async(checkout_id, {"expand": _EXPAND}))
            except stripe.InvalidRequestError:
                found = checkout_of(await self._sessions.retrieve_async(checkout_id, {"expand": _EXPAND}))
                if found.status.is_over:
                    return found
                raise

    async def refund(self, request: RefundRequest) -> Refund:
        """Refund a payment, or a part of it, once for a key and number."""
        units = stripe_units(request.amount)
        with _explained(request.amount.currency):
            found = await self._client.v1.refunds.create_async(
                {
                    "payment_intent": request.payment_id,
                    "amount": units,
                    "metadata": {"scope": request.scope, "payment": str(request.key)},
                },
                {"idempotency_key": f"{request.scope}:{request.key}:refund:{request.number}"},
            )
            return refund_of(found)

    async def check(self) -> None:
        """Read the newest Checkout Session, if there is one."""
        with _explained():
            await self._sessions.list_async({"limit": 1})

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def _session(request: CheckoutRequest) -> SessionCreateParams:
    """Return what Stripe is told of a Checkout Session: always the same for the same request."""
    about = {"scope": request.scope, "payment": str(request.key)}
    asked: SessionCreateParams = {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],
        # What is paid is what was asked for, in its own currency.
        "adaptive_pricing": {"enabled": False},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": request.amount.currency.lower(),
                    "unit_amount": stripe_units(request.amount),
                    "product_data": {"name": request.title},
                },
            }
        ],
        "client_reference_id": f"{request.scope}:{request.key}",
        "metadata": about,
        "payment_intent_data": {"description": request.title, "metadata": about},
        "expires_at": int(request.expires_at.timestamp()),
        "success_url": request.return_url,
        "cancel_url": request.return_url,
        "expand": _EXPAND,
    }
    if request.email:
        asked["customer_email"] = request.email
    return asked


@contextmanager
def _explained(currency: str = "") -> Iterator[None]:
    """Raise, in place of what the library raises, what it means for a payment."""
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.warning("stripe_key_refused", code=error.code, status=error.http_status)
        raise PaymentsMisconfiguredError from error
    except stripe.RateLimitError as error:
        raise PaymentsBusyError from error
    except stripe.IdempotencyError as error:
        raise KeyReusedError from error
    except stripe.InvalidRequestError as error:
        raise _refusal(error, currency) from error
    except (stripe.StripeError, ClientError, OSError) as error:
        # No answer, half of one, or one of a server in trouble, which may have done it.
        log.warning("stripe_outcome_unknown", error=type(error).__name__, status=getattr(error, "http_status", None))
        raise OutcomeUnknownError from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # It may have been done: what can't be read is the answer.
        log.exception("stripe_answer_unreadable")
        raise OutcomeUnknownError from error


def _refusal(error: stripe.InvalidRequestError, currency: str) -> CardPaymentError:
    """Return what it means that a request was refused; it has changed nothing."""
    parameter = str(error.param or "")
    if error.code == "resource_missing":
        return NoSuchPaymentError()
    if error.code == "charge_already_refunded" or parameter == "amount":
        return RefundRefusedError()
    if error.code == "amount_too_small":
        return ChargeRefusedError(ChargeReason.TOO_SMALL, least_of(currency))
    if error.code == "amount_too_large":
        return ChargeRefusedError(ChargeReason.TOO_LARGE)
    if "currency" in parameter:
        return ChargeRefusedError(ChargeReason.CURRENCY)
    if parameter == "expires_at":
        return LinkTooLateError()
    log.error("stripe_request_refused", code=error.code, parameter=parameter, status=error.http_status)
    return RequestRefusedError()
