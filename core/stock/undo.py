"""Products whatever became of them, for who keeps the records that they are of; never to be shown."""

from collections.abc import Iterable

from core.ports.storage import UnitOfWork
from core.stock.model import Product
from core.stock.repository import PRODUCTS


async def whatever_became(work: UnitOfWork, numbers: Iterable[int]) -> dict[int, Product]:
    """Return those of some products that there ever were, by number."""
    found = {number: await work.of(PRODUCTS).find(number) for number in numbers}
    return {number: product for number, product in found.items() if product is not None}
