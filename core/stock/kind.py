"""Products as a kind of record: what undo and history are made of."""

from core.shared.names import Names
from core.stock.model import AlertPlace, Category, Product, StockCount
from core.transfer.undo_kinds import import_kind
from core.undo.entries import Undoing
from core.undo.kinds import RecordKind

PRODUCT_KIND = RecordKind(
    "product",
    Product,
    title="name",
    key="sku",
    # The ledger alone changes these, and takes its own entries back; what sells it stays.
    unwritten={"on_hand", "reserved", "elsewhere", "source"},
    aside={"version"},
    apart=True,
)
PRODUCT_NAMES = Names("stock", "product", "products")
PRODUCT_UNDO = Undoing(PRODUCT_KIND, in_channels=False)
PRODUCT_CHANGE = PRODUCT_KIND.change
"""The kind of the undo entries of changes to what is known of products."""
PRODUCT_IMPORT = import_kind(PRODUCT_KIND.name)
"""That of imports."""
ALERT_PLACE_KIND = RecordKind("alert place", AlertPlace, title="category", aside={"version"}, apart=True)
ALERT_PLACE_UNDO = Undoing(ALERT_PLACE_KIND, in_channels=False)
CATEGORY_KIND = RecordKind("category", Category, title="name", aside={"version"}, apart=True)
CATEGORY_UNDO = Undoing(CATEGORY_KIND, in_channels=False)
COUNT_KIND = RecordKind("stock count", StockCount, title="category", aside={"version"}, apart=True)
COUNT_UNDO = Undoing(COUNT_KIND, in_channels=False)
SCAN = "product.scan"
"""The kind of the undo entries of what was counted."""
POSTING = "product.count"
"""That of stock-takes whose differences were posted."""
MUTE = "product.mute"
"""The kind of the undo entries of products of which nothing is told for some time."""
MOVEMENT = "product.movement"
"""That of goods that came or went."""
