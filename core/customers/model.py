"""The words of customers."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from core.shared.ids import MemberId
from core.shared.value_objects import value_object

SHORTEST_USERNAME, LONGEST_USERNAME = 3, 20
YOUNGEST, OLDEST = 18, 150
ADDRESS_LIMIT = 500
USERNAME_FORM_LIMIT = 3 * LONGEST_USERNAME
"""A letter becomes up to three in the form by which names are found and compared."""


@value_object
class Customer:
    """Somebody who buys here; `version` grows with every change.

    Username and e-mail address are nobody else's.
    """

    number: int
    username: str
    email: str
    age: int
    author_id: MemberId
    created_at: datetime
    address: str = ""
    version: int = 1
    removed_at: datetime | None = None

    @property
    def is_forgotten(self) -> bool:
        """Tell whether nothing is known of them any more."""
        return not self.username

    @property
    def code(self) -> str:
        """Return what sales name a customer by whatever else they are called."""
        return code_of(self.number)


def code_of(number: int) -> str:
    """Return `#12`."""
    return f"#{number}"


@value_object
class NewCustomer:
    """What somebody who registers says of themselves, as it was typed."""

    username: str
    email: str
    age: int
    address: str = ""


class CustomerSort(StrEnum):
    """What a list of customers is sorted by."""

    NAME = "name"
    EMAIL = "email"
    NEWEST = "newest"


@value_object
class Spending:
    """What all sales to a customer come to; returned goods are taken off."""

    number: int
    amount: Decimal


@value_object
class Spender:
    """A customer, and what all sales to them come to."""

    customer: Customer
    amount: Decimal
