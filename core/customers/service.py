"""What people do with customers. One unit of work a method."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal

from core.chat.actor import Actor
from core.customers.kind import CUSTOMER_KIND, CUSTOMER_NAMES, CUSTOMER_UNDO
from core.customers.model import Customer, CustomerSort, NewCustomer, Spender
from core.customers.repository import CUSTOMERS
from core.customers.rules import cleaned
from core.history.service import PAGE_SIZE, NumberedService
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import InvalidArgumentError, all_wrong
from core.shared.events import Event, EventValue
from core.shared.money import LARGEST, units_of
from core.shared.paging import Page
from core.shared.value_objects import value_object
from core.undo.keeping import keep_change
from core.workspaces.model import Audience

MOST_SPENDERS = 1000
"""Customers over a sum who are told of at once."""

_OWN = ("username", "email")
"""What only one customer at a time can have."""


@value_object
class CustomerChange:
    """A customer as they are now and as they were (None: new), and how to take that back; empty if nothing changed."""

    customer: Customer
    before: Customer | None = None
    undo_id: str = ""


@value_object
class Spenders:
    """Those who bought for more than a sum, the largest first, and whether there are more of them."""

    over: Decimal
    found: Sequence[Spender]
    has_more: bool


class CustomerService(NumberedService[Customer]):
    """The customers of one workspace, for the length of one request."""

    called, kept, undoing = CUSTOMER_NAMES, CUSTOMERS, CUSTOMER_UNDO

    async def register(self, actor: Actor, audience: Audience, new: NewCustomer) -> CustomerChange:
        """Add a customer; raises one `InvalidArgumentError` with all that is wrong, and with all that is taken."""
        now, fields = self._clock.now(), cleaned(asdict(new))
        async with self._transactions.write() as work:
            await _refuse_taken(work, fields, audience)
            number = await work.of(CUSTOMERS).reserve_numbers()
            customer = Customer(number=number, author_id=actor.member_id, created_at=now, **fields)
            work.of(CUSTOMERS).add(customer)
            undo_id = self._kept(work, actor, "register", None, customer)
            await work.commit()
        return CustomerChange(customer, None, undo_id)

    async def update(
        self, actor: Actor, audience: Audience, number: int, values: Mapping[str, object]
    ) -> CustomerChange:
        """Change what is given of a customer, as typed; raises as `register` does."""
        fields = cleaned(values)
        if not fields:
            raise InvalidArgumentError("customer", "nothing_to_update_of_customer", number=number)
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            await _refuse_taken(work, fields, audience, number)
            return await self._change(work, actor, "update", before, replace(before, **fields))

    async def remove(self, actor: Actor, audience: Audience, number: int) -> CustomerChange:
        """Take a customer out of the list."""
        async with self._transactions.write() as work:
            before = await self._load(work, number, audience)
            return await self._change(work, actor, "remove", before, replace(before, removed_at=self._clock.now()))

    async def undo(self, actor: Actor, entry: UndoEntry, audience: Audience) -> CustomerChange:
        """Take a change back; raises `ConflictError` (`key_taken`) where somebody else has the name meanwhile."""
        async with self._transactions.write() as work:
            undone = await CUSTOMER_UNDO.take_back(work, work.of(CUSTOMERS), actor, entry, self._clock.now(), audience)
            (before,), (customer,) = undone.before, undone.records
            self._record(work, actor, "changed", customer, {"undo": True})
            await work.commit()
        return CustomerChange(customer, before)

    async def show(self, number: int, audience: Audience) -> Customer:
        """Return a customer; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            return await self._load(work, number, audience)

    async def list(
        self, holds: str, audience: Audience, *, sort: CustomerSort = CustomerSort.NAME, cursor: str = ""
    ) -> Page[Customer]:
        """Return a page of those who have a text in their username or e-mail address."""
        async with self._transactions.read() as work:
            return await work.of(CUSTOMERS).page(holds, audience, sort=sort, cursor=cursor, limit=PAGE_SIZE)

    async def over(self, total: Decimal, currency: str, audience: Audience) -> Spenders:
        """Return those whose sales add up to strictly more than a sum, the largest first."""
        checked = _checked_total(total)
        async with self._transactions.read() as work:
            sums = await work.of(CUSTOMERS).spending(checked, currency, MOST_SPENDERS + 1)
            told = sums[:MOST_SPENDERS]
            seen = await work.of(CUSTOMERS).get_many([one.number for one in told], audience)
        known = {customer.number: customer for customer in seen}
        found = [Spender(known[one.number], one.amount) for one in told if one.number in known]
        return Spenders(checked, found, len(sums) > MOST_SPENDERS)

    async def _change(
        self, work: UnitOfWork, actor: Actor, verb: str, before: Customer, after: Customer
    ) -> CustomerChange:
        if after == before:
            return CustomerChange(before, before)
        changed = replace(after, version=before.version + 1)
        await work.of(CUSTOMERS).change_many([changed])
        undo_id = self._kept(work, actor, verb, before, changed)
        await work.commit()
        return CustomerChange(changed, before, undo_id)

    def _kept(self, work: UnitOfWork, actor: Actor, verb: str, before: Customer | None, after: Customer) -> str:
        self._record(work, actor, "registered" if before is None else "changed", after, {})
        command = f"{CUSTOMER_NAMES.area} {verb}"
        return keep_change(work, CUSTOMER_KIND, actor, command, [before], [after], self._clock.now())

    def _record(
        self, work: UnitOfWork, actor: Actor, verb: str, customer: Customer, facts: Mapping[str, EventValue]
    ) -> None:
        told = {"number": customer.number, **facts}
        work.events.record(Event(f"{CUSTOMER_NAMES.area}.{verb}", self._clock.now(), None, actor.member_id, told))


async def _refuse_taken(work: UnitOfWork, fields: Mapping[str, object], audience: Audience, number: int = 0) -> None:
    """Raise one `InvalidArgumentError` with whatever another customer has."""
    wrong = [
        InvalidArgumentError(name, "customer_taken", value=fields[name], number=other.number)
        for name in _OWN
        if name in fields
        for other in await work.of(CUSTOMERS).called(str(fields[name]), audience)
        if other.number != number
    ]
    if wrong:
        raise all_wrong(wrong)


def _checked_total(total: Decimal) -> Decimal:
    if not 0 <= total < LARGEST:
        raise InvalidArgumentError("total", "total_out_of_range", value=total, limit=LARGEST)
    try:
        units_of(total)
    except ValueError as error:
        raise InvalidArgumentError("total", "total_places", value=total) from error
    return total
