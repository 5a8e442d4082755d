"""Where the repositories of areas are."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from core.ports.kept import Kept
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from adapters.storage.work.transaction import Transaction


Repositories: TypeAlias = "Mapping[Kept[Any], Callable[[Transaction], object]]"
"""What areas keep, each with the class of its repository, or with where that is."""


@value_object
class Placed:
    """A repository by its module and its class, loaded when it is first made."""

    module: str
    name: str

    def __call__(self, transaction: "Transaction") -> object:
        """Make the repository, on a transaction."""
        return self.load()(transaction)

    def load(self) -> type[Any]:
        """Return the class."""
        return cast("type[Any]", getattr(import_module(self.module), self.name))


REPOSITORIES: Repositories = {
    Kept("alerts"): Placed("adapters.storage.repositories.alerts.alerts", "Alerts"),
    Kept("books"): Placed("adapters.storage.repositories.books.books", "Books"),
    Kept("customers"): Placed("adapters.storage.repositories.customers.customers", "Customers"),
    Kept("jobs"): Placed("adapters.storage.repositories.jobs.jobs", "Jobs"),
    Kept("held_reminders"): Placed("adapters.storage.repositories.reminders.held", "HeldRows"),
    Kept("sales"): Placed("adapters.storage.repositories.sales.lines", "Sales"),
    Kept("sale_figures"): Placed("adapters.storage.repositories.sales.figures", "SaleFigures"),
    Kept("schedules"): Placed("adapters.storage.repositories.schedules.schedules", "Schedules"),
    Kept("products"): Placed("adapters.storage.repositories.stock.products", "Products"),
    Kept("ledger"): Placed("adapters.storage.repositories.stock.ledger", "Ledger"),
    Kept("categories"): Placed("adapters.storage.repositories.stock.categories", "Categories"),
    Kept("alert_places"): Placed("adapters.storage.repositories.stock.places", "AlertPlaces"),
    Kept("stock_counts"): Placed("adapters.storage.repositories.stock.counts", "StockCounts"),
    Kept("stock_figures"): Placed("adapters.storage.repositories.stock.figures", "StockFigures"),
    Kept("orders"): Placed("adapters.storage.repositories.orders.orders", "Orders"),
    Kept("order_cards"): Placed("adapters.storage.repositories.orders.cards", "Cards"),
    Kept("order_terms"): Placed("adapters.storage.repositories.orders.orders", "OrderTerms"),
    Kept("discount_codes"): Placed("adapters.storage.repositories.orders.orders", "DiscountCodes"),
    Kept("tasks"): Placed("adapters.storage.repositories.tasks.tasks", "Tasks"),
}
"""By the names under which areas ask for what they keep."""


def class_of(repository: object) -> type[Any]:
    """Return the class of what an area keeps, which is said by itself or by its place."""
    return repository.load() if isinstance(repository, Placed) else cast("type[Any]", repository)
