"""The words of stock: products, movements of their ledger, and what people ask for."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.shared.ids import ChannelId, MemberId
from core.shared.value_objects import value_object
from core.shared.zones import zone
from core.workspaces.model import Workspace

SKU_LIMIT, NAME_LIMIT, DESCRIPTION_LIMIT, CATEGORY_LIMIT, TAG_LIMIT, TAGS_LIMIT = 64, 200, 4000, 100, 40, 20
REASON_LIMIT, REFERENCE_LIMIT, DIMENSIONS_LIMIT, LOCATION_LIMIT = 200, 64, 64, 64

ADDRESS_LIMIT = 64

QUANTITY_LIMIT = 1_000_000
"""What one movement is of at most, and what a product has of at most."""

PRICE_LIMIT = 10**8
"""What a price is below."""


@value_object
class Shop:
    """What holds of all goods of a workspace: the currency of prices, and the zone in which days are told."""

    currency: str
    zone: str

    @classmethod
    def of(cls, workspace: Workspace) -> "Shop":
        """Return what holds of the goods of a workspace."""
        return cls(workspace.currency, workspace.zone)

    def day_of(self, moment: datetime) -> date:
        """Return the day that a moment is on there."""
        return moment.astimezone(zone(self.zone)).date()


@value_object
class Product:
    """Something that a shop has, or may have; `version` grows with every change and every movement.

    `sku` is its own key. Price and cost are of one piece, in the workspace's currency; without a price it can't be
    sold. `on_hand` is all that there is, `reserved` what of it is set aside, `elsewhere` what lies at other locations
    than the first: the ledger alone changes them. `on_order` is to come, by `expected_on` if that is known. `weight` is
    in kilograms, `dimensions` are as people write them. `added_on` is the day in the workspace's zone. `source` is the
    word of the area that has a record of its own of it, and stays.
    """

    number: int
    sku: str
    name: str
    author_id: MemberId
    created_at: datetime
    added_on: date
    description: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    price: Decimal | None = None
    cost: Decimal | None = None
    reorder_level: int | None = None
    is_discontinued: bool = False
    on_order: int = 0
    expected_on: date | None = None
    weight: Decimal | None = None
    dimensions: str = ""
    version: int = 1
    removed_at: datetime | None = None
    on_hand: int = 0
    reserved: int = 0
    elsewhere: int = 0
    source: str = ""

    @property
    def available(self) -> int:
        """Return how much of it is not set aside."""
        return self.on_hand - self.reserved

    @property
    def here(self) -> int:
        """Return how much of that lies at the first location, from where it is sold."""
        return self.available - self.elsewhere

    @property
    def margin(self) -> Decimal | None:
        """Return what is earned with one piece, if that is known."""
        return None if self.price is None or self.cost is None else self.price - self.cost

    @property
    def is_low(self) -> bool:
        """Tell whether it is at or below its reorder level, and not discontinued or gone."""
        level = self.reorder_level
        is_sold = not self.is_discontinued and self.removed_at is None
        return level is not None and self.available <= level and is_sold

    def to_order(self, level: int | None = None) -> int:
        """Return how much is missing to its reorder level, or to another, beside what is on order."""
        wanted = self.reorder_level if level is None else level
        return max((wanted or 0) - self.available - self.on_order, 0)


class MovementKind(StrEnum):
    """Why goods moved, or were set aside."""

    SALE = "sale"
    RESTOCK = "restock"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    RETURN = "return"
    RESERVATION = "reservation"
    RELEASE = "release"
    TRANSFER = "transfer"

    @property
    def sets_aside(self) -> bool:
        """Tell whether what changes is what is reserved, and not what there is."""
        return self in (MovementKind.RESERVATION, MovementKind.RELEASE)


@value_object
class Change:
    """What is to become of a product's quantities, all at once: how much of each comes (or goes: below 0)."""

    number: int
    on_hand: int = 0
    reserved: int = 0
    on_order: int = 0
    elsewhere: int = 0

    def reversed(self) -> "Change":
        """Return what takes it back."""
        return Change(self.number, -self.on_hand, -self.reserved, -self.on_order, -self.elsewhere)


