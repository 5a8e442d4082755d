"""The repository of customers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, bindparam

from adapters.storage.engine.dialects.patterns import ESCAPE, literal
from adapters.storage.repositories.customers.spending import spending
from adapters.storage.repositories.customers.table import customers
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import Kind, matching, question
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.schema.text_forms import storable
from adapters.storage.work.additions import Additions
from adapters.storage.work.scope import Scoped
from adapters.storage.work.versions import renew, renewing
from core.customers.erasing import Erased
from core.customers.model import Customer, CustomerSort, Spending
from core.customers.rules import email_form, username_form
from core.shared.paging import Page
from core.workspaces.model import Audience

_c = customers.c

_AS_IT_IS = ("number", "author_id", "created_at", "version", "removed_at", "age")


def _row(customer: Customer) -> dict[str, Any]:
    username, email = storable(customer.username), storable(customer.email)
    username_sort, email_sort = username_form(username), email_form(email)
    return {
        **{name: getattr(customer, name) for name in _AS_IT_IS},
        "code": customer.code,
        "username": username,
        "username_sort": username_sort,
        "email": email,
        "email_sort": email_sort,
        "words": f"{username_sort} {email_sort}",
        "address": storable(customer.address),
    }


def _customer(row: Row[Any]) -> Customer:
    return Customer(
        username=row.username,
        email=row.email,
        address=row.address,
        **{name: getattr(row, name) for name in _AS_IT_IS},
    )


KIND: Kind[Customer] = Kind(
    table=customers,
    row_of=_row,
    item_of=_customer,
    words=_c.words,
    conditions={
        "holds": _c.words.like(bindparam("in_holds", type_=sa.String()), escape=ESCAPE),
        "called": sa.or_(
            _c.username_sort == bindparam("in_called", type_=_c.email_sort.type),
            _c.email_sort == bindparam("in_called", type_=_c.email_sort.type),
        ),
    },
)
_BY_NAME = Order((_c.username_sort, _c.number))
_ORDERS: Mapping[CustomerSort, Order] = {
    CustomerSort.NAME: _BY_NAME,
    CustomerSort.EMAIL: Order((_c.email_sort, _c.number)),
    CustomerSort.NEWEST: Order((_c.number,), descending=True),
}


# Sums of what was sold, which are kept, tell whose they are.
_RENEWING = renewing(customers)


class Customers(NumberedItems[Customer]):
    """The repository of customers."""

    kind = KIND

    async def page(
        self,
        holds: str,
        audience: Audience,
        *,
        sort: CustomerSort = CustomerSort.NAME,
        cursor: str = "",
        limit: int = 10,
    ) -> Page[Customer]:
        """Return a page of those whose username or e-mail address has that text in it; nothing is in all.

        Raises `InvalidArgumentError` (`cursor`) for a cursor that no such page has.
        """
        wanted = email_form(holds)
        narrowed = {"holds": f"%{literal(wanted)}%"} if wanted else {}
        return await self._page(narrowed, audience, _ORDERS[sort], cursor=cursor, limit=limit)

    async def called(self, word: str, audience: Audience) -> Sequence[Customer]:
        """Return whoever has that username or e-mail address, in any case."""
        asked, parameters = question(KIND, {"called": email_form(word)}, audience)
        statement = matching(asked).order_by(_c.number)
        return await self._transaction.run(lambda db: [_customer(row) for row in db.all(statement, **parameters)])

    def stream(self, audience: Audience, *, chunk: int = 1000) -> AsyncIterator[Sequence[Customer]]:
        """Yield all customers by number, in chunks."""
        return self._walk({}, audience, chunk=chunk)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Customer]:
        """Return customers whose number, username or e-mail address starts so, for completion."""
        return await self._suggest(prefix, {}, audience, _BY_NAME, limit=limit)

    async def spending(self, over: Decimal, currency: str, limit: int) -> Sequence[Spending]:
        """Add up what was sold to each customer, and return the sums that are more than that, the largest first."""
        return await self._transaction.run(lambda db: spending(db, over, currency, limit))

    async def told_of(self, number: int) -> Erased:
        """Return what takes out of texts all that is known of a customer, and what was known of them before."""
        # It seldom happens, and takes the tables of everything that tells of customers.
        from adapters.storage.repositories.customers.forgetting import told_of

        return await self._transaction.run(lambda db: told_of(db, number))

    async def forget(self, number: int, at: datetime, *, since: datetime) -> None:
        """Erase all that is known of a customer wherever it is kept, and from answers that have been kept since."""
        from adapters.storage.repositories.customers.forgetting import forget

        await self._transaction.run(lambda db: forget(db, number, at, since))

    def _laid_out(self, items: Sequence[Customer]) -> Additions:
        additions = super()._laid_out(items)
        additions.first.append(_RENEWING)
        return additions

    def _changed(self, db: Scoped, items: Sequence[Customer], former: Mapping[int, Customer]) -> None:
        renew(db, customers)

    def _withdraw(self, db: Scoped, numbers: Sequence[int], at: datetime) -> int:
        renew(db, customers)
        return super()._withdraw(db, numbers, at)
