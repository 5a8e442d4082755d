"""Orders, terms and discount codes as kinds of records: what undo and history are made of."""

from core.orders.model import DiscountCode, Order, OrderLine, Terms
from core.shared.names import Names
from core.undo.entries import Undoing
from core.undo.kinds import RecordKind

ORDER_KIND = RecordKind("order", Order, title="customer_name", aside={"version"}, apart=True)
LINE_KIND = RecordKind("order line", OrderLine, number="product", title="name")
ORDER_NAMES = Names("order", "order", "orders")
ORDER_UNDO = Undoing(ORDER_KIND, in_channels=False)
ORDER_STEP = "order.step"
"""The kind of the undo entries of whatever is done with an order, its lines and its goods."""
TERMS_KIND = RecordKind("order terms", Terms, title="seller", aside={"version"}, apart=True)
TERMS_UNDO = Undoing(TERMS_KIND, in_channels=False)
CODE_KIND = RecordKind("discount code", DiscountCode, title="code", key="code", aside={"version"}, apart=True)
CODE_UNDO = Undoing(CODE_KIND, in_channels=False)
