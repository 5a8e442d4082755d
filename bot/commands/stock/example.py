"""What the shop of the example has on its shelves."""

from collections.abc import Sequence

from bot.example.model import Entry, Example, Step, Talk
from bot.example.shop import OFFICE, STOCK

_SINCE = 20
"""Days for which it has been there."""


def _product(sku: str, name: str, quantity: int, price: str, category: str, more: str, *steps: Step) -> Entry:
    return Entry(
        f'"{name}" {quantity} {price} sku:{sku} category:{category} {more}', STOCK, "ana", ago=_SINCE, steps=steps
    )


_PRODUCTS: Sequence[Entry] = (
    _product("BREAD", "Bread of the day", 60, "4.20", "bakery", "cost:1.90 reorder:10"),
    _product("CHEESE", "Mountain cheese, 200 g", 14, "6.90", "dairy", "cost:4.10 reorder:10 weight:200g"),
    _product(
        *("FLOUR", "Flour, 1 kg", 16, "1.80", "baking", "cost:0.85 reorder:12 weight:1kg"),
        Step("/stock adjust FLOUR -12 a sack had moths", ago=4),
        Step("/stock ordered FLOUR 20 by:fri", "ben", ago=1),
    ),
    _product("JAM", "Apricot jam", 24, "5.50", "preserves", 'cost:2.60 reorder:8 tags:"breakfast, gift"'),
    _product(
        "OIL", "Olive oil, 0.5 l", 18, "11.90", "pantry", "cost:7.20 reorder:6", Step("/stock restock OIL 12", "ben", 3)
    ),
    _product("TEA", "Tea in a tin", 9, "8.40", "drinks", "cost:4.80 reorder:4 tags:gift"),
    _product("HAMPER", "Gift hamper", 0, "39.00", "gifts", 'cost:22.00 reorder:2 dimensions:"40 x 30 x 25 cm"'),
    _product("HONEY", "Heather honey, 250 g", 11, "7.80", "preserves", 'cost:4.40 reorder:5 tags:"breakfast, gift"'),
    _product("COFFEE", "Espresso beans, 250 g", 20, "9.60", "drinks", "cost:5.90 reorder:8 weight:250g"),
    _product("CHOC", "Dark chocolate, 100 g", 32, "3.40", "sweets", "cost:1.70 reorder:12 tags:gift"),
    _product(
        *("CANDLE", "Beeswax candle", 30, "5.20", "gifts", "cost:2.10 reorder:6"),
        Step("/stock transfer CANDLE 18 to:cellar", "ben", 7),
    ),
    _product("BAG", "Paper bag", 250, "none", "packaging", "cost:0.08 reorder:100"),
)

_TALK: Sequence[Talk] = (
    Talk(400, OFFICE, "ana", "/stock value"),
    Talk(150, STOCK, "ben", "The mill comes on Friday. What else is short?"),
    Talk(149, STOCK, "ben", "/stock low"),
)

STOCK_EXAMPLE = Example(_PRODUCTS, _TALK, everything="list")
