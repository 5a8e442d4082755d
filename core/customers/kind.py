"""Customers as a kind of record: what undo and history are made of."""

from core.customers.model import Customer
from core.shared.names import Names
from core.transfer.undo_kinds import import_kind
from core.undo.entries import Undoing
from core.undo.kinds import RecordKind

CUSTOMER_KIND = RecordKind(
    "customer",
    Customer,
    title="email",
    key="username",
    aside={"version"},
    apart=True,
)
CUSTOMER_NAMES = Names("customer", "customer", "customers")
CUSTOMER_UNDO = Undoing(CUSTOMER_KIND, in_channels=False)
CUSTOMER_CHANGE = CUSTOMER_KIND.change
"""The kind of the undo entries of changes."""
CUSTOMER_IMPORT = import_kind(CUSTOMER_KIND.name)
"""That of imports."""
