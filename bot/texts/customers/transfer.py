"""What people read of customers in files."""

from collections.abc import Mapping

from bot.texts.customers.words import COLUMNS, cells
from bot.texts.transfer import Reason, TransferWords, too_long
from core.customers.kind import CUSTOMER_NAMES
from core.customers.model import Customer

_REASONS: Mapping[str, Reason] = {
    "username_length": lambda p: f"A username has {p.details['least']} to {p.details['limit']} characters.",
    "username_bad": lambda _p: "A username is one word of letters, digits, `.`, `-` and `_`.",
    "customer_email_bad": lambda _p: "Write an e-mail address such as ann@example.org.",
    "age_bad": lambda p: f"Write a whole number from {p.details['least']} to {p.details['limit']}.",
    "too_young": lambda p: f"Customers are {p.details['least']} or older.",
    "too_old": lambda p: f"An age is {p.details['limit']} at most.",
    "address_too_long": lambda p: too_long("address has", p),
}

CUSTOMER_WORDS: TransferWords[Customer] = TransferWords(
    called=CUSTOMER_NAMES,
    reasons=_REASONS,
    columns=COLUMNS,
    cells=lambda customer, _view: cells(customer),
    lossy="A plain list holds usernames and e-mail addresses only; CSV, XLSX and JSON can be imported again.",
)
"""How files of customers are spoken of."""