@value_object
class Movement:
    """An entry of the ledger, which is never changed: `quantity` as what is on hand, or reserved, changed by it.

    `business_date` is the day in the workspace's zone. `location` is empty for the first. `reference` is what it
    belongs to, such as `order 12` or `undo of 31`. `price` is that of one piece, if one was asked or paid. `id` is 0
    until it is stored.
    """

    number: int
    kind: MovementKind
    quantity: int
    at: datetime
    business_date: date
    member_id: int
    reason: str = ""
    reference: str = ""
    location: str = ""
    price: Decimal | None = None
    id: int = 0


@value_object
class AlertPlace:
    """Where it is told that products of a category have become low; the empty category stands for all others.

    Without a channel it is told nowhere.
    """

    number: int
    author_id: MemberId
    created_at: datetime
    category: str
    told_in: ChannelId | None
    version: int = 1
    removed_at: datetime | None = None

    @property
    def form(self) -> str:
        """Return its category in the form in which categories are compared."""
        return self.category.casefold()


@value_object
class Category:
    """What is known of a category of products besides its name.

    `address` is what it is called in addresses of pages, its own in the workspace. No product is put by hand into one
    that is not active; those in it stay.
    """

    number: int
    author_id: MemberId
    created_at: datetime
    name: str
    address: str
    is_active: bool = True
    version: int = 1
    removed_at: datetime | None = None

    @property
    def form(self) -> str:
        """Return its name in the form in which categories are compared."""
        return self.name.casefold()


class CountState(StrEnum):
    """How far a stock-take is."""

    OPEN = "open"
    POSTED = "posted"
    CANCELLED = "cancelled"


@value_object
class StockCount:
    """A stock-take: of a category, or (empty) of all, at a location, which is empty for the first.

    What was there at its beginning is known by the ledger: `since` is the last entry of it by then.
    """

    number: int
    author_id: MemberId
    created_at: datetime
    category: str
    location: str
    since: int
    state: CountState = CountState.OPEN
    version: int = 1
    removed_at: datetime | None = None

    def covers(self, category: str) -> bool:
        """Tell whether products of a category are counted."""
        return not self.category or self.category.casefold() == category.casefold()

    def is_meant(self, category: str, location: str) -> bool:
        """Tell whether this is one of a category, at a location; empty ones tell nothing."""
        is_of_it = not category or self.category.casefold() == category.casefold()
        return is_of_it and (not location or self.location.casefold() == location.casefold())

    def meets(self, other: "StockCount") -> bool:
        """Tell whether both count the same products at the same place."""
        is_same = not self.category or not other.category or self.covers(other.category)
        return is_same and self.location.casefold() == other.location.casefold()


@value_object
class Tally:
    """How many of a product were counted, and how many were to be there when that was last said.

    `moved` is how many came (or went: below 0) between the beginning of the stock-take and then.
    """

    product: int
    counted: int
    expected: int
    moved: int

    @property
    def at_start(self) -> int:
        """Return how many were to be there at the beginning."""
        return self.expected - self.moved

    @property
    def difference(self) -> int:
        """Return how many more there are than were to be there, or (below 0) fewer."""
        return self.counted - self.expected


@value_object
class CountProgress:
    """How far a stock-take is: so many products and pieces counted, so many that differ.

    So many products (`missing`) are to be there, but were not counted.
    """

    products: int
    pieces: int
    differing: int
    missing: int


@value_object
class ProductFilter:
    """Which products are wanted: of a category (in any case), in a range of prices, those that can be had."""

    category: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    in_stock: bool = False


@value_object
class StockValue:
    """What the goods are worth: so many pieces of so many products, by their prices and by what they cost.

    So many products are without a price, or without a cost, and count for nothing in that sum.
    """

    products: int
    pieces: int
    value: Decimal
    cost: Decimal
    unpriced: int
    uncosted: int


@value_object
class NewProduct:
    """A product to be added, with texts as typed; an empty SKU is made up from the name."""

    name: str
    quantity: int = 0
    price: Decimal | None = None
    sku: str = ""
    description: str = ""
    category: str = ""
    tags: str = ""
    cost: Decimal | None = None
    reorder_level: int | None = None
    weight: str = ""
    dimensions: str = ""
