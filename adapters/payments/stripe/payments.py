"""Payments by card through Stripe."""

import asyncio
from typing import TYPE_CHECKING

from adapters.payments.stripe import amounts
from adapters.payments.stripe.options import StripeOptions
from core.payments.money import Money
from core.ports.payments import Checkout, CheckoutRequest, Refund, RefundRequest

if TYPE_CHECKING:
    from adapters.payments.stripe.calls import StripeCalls


class StripePayments:
    """Takes payments on pages of Stripe's, as `CardPayments` says."""

    def __init__(self, options: StripeOptions) -> None:
        """Keep the options; nothing is loaded or opened before something is asked for."""
        self._options = options
        self._opening = asyncio.Lock()
        self._calls: StripeCalls | None = None

    def chargeable(self, amount: Money) -> Money:
        """Return what a card is charged for that amount. Raises `ChargeRefusedError`."""
        return amounts.chargeable(amount)

    async def open(self, request: CheckoutRequest) -> Checkout:
        """Make a page to pay on, once for a key."""
        return await (await self._opened()).open(request)

    async def look(self, checkout_id: str) -> Checkout:
        """Return how a payment is."""
        return await (await self._opened()).look(checkout_id)

    async def expire(self, checkout_id: str) -> Checkout:
        """Let nobody pay any more, and return how it is then."""
        return await (await self._opened()).expire(checkout_id)

    async def refund(self, request: RefundRequest) -> Refund:
        """Give money back, once for a key and number."""
        return await (await self._opened()).refund(request)

    async def check(self) -> None:
        """Find out whether the key is accepted and may look at payments. Raises `CardPaymentError`."""
        await (await self._opened()).check()

    async def close(self) -> None:
        """Close the connections, if there are any."""
        if self._calls is not None:
            await self._calls.close()
            self._calls = None

    async def _opened(self) -> "StripeCalls":
        async with self._opening:
            if self._calls is None:
                # Loading the library takes a third of a second, in which others are answered.
                made = await asyncio.to_thread(_calls)
                self._calls = made(self._options)
            return self._calls


def _calls() -> "type[StripeCalls]":
    from adapters.payments.stripe.calls import StripeCalls

    return StripeCalls
