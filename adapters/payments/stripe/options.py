"""How Stripe is reached."""

from dataclasses import field

from core.shared.value_objects import value_object

API_URL = "https://api.stripe.com"


@value_object
class StripeOptions:
    """The secret key, and another server in Stripe's place, for tests.

    `seconds`: how long one try may take; `retries`: how many more there are, by the same key, before the outcome counts
    as unknown.
    """

    api_key: str = field(repr=False)
    api_url: str = API_URL
    seconds: float = 15.0
    retries: int = 1

    @property
    def is_test(self) -> bool:
        """Tell whether no real money is moved by it."""
        return "_test_" in self.api_key
