"""Cards, taken by Stripe: people pay on a page of its, by a link; the library is loaded by the first payment."""

from adapters.payments.stripe.options import API_URL, StripeOptions
from adapters.payments.stripe.payments import StripePayments

__all__ = ["API_URL", "StripeOptions", "StripePayments"]
