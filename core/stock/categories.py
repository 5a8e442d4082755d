"""What is known of the categories of products: what they are called in addresses, and whether they are active."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain, count

from core.chat.actor import Actor
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import InvalidArgumentError, RefusedError
from core.shared.value_objects import value_object
from core.stock.kind import CATEGORY_KIND, CATEGORY_UNDO, PRODUCT_NAMES
from core.stock.model import Category
from core.stock.repository import CATEGORIES
from core.stock.rules import clean_address, clean_category, made_up_address
from core.undo.keeping import keep_change
from core.workspaces.model import Audience

_COMMAND = f"{PRODUCT_NAMES.area} category"


@value_object
class CategoryShown:
    """A category that products have, or of which something is known, and how many products have it."""

    name: str
    address: str
    is_active: bool
    products: int


@value_object
class CategoryChange:
    """A category as it is now, and how to take that back; empty if nothing changed."""

    category: Category
    undo_id: str = ""


class CategoryService:
    """The categories of one workspace, for the length of one request."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def list(self, audience: Audience) -> Sequence[CategoryShown]:
        """Return all categories by name; what nobody gave an address has one that is made up from its name."""
        async with self._transactions.read() as work:
            known = {category.form: category for category in await work.of(CATEGORIES).all(audience)}
            used = {name.casefold(): (name, products) for name, products in await work.of(CATEGORIES).used()}
        taken, found = {category.address for category in known.values()}, list[CategoryShown]()
        for form in sorted({*known, *used}):
            name, products = used.get(form, ("", 0))
            if category := known.get(form):
                found.append(CategoryShown(category.name, category.address, category.is_active, products))
            else:
                address = _free(made_up_address(name), taken)
                found.append(CategoryShown(name, address, is_active=True, products=products))
                taken.add(address)
        return found

    async def put(
        self, actor: Actor, audience: Audience, name: str, address: str, is_active: bool | None
    ) -> CategoryChange:
        """Say how a category is called in addresses, if that is given, and whether it is active.

        Raises `InvalidArgumentError` (`address_bad`, `address_taken`).
        """
        called, typed = clean_category(name), clean_address(address) if address else ""
        async with self._transactions.write() as work:
            all_ = await work.of(CATEGORIES).all(audience)
            before = _of(all_, called)
            others = {category.address: category for category in all_ if category is not before}
            if typed in others:
                raise InvalidArgumentError("address", "address_taken", value=typed, name=others[typed].name)
            now = self._clock.now()
            if before is None:
                number = await work.of(CATEGORIES).reserve_numbers()
                own = typed or _free(made_up_address(called), others)
                after = Category(number, actor.member_id, now, called, own, is_active is not False)
                work.of(CATEGORIES).add(after)
            else:
                active = before.is_active if is_active is None else is_active
                after = replace(before, address=typed or before.address, is_active=active)
                if after == before:
                    return CategoryChange(before)
                after = replace(after, version=before.version + 1)
                await work.of(CATEGORIES).change_many([after])
            undo_id = keep_change(work, CATEGORY_KIND, actor, _COMMAND, [before], [after], now)
            await work.commit()
        return CategoryChange(after, undo_id)

    async def undo(self, actor: Actor, entry: UndoEntry) -> Category:
        """Put a category back as it was; of one of which nothing was known, nothing is known then."""
        async with self._transactions.write() as work:
            undone = await CATEGORY_UNDO.take_back(work, work.of(CATEGORIES), actor, entry, self._clock.now())
            await work.commit()
        return undone.records[0]


async def check_active(work: UnitOfWork, name: str, audience: Audience) -> None:
    """Refuse to put a product into a category that is not active; raises `RefusedError` (`category_inactive`)."""
    found = _of(await work.of(CATEGORIES).all(audience), name) if name else None
    if found and not found.is_active:
        raise RefusedError("category_inactive", field="category", name=found.name)


def _of(categories: Sequence[Category], name: str) -> Category | None:
    return next((category for category in categories if category.form == name.casefold()), None)


def _free(address: str, taken: Collection[str]) -> str:
    """Return an address that nothing has: that one, or one with a number behind it."""
    tries = chain([address], (f"{address}-{number}" for number in count(2)))
    return next(one for one in tries if one not in taken)
