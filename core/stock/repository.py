"""What stock needs of storage."""

from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from core.dates.ranges import Range
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.shared.paging import Page
from core.shared.searching import Hits, Sought
from core.stock.figures import Attention, AttentionSums, SoldGoods
from core.stock.model import (
    AlertPlace,
    Category,
    Change,
    CountProgress,
    Movement,
    Product,
    ProductFilter,
    StockCount,
    StockValue,
    Tally,
)
from core.workspaces.model import Audience


class ProductRepository(NumberedRepository[Product], Protocol):
    """The products of one workspace. New ones bring what there is of them, with the movement that says so."""

    async def page(
        self, wanted: ProductFilter, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Page[Product]:
        """Return a page, by name; raises `InvalidArgumentError` (`cursor`) for a cursor that no such page has."""
        ...

    async def low(self, level: int | None, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Product]:
        """Return a page of those at or below their reorder level, or that one, without discontinued ones.

        Those come first of which most is missing. Raises as `page` does.
        """
        ...

    async def search(self, asked: Sought, audience: Audience, *, cursor: str = "", limit: int = 10) -> Hits[Product]:
        """Return a page of what is found by SKU, name, category, tags and description; raises as `page` does."""
        ...

    async def called(self, word: str, audience: Audience) -> Sequence[Product]:
        """Return those of a SKU, letter by letter, or else those of such a SKU or name in any case."""
        ...

    async def by_sku(self, skus: Sequence[str], audience: Audience) -> Sequence[Product]:
        """Return those of some SKUs (any count), letter by letter."""
        ...

    async def free_sku(self, sku: str) -> str:
        """Return a SKU that nothing has: that one, or one with a number behind it."""
        ...

    def stream(
        self, wanted: ProductFilter, audience: Audience, *, chunk: int = 1000
    ) -> AsyncIterator[Sequence[Product]]:
        """Yield all such products by number, in chunks."""
        ...

    async def value(self) -> StockValue:
        """Return what all goods are worth, by one statement."""
        ...


class LedgerRepository(Protocol):
    """The ledger of one workspace: what there is of its products, and how it came to that."""

    async def apply(self, changes: Sequence[Change]) -> Sequence[Product | None]:
        """Change the quantities of products, one after the other, and return what there is of each then.

        None stands for a product whose goods don't suffice, that would have too much, or that is not there: then
        nothing of that change was done, and nothing that comes after it.
        """
        ...

    def write(self, movements: Sequence[Movement]) -> None:
        """Append entries at the latest when the unit of work commits."""
        ...

    async def page(self, number: int, *, cursor: str = "", limit: int = 10) -> Page[Movement]:
        """Return a page of a product's entries, the newest first.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that is none.
        """
        ...

    async def id_of(self, entry: Movement) -> int:
        """Return the id under which an entry is stored, 0 if it is not."""
        ...

    async def levels(self, number: int) -> Mapping[str, int]:
        """Return how much of a product lies at which locations other than the first."""
        ...

    async def last(self) -> int:
        """Return the id of the last entry, 0 if there is none."""
        ...

    async def moved(self, number: int, since: int, location: str) -> int:
        """Return how many of a product came (or went: below 0) at a location, behind an entry; empty is the first."""
        ...

    async def locations(self) -> Sequence[str]:
        """Return the names of the locations other than the first at which anything ever lay."""
        ...

    def place(self, number: int, amounts: Mapping[str, int]) -> None:
        """Let so much more, or (below 0) less, of a product lie at locations, on commit; there has to be as much."""
        ...


class AlertPlaceRepository(NumberedRepository[AlertPlace], Protocol):
    """Where it is told in one workspace that products are low."""

    async def all(self, audience: Audience) -> Sequence[AlertPlace]:
        """Return all places by their categories, that of all others first."""
        ...


class CategoryRepository(NumberedRepository[Category], Protocol):
    """What is known of the categories of one workspace."""

    async def all(self, audience: Audience) -> Sequence[Category]:
        """Return all of which something is known, by their names."""
        ...

    async def used(self) -> Sequence[tuple[str, int]]:
        """Return the categories that products have, and how many have them."""
        ...


class CountRepository(NumberedRepository[StockCount], Protocol):
    """The stock-takes of one workspace."""

    async def open(self, audience: Audience) -> Sequence[StockCount]:
        """Return those that go on, the oldest first."""
        ...

    async def tally(self, number: int, product: int) -> Tally | None:
        """Return how many of a product were counted in a stock-take, if it was."""
        ...

    async def put(self, number: int, tally: Tally) -> None:
        """Have so many of a product counted in a stock-take, whatever was before."""
        ...

    async def drop(self, number: int, product: int) -> None:
        """Have a product not counted in a stock-take."""
        ...

    async def progress(self, count: StockCount) -> CountProgress:
        """Return how far a stock-take is."""
        ...

    async def page(self, number: int, *, cursor: str = "", limit: int = 10) -> Page[Tally]:
        """Return a page of what differs in a stock-take, the newest product first; raises as `Ledger.page` does."""
        ...

    async def differing(self, number: int) -> Sequence[Tally]:
        """Return all that differs in a stock-take, by product, without products that are removed."""
        ...

    async def missing(self, count: StockCount) -> Mapping[int, int]:
        """Return what was not counted in a stock-take and is to be there: how many, by product."""
        ...


class StockFigureRepository(Protocol):
    """The goods of one workspace in figures, which grow with their answers and not with what they are added up from."""

    async def attention(self, within: Range, limit: int) -> Sequence[Attention]:
        """Return products that are low, and those of which nothing was sold on some days, though they lay there.

        Those come first of which most is missing, and then those that are worth most.
        """
        ...

    async def sums(self, within: Range) -> AttentionSums:
        """Add those up."""
        ...

    async def categories(self) -> Sequence[tuple[str, Decimal]]:
        """Return what the goods of each category are worth, the most first."""
        ...

    async def sold(self, within: Range) -> Sequence[SoldGoods]:
        """Add up what was sold of each product on some days, beside what it had cost."""
        ...


PRODUCTS: Kept[ProductRepository] = Kept("products")
LEDGER: Kept[LedgerRepository] = Kept("ledger")
STOCK_COUNTS: Kept[CountRepository] = Kept("stock_counts")
CATEGORIES: Kept[CategoryRepository] = Kept("categories")
ALERT_PLACES: Kept[AlertPlaceRepository] = Kept("alert_places")
STOCK_FIGURES: Kept[StockFigureRepository] = Kept("stock_figures")
