"""What people read of products in files."""

from collections.abc import Mapping

from bot.texts.stock.words import cells, columns
from bot.texts.transfer import Reason, TransferWords, too_long
from core.stock.kind import PRODUCT_NAMES
from core.stock.model import Product

_REASONS: Mapping[str, Reason] = {
    "product_unnamed": lambda _p: "A product needs a name.",
    "text_too_long": lambda p: too_long(f"{p.column or 'text'} has", p),
    "sku_bad": lambda _p: "A SKU is one word of at most 64 characters, such as APL-1, without commas and quotes.",
    "too_many_tags": lambda p: f"At most {p.details['limit']} tags fit on a product.",
    "weight_bad": lambda _p: "Write it as 1.2 kg or 250 g.",
    "dimensions_bad": lambda _p: "Write them as 30 x 20 x 10 cm.",
}


def words_of(currency: str) -> TransferWords[Product]:
    """Return how files of products are spoken of, with prices in a currency."""
    return TransferWords(
        called=PRODUCT_NAMES,
        reasons=_REASONS,
        columns=columns(currency),
        cells=lambda product, _view: cells(product, currency),
        lossy="A plain list holds names and quantities only; CSV, XLSX and JSON can be imported again.",
    )
