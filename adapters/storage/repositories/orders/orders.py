"""The orders of one workspace."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, literal_column

from adapters.storage.engine.dialects.patterns import ESCAPE, literal
from adapters.storage.repositories.keyset import Order as Sorted
from adapters.storage.repositories.kinds import Kind
from adapters.storage.repositories.numbered import NumberedItems, reserved
from adapters.storage.repositories.orders.rows import (
    code_of,
    code_row,
    line_of,
    line_rows,
    order_of,
    order_row,
    payment_of,
    payment_row,
    taking_of,
    taking_row,
    terms_of,
    terms_row,
)
from adapters.storage.repositories.orders.tables import (
    CARTS,
    PLACED,
    WAITING,
    discount_codes,
    order_card_refunds,
    order_cards,
    order_lines,
    order_payments,
    order_takings,
    order_terms,
    orders,
)
from adapters.storage.repositories.sales.table import sale_lines
from adapters.storage.schema.text_forms import sort_key
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from adapters.storage.work.versions import renew
from core.orders.kind import ORDER_NAMES
from core.orders.model import DiscountCode, Order, OrderFilter, OrderLine, Taking, Terms
from core.payments.model import Payment
from core.shared.paging import Page
from core.workspaces.model import Audience

_o, _l, _p, _t = orders.c, order_lines.c, order_payments.c, order_takings.c
_RECEIPTS = "receipts"
_NOTHING: sa.ColumnElement[int] = literal_column("0", sa.BigInteger())
_ONE: sa.ColumnElement[int] = literal_column("1", sa.BigInteger())

_KIND: Kind[Order] = Kind(
    table=orders,
    row_of=order_row,
    item_of=order_of,
    words=_o.customer_sort,
    conditions={
        "status": _o.status == bindparam("in_status", type_=_o.status.type),
        "placed": literal_column(PLACED),
        "customer": _o.customer_sort.like(bindparam("in_customer", type_=sa.String()), escape=ESCAPE),
    },
)
_NEWEST = Sorted((_o.number,), descending=True)
_CART = (
    scope.select(orders)
    .where(
        literal_column(CARTS),
        _o.author_id == bindparam("the_author", type_=sa.Integer()),
        _o.placed_in == bindparam("the_place", type_=sa.Integer()),
    )
    .order_by(_o.number.desc())
)
_OVERDUE = (
    scope.select(orders)
    .where(literal_column(WAITING), _o.until <= bindparam("moment", type_=_o.until.type))
    .order_by(_o.until, _o.number)
    .limit(bindparam("at_most"))
)
_LINES = (
    scope.select(order_lines)
    .where(_l.number.in_(bindparam("numbers", expanding=True)))
    .order_by(_l.number, _l.position)
)
_EMPTY = scope.delete(order_lines).where(_l.number == bindparam("the_number"))
_PAYMENT = scope.select(order_payments).where(
    _p.number == bindparam("the_number", type_=sa.Integer()), _p.attempt == bindparam("the_attempt", type_=sa.Integer())
)
_PAYMENTS = (
    scope.select(order_payments).where(_p.number == bindparam("the_number", type_=sa.Integer())).order_by(_p.attempt)
)


def _summed(condition: sa.ColumnElement[bool], name: str) -> tuple[sa.Label[Any], sa.Label[Any]]:
    """Return how many entries are so, and what they come to."""
    count, units = (sa.func.sum(sa.case((condition, amount), else_=_NOTHING)) for amount in (_ONE, _t.units))
    return count.label(f"{name}_count"), units.label(name)


_TAKINGS = (
    scope.select(
        order_takings,
        _t.currency,
        _t.method,
        *_summed(_t.units > _NOTHING, "came"),
        *_summed(_t.units < _NOTHING, "went"),
    )
    .where(_t.at >= bindparam("since", type_=_t.at.type), _t.at < bindparam("until", type_=_t.at.type))
    .group_by(_t.currency, _t.method)
    .order_by(_t.currency, _t.method)
)


_BACK = ("return of ", "refund of ")
_BESIDE = (order_takings, order_card_refunds, order_cards, order_payments, order_lines, orders)
_ERASE = [scope.delete(table).where(table.c.number.in_(bindparam("numbers", expanding=True))) for table in _BESIDE]
_UNSELL = scope.delete(sale_lines).where(
    sale_lines.c.source == bindparam("the_area", type_=sale_lines.c.source.type),
    sale_lines.c.reference.in_(bindparam("references", expanding=True)),
)


class Orders(NumberedItems[Order]):
    """The repository of orders."""

    kind = _KIND

    async def page(self, wanted: OrderFilter, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Order]:
        """Return a page, the newest first; raises `InvalidArgumentError` (`cursor`) for a cursor that is none."""
        return await self._page(_narrowed(wanted), audience, _NEWEST, cursor=cursor, limit=limit)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Order]:
        """Return orders whose number or a word of whose customer starts so, for completion."""
        return await self._suggest(prefix, {"placed": None}, audience, _NEWEST, limit=limit)

    async def cart_of(self, member_id: int, channel_id: int) -> Order | None:
        """Return the cart that a member has in a channel."""
        row = await self._transaction.run(lambda db: db.first(_CART, the_author=member_id, the_place=channel_id))
        return order_of(row) if row else None

    async def overdue(self, now: datetime, limit: int) -> Sequence[Order]:
        """Return orders whose goods were set aside until now or earlier, those first that waited longest."""
        rows = await self._transaction.run(lambda db: db.all(_OVERDUE, moment=now, at_most=limit))
        return list(map(order_of, rows))

    async def next_receipt(self) -> int:
        """Take the next number of a receipt; without a commit it is the next one still."""
        return await self._transaction.run(lambda db: reserved(db, _RECEIPTS, 1))

    async def lines(self, numbers: Sequence[int]) -> Mapping[int, Sequence[OrderLine]]:
        """Return the lines of orders (any count) in their order; those of none are left out."""

        def read(db: Scoped) -> dict[int, list[OrderLine]]:
            found: dict[int, list[OrderLine]] = {}
            for row in (row for chunk in chunks(numbers) for row in db.all(_LINES, numbers=chunk)):
                found.setdefault(row.number, []).append(line_of(row))
            return found

        return await self._transaction.run(read)

    async def put_lines(self, number: int, lines: Sequence[OrderLine]) -> None:
        """Let an order have these lines and no others."""

        def write(db: Scoped) -> None:
            db.change(_EMPTY, the_number=number)
            db.insert_many(order_lines, line_rows(number, lines))

        await self._transaction.run(write)

    async def payments(self, number: int) -> Sequence[Payment]:
        """Return the attempts at paying an order, the first one first."""
        rows = await self._transaction.run(lambda db: db.all(_PAYMENTS, the_number=number))
        return list(map(payment_of, rows))

    async def put_payment(self, payment: Payment, at: datetime, member_id: int) -> None:
        """Store an attempt as it is now, when and by whom it came to that, and what money came or went by it."""
        row: dict[str, Any] = {**payment_row(payment), "at": at, "author_id": member_id}

        def write(db: Scoped) -> None:
            former = db.first(_PAYMENT, the_number=payment.key.order, the_attempt=payment.key.attempt)
            if former is None:
                db.insert(order_payments, row)
            else:
                db.update_many(order_payments, ("number", "attempt"), [row])
            if came := payment.left - (payment_of(former).left if former else 0):
                db.insert(order_takings, taking_row(payment, came, at))

        await self._transaction.run(write)

    async def takings(self, since: datetime, until: datetime) -> Sequence[Taking]:
        """Add up the money that came and went from one instant to the next, by currency and method."""
        rows = await self._transaction.run(lambda db: db.all(_TAKINGS, since=since, until=until))
        return list(map(taking_of, rows))

    async def erase(self, numbers: Sequence[int]) -> None:
        """Delete orders (any count) as if there had never been any, with what they sold: an example's, no others'."""

        def write(db: Scoped) -> None:
            for some in chunks(numbers):
                named = [f"{what}order {number}" for number in some for what in ("", *_BACK)]
                for statement in _ERASE:
                    db.change(statement, numbers=some)
                for references in chunks(named):
                    db.change(_UNSELL, the_area=ORDER_NAMES.area, references=references)
            renew(db, sale_lines)

        await self._transaction.run(write)


class OrderTerms(NumberedItems[Terms]):
    """The repository of terms."""

    kind: Kind[Terms] = Kind(table=order_terms, row_of=terms_row, item_of=terms_of, words=order_terms.c.tax_id)


class DiscountCodes(NumberedItems[DiscountCode]):
    """The repository of discount codes."""

    kind: Kind[DiscountCode] = Kind(table=discount_codes, row_of=code_row, item_of=code_of, words=discount_codes.c.code)

    async def called(self, code: str, audience: Audience) -> DiscountCode | None:
        """Return the code of that word, which is in capital letters."""
        found = await self._get_many(discount_codes.c.code, [code], audience)
        return found[0] if found else None

    async def all(self, audience: Audience) -> Sequence[DiscountCode]:
        """Return all codes by their words."""
        return sorted(await self._all({}, audience), key=lambda code: code.code)


def _narrowed(wanted: OrderFilter) -> dict[str, Any]:
    found: dict[str, Any] = {"placed": None} if wanted.status is None else {"status": wanted.status.value}
    if wanted.customer:
        found["customer"] = f"%{literal(sort_key(wanted.customer))}%"
    return found
