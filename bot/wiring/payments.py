"""Who takes payments by card."""

from adapters.payments.stripe import API_URL, StripeOptions
from bot.settings.model import Settings


def stripe_options(settings: Settings) -> StripeOptions:
    """Return how Stripe is reached."""
    stripe = settings.stripe
    return StripeOptions(api_key=stripe.api_key or "", api_url=stripe.api_url or API_URL)
