"""Stripe's key: whether it is accepted, and whether real money is moved by it."""

from adapters.payments.stripe import StripeOptions, StripePayments
from core.ports.diagnosis import Finding, State
from core.ports.payments import CardPaymentError, PaymentsMisconfiguredError

_PART = "Stripe key"


async def examine_stripe(options: StripeOptions) -> Finding:
    """Ask Stripe for the newest payment page, which changes nothing."""
    payments = StripePayments(options)
    try:
        await payments.check()
    except PaymentsMisconfiguredError:
        fix = "Copy it once more from Stripe's API keys page; a restricted key has to be allowed Checkout Sessions."
        return Finding(_PART, State.BAD, "Stripe does not accept it, or it may not look at payments.", fix)
    except CardPaymentError:
        return Finding(_PART, State.BAD, "Stripe can't be reached.", "Check this machine's network and its proxy.")
    finally:
        await payments.close()
    if options.is_test:
        fix = "To take real money, set STRIPE_API_KEY to a live key."
        return Finding(_PART, State.GOOD, "Stripe accepts it; it is for tests, and no money is moved.", fix)
    return Finding(_PART, State.GOOD, "Stripe accepts it.")
