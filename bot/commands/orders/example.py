"""What was ordered in the shop of the example: paid, waiting, sent back, cancelled, and a cart that is being filled."""

from collections.abc import Mapping, Sequence

from bot.example.model import Entry, Example, Step
from bot.example.shop import SHOP
from core.orders.repository import ORDERS
from core.ports.storage import UnitOfWork


def _order(customer: str, by: str, ago: int, goods: Mapping[str, int], *steps: Step) -> Entry:
    added = [Step(f"/order add {sku} {quantity}") for sku, quantity in goods.items()]
    return Entry(customer, SHOP, by, ago=ago, steps=(*added, *steps))


def _paid(method: str, ago: int | None = None) -> tuple[Step, Step]:
    return Step(f"/order checkout {method}"), Step(f"/order pay {{number}} {method}", ago=ago)


_ORDERS: Sequence[Entry] = (
    _order("cafe_luna", "chloe", 13, {"BREAD": 12, "CHEESE": 3, "OIL": 2}, *_paid("transfer", 11)),
    _order(
        *("mrs_ahmed", "ben", 9, {"TEA": 2, "JAM": 1}),
        *_paid("cash"),
        Step("/order return {number} TEA 1", ago=8),
        Step("/order refund {number} 8.40 confirm:yes", "ana"),
    ),
    _order("hotel_post", "chloe", 6, {"BREAD": 18, "JAM": 6}, *_paid("transfer", 3)),
    _order("Walk-in", "ben", 5, {"CANDLE": 3, "CHOC": 4}, *_paid("cash")),
    _order(
        *("tom_field", "chloe", 4, {"OIL": 1, "COFFEE": 2}),
        *_paid("paypal"),
        Step("/order cancel {number}", "ana", 2),
        Step("/order refund {number} confirm:yes", "ana"),
    ),
    _order("hotel_post", "ben", 2, {"BREAD": 16, "CHEESE": 2}, Step("/order checkout transfer")),
    _order("tom_field", "ana", 1, {"COFFEE": 1}, Step("/order checkout"), Step("/order cancel {number}")),
    _order("Walk-in", "ben", 0, {"BREAD": 2, "HONEY": 1}, *_paid("cash")),
    _order("mrs_ahmed", "ben", 0, {"JAM": 2, "CHOC": 3}, Step("/order checkout cash")),
    _order("cafe_luna", "ana", 0, {"OIL": 3, "HONEY": 2}, Step("/order discount 5")),
)


async def _erase(work: UnitOfWork, numbers: Sequence[int]) -> None:
    await work.of(ORDERS).erase(numbers)


ORDER_EXAMPLE = Example(_ORDERS, adds="new", everything="list", removes="cancel", erase=_erase)
