"""The sheet of customers: what the columns of a file say, and what a customer writes into them."""

from core.customers.kind import CUSTOMER_KIND, CUSTOMER_NAMES
from core.customers.model import OLDEST, YOUNGEST, Customer
from core.customers.repository import CUSTOMERS
from core.customers.rules import checked_age, clean_address, clean_email, clean_username, email_form, username_form
from core.transfer import columns
from core.transfer.records import NumberedRecords
from core.transfer.sheet import CellError, PlainDraft, Sheet

_LONGEST_AGE = 9
"""Digits; more are no age, however many there are."""


def _age_of(text: str) -> int:
    """Return an age as a program may write it; raises `CellError`, and what the rule does."""
    digits = text.removesuffix(".0")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_AGE):
        raise CellError("age_bad", least=YOUNGEST, limit=OLDEST)
    return checked_age(int(digits))


CUSTOMER_SHEET: Sheet[PlainDraft, Customer] = Sheet(
    called=CUSTOMER_NAMES,
    title="Customers",
    columns=(
        columns.number(),
        columns.ruled("username", clean_username, aliases="user user-name login nickname handle"),
        columns.ruled("email", clean_email, aliases="e-mail mail email-address e-mail-address"),
        columns.ruled("age", _age_of, aliases="years"),
        columns.ruled("address", clean_address, aliases="street home-address postal-address", unsaid=""),
        columns.created(),
    ),
    key="number",
    unique={"username": username_form, "email": email_form},
    required=("username", "email", "age"),
    records=NumberedRecords(lambda work: work.of(CUSTOMERS)),
    kind=CUSTOMER_KIND,
    sample={"username": "ann_b", "email": "ann@example.org", "age": "30"},
    line=lambda customer: f"{customer.username} {customer.email}",
)
"""The files of customers."""
