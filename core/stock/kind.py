"""Products as a kind of record: what undo and history are made of."""

from core.shared.names import Names
from core.stock.model import Product
from core.transfer.undo_kinds import import_kind
from core.undo.entries import Undoing
from core.undo.kinds import RecordKind

PRODUCT_KIND = RecordKind(
    "product",
    Product,
    title="name",
    key="sku",
    # The ledger alone changes these, and takes its own entries back.
    unwritten={"on_hand", "reserved", "elsewhere"},
    aside={"version"},
    apart=True,
)
PRODUCT_NAMES = Names("stock", "product", "products")
PRODUCT_UNDO = Undoing(PRODUCT_KIND, in_channels=False)
PRODUCT_CHANGE = PRODUCT_KIND.change
"""The kind of the undo entries of changes to what is known of products."""
PRODUCT_IMPORT = import_kind(PRODUCT_KIND.name)
"""That of imports."""
MOVEMENT = "product.movement"
"""That of goods that came or went."""
