"""What `/stock` is about."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from bot.application.services import Services
from bot.commands.goods import stock_of
from bot.commands.stock.upkeep import see_to_untold
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.stock.errors import REASONS
from bot.texts.stock.words import TOLD
from core.chat.spec import Offer, SubjectInfo
from core.ports.storage import UnitOfWork
from core.shared.naming import NameBook
from core.stock.categories import CategoryService
from core.stock.counting import CountService
from core.stock.model import Product
from core.stock.places import AlertPlaceService
from core.stock.products import ProductService
from core.stock.reports import StockReports
from core.stock.repository import PRODUCTS
from core.stock.service import StockService
from core.workspaces.model import Audience

ProductNumber = Annotated[int, reference("product")]


async def _called(work: UnitOfWork, word: str, audience: Audience) -> Sequence[Product]:
    return await work.of(PRODUCTS).called(word, audience)


def _as_typed(product: Product, _names: NameBook) -> Mapping[str, str]:
    level = product.reorder_level
    return {
        "name": product.name,
        "sku": product.sku,
        "category": product.category,
        "tags": ", ".join(product.tags),
        "description": product.description,
        "price": "" if product.price is None else f"{product.price.normalize():f}",
        "cost": "" if product.cost is None else f"{product.cost.normalize():f}",
        "reorder": "" if level is None else str(level),
        "discontinued": "yes" if product.is_discontinued else "no",
        "weight": "" if product.weight is None else f"{product.weight.normalize():f} kg",
        "dimensions": product.dimensions,
    }


stock = Area(
    "stock",
    "What the shop has: products, prices and how many there are",
    subject=Subject(
        SubjectInfo("product", "products", "`/stock list` shows what there is.", example="APL-1"),
        PRODUCTS,
        TOLD,
        _as_typed,
        find=_called,
    ),
    reasons=(REASONS,),
    example="bot.commands.stock.example:STOCK_EXAMPLE",
    upkeep=see_to_untold,
    offers=(
        Offer("add", "Add a product", "Apples 50 0.50", "plus"),
        Offer("list", "See what is in stock"),
    ),
)


@stock.service
def goods(services: Services) -> StockService:
    """Return what moves the goods of a request."""
    return stock_of(services.supplies.clock)


@stock.service
def counts(services: Services) -> CountService:
    """Return the stock-takes of a request."""
    return CountService(services.transactions, services.supplies.clock, services.get(StockService))


@stock.service
def places(services: Services) -> AlertPlaceService:
    """Return where it is told in the workspace of a request that products are low."""
    return AlertPlaceService(services.transactions, services.supplies.clock)


@stock.service
def known_categories(services: Services) -> CategoryService:
    """Return the categories of the workspace of a request."""
    return CategoryService(services.transactions, services.supplies.clock)


@stock.service
def products(services: Services) -> ProductService:
    """Return the products of a request."""
    return ProductService(services.transactions, services.supplies.clock, services.get(StockService))


@stock.service
def reports(services: Services) -> StockReports:
    """Return the goods of a request's workspace, in figures."""
    return StockReports(services.transactions, services.supplies.turns)
