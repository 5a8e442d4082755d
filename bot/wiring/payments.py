"""Who takes payments by card."""

from datetime import timedelta

from adapters.http.server import Address
from adapters.payments.stripe import API_URL, StripeOptions, StripePayments
from adapters.payments.stripe.webhook import RETURN_PATH, StripeDoor
from bot.settings.model import Settings
from bot.wiring.composition import Parts
from core.ports.payments import Heard, Till

LOOK_EVERY, LOOK_SELDOM = timedelta(seconds=30), timedelta(minutes=5)
"""How soon a payment under way is looked at again; seldom where Stripe tells of it by itself."""


def stripe_options(settings: Settings) -> StripeOptions:
    """Return how Stripe is reached."""
    stripe = settings.stripe
    return StripeOptions(api_key=stripe.api_key or "", api_url=stripe.api_url or API_URL)


def card_till(settings: Settings) -> Till:
    """Return Stripe as who takes cards."""
    where = settings.server
    base = where.public_url or f"http://{Address(where.host, where.port)}"
    every = LOOK_SELDOM if settings.stripe.webhook_secret else LOOK_EVERY
    return Till(StripePayments(stripe_options(settings)), every, f"{base.rstrip('/')}{RETURN_PATH}")


def stripe_door(parts: Parts) -> StripeDoor:
    """Return what Stripe calls."""

    async def hear(heard: Heard) -> None:
        for area in parts.registry.hears:
            await area(parts.storage, parts.clock, heard)

    return StripeDoor(parts.settings.stripe.webhook_secret, parts.clock, hear)
