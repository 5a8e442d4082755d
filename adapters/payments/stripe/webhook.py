"""The addresses that Stripe calls, and to which it sends whoever has paid."""

import json
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

import structlog
from aiohttp import web

from adapters.payments.stripe.signatures import is_signed
from core.payments.model import PaymentKey
from core.ports.payments import Heard
from core.shared.clock import Clock

log = structlog.get_logger(__name__)

PATH, RETURN_PATH = "/stripe/webhook", "/stripe/return"
SIGNATURE = "Stripe-Signature"
BODY_LIMIT = 256 * 1024
"""Bytes of a call; those of Stripe have some kilobytes."""

_OF_PAYMENTS = ("checkout.session.", "payment_intent.", "charge.refunded")
_SESSION = "checkout.session"
_THANKS = "Thank you. The shop is told what became of your payment; you can close this page.\n"

Hear = Callable[[Heard], Awaitable[None]]
"""Keeps that there is news of a payment, once for an event."""


class StripeDoor:
    """Takes events at one address; what Stripe did not sign is refused and logged, and nothing of it is looked into.

    An event says of which payment there is news, and not what became of it: they come late, twice and in any order.
    """

    def __init__(self, secrets: Sequence[str], clock: Clock, hear: Hear) -> None:
        """Keep the secrets by which calls are signed; without any there are none."""
        self._secrets = secrets
        self._clock = clock
        self._hear = hear

    def mount(self, app: web.Application) -> None:
        """Add the addresses."""
        if self._secrets:
            app.router.add_post(PATH, self._take)
        app.router.add_get(RETURN_PATH, self._thank)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if (request.content_length or 0) > BODY_LIMIT:
            return _refuse("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = await request.read()
        if len(body) > BODY_LIMIT:
            return _refuse("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not is_signed(body, request.headers.get(SIGNATURE, ""), self._secrets, self._clock.now()):
            return _refuse("signature" if SIGNATURE in request.headers else "unsigned", HTTPStatus.BAD_REQUEST)
        if heard := heard_of(body):
            await self._hear(heard)
        return web.Response()

    async def _thank(self, _request: web.Request) -> web.StreamResponse:
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return web.Response(text=_THANKS, headers=headers)


def heard_of(body: bytes) -> Heard | None:
    """Return of which payment an event tells, None for one that tells of none of ours."""
    try:
        event = json.loads(body)
        kind, about = event["type"], event["data"]["object"]
        if not kind.startswith(_OF_PAYMENTS):
            return None
        said, checkout_id = about["metadata"], about["id"] if about["object"] == _SESSION else ""
        key = PaymentKey.read(said["payment"])
        return Heard(str(event["id"]), str(said["scope"]), key, str(checkout_id)) if key else None
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        # Other things are paid with that account, too.
        return None


def _refuse(reason: str, status: HTTPStatus) -> web.Response:
    log.warning("stripe_call_refused", reason=reason)
    return web.Response(status=status)
