"""A local Stripe to take payments over the wire: its API, the page that people pay on, its webhooks, its faults.

async with StripePlatform() as stripe:
payments = StripePayments(StripeOptions(stripe.api_key, stripe.url))
checkout = await payments.open(request)
stripe.pay(checkout.id, DECLINED)
stripe.pay(checkout.id, GOOD)
body, headers = stripe.signed(stripe.event("checkout.session.completed"))
"""

from tests.support.stripe.cards import BROKE, DECLINED, EXPIRED_CARD, GOOD, SECURE, WRONG_CVC
from tests.support.stripe.faults import Fault
from tests.support.stripe.platform import StripePlatform

__all__ = [
    "BROKE",
    "DECLINED",
    "EXPIRED_CARD",
    "GOOD",
    "SECURE",
    "WRONG_CVC",
    "Fault",
    "StripePlatform",
]
