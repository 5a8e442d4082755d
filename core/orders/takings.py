"""The money that came and went: by which method, in which currency, and how often."""

from decimal import Decimal

from core.payments.model import Method
from core.shared.value_objects import value_object


@value_object
class Taking:
    """What was taken by one method in one currency, and what was given back, which counts on its own day."""

    currency: str
    method: Method
    payments: int
    refunds: int
    taken: Decimal
    given: Decimal

    @property
    def total(self) -> Decimal:
        """Return what is left of it, below 0 where more went than came."""
        return self.taken - self.given
