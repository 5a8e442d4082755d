"""A line of a sale: a fact that is never changed, only added, and taken back with the batch it came in."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.shared.value_objects import value_object

CODE_LIMIT, NAME_LIMIT, COUNTRY_LIMIT, SOURCE_LIMIT, REFERENCE_LIMIT, DIGEST_LENGTH = 64, 200, 64, 16, 64, 20

_NONE = Decimal(0)


@value_object
class SaleLine:
    """A line of a sale, or of a return: then `quantity` and `amount` are negative, and it counts on its own day.

    `business_date` is the day in the workspace's zone, `sold_at` the moment if it is known. Products and customers go
    by their codes, which are texts; empty is one that nobody named. `amount` is the line's total, `price` that of one
    piece. `source` is the word of the area it came from, `reference` what stands there for it, such as an invoice;
    `batch` is the import it came in, and `digest` is alike for lines that are wholly equal. `cost` is what all of its
    goods had cost, where that is known; `tax_included` says whether the amount has the tax in it.
    """

    business_date: date
    amount: Decimal
    quantity: Decimal
    price: Decimal
    currency: str
    source: str
    product: str = ""
    product_name: str = ""
    customer: str = ""
    customer_name: str = ""
    country: str = ""
    sold_at: datetime | None = None
    discount: Decimal = _NONE
    tax: Decimal = _NONE
    reference: str = ""
    batch: str = ""
    digest: str = ""
    cost: Decimal | None = None
    tax_included: bool = False


NAMES = (
    "business_date",
    "sold_at",
    "product",
    "product_name",
    "customer",
    "customer_name",
    "country",
    "quantity",
    "price",
    "discount",
    "tax",
    "amount",
    "currency",
    "reference",
    "digest",
)
"""What a stored line says, in this order."""

StoredLine = Sequence[Any]
"""A line as it travels and is stored: amounts in ten-thousandths, the day as `2010-12-01`, and the moment in UTC as
`2010-12-01 08:26:00.000000`."""


DAY, CUSTOMER, QUANTITY, AMOUNT, CURRENCY, DIGEST = map(
    NAMES.index, ("business_date", "customer", "quantity", "amount", "currency", "digest")
)
"""Where a stored line says it."""


class Dedupe(StrEnum):
    """Which lines count once."""

    LINE = "line"
    """A line that is wholly equal to one before it."""
    NONE = "none"
    """None: every line counts."""
    CUSTOMER_DAY = "customer-day"
    """A line of a customer who has one on that day already."""


SALES_IMPORT = "sale line.import"
"""The kind of the undo entries of imports."""
