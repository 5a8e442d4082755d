"""What reports tell of goods: sums of products beside what was sold of them, which lines of sales name by their SKU."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Row, bindparam, literal_column

from adapters.storage.repositories.sales.table import sale_lines
from adapters.storage.repositories.stock.rows import product_of
from adapters.storage.repositories.stock.tables import movements, products
from adapters.storage.repositories.stock.worth import parts_of, worth
from adapters.storage.schema.column_types import Money
from adapters.storage.work import scope
from adapters.storage.work.transaction import Transaction
from core.dates.ranges import Range
from core.stock.figures import Attention, AttentionSums, SoldGoods
from core.stock.model import MovementKind

_NONE: ColumnElement[int] = literal_column("0", sa.BigInteger())
_ONE: ColumnElement[int] = literal_column("1", sa.BigInteger())
_UNNAMED: ColumnElement[str] = literal_column("''")
_A_SALE: ColumnElement[str] = literal_column(f"'{MovementKind.SALE.value}'")


def _date(name: str) -> ColumnElement[date]:
    return bindparam(name, type_=sa.Date())


def _where(condition: ColumnElement[bool], amount: ColumnElement[Any], name: str) -> sa.Label[Any]:
    """Return the sum of what is so."""
    return sa.func.sum(sa.case((condition, amount), else_=_NONE)).label(name)


_s, _m = sale_lines.c, movements.c
_WITHIN = _s.business_date.between(_date("the_first"), _date("the_last"))

# --- what is to be looked at ---------------------------------------------------

_SOLD = scope.select(sale_lines, _s.product).where(_WITHIN, _s.quantity > _NONE).group_by(_s.product).subquery()
_HERE = scope.select(products).where(products.c.removed_at.is_(None)).subquery()
_p = _HERE.c
_IS_LOW = _p.shortfall >= _NONE
_IS_DEAD = sa.and_(_p.on_hand > _NONE, _p.added_on < _date("the_first"), _SOLD.c.product.is_(None))
_BESIDE_SALES = _HERE.outerjoin(_SOLD, _SOLD.c.product == _p.sku)
_PIECES, _MISSING = sa.cast(_p.on_hand, sa.BigInteger), _p.shortfall - _p.on_order
_WHOLE, _REST = (sa.func.coalesce(part, _NONE) for part in parts_of(_PIECES, _p.price))
_LAST_SALE = (
    scope.select(movements, sa.func.max(_m.business_date))
    .where(_m.number == _p.number, _m.kind == _A_SALE, _m.quantity < _NONE)
    .correlate(_HERE)
    .scalar_subquery()
)
_ATTENTION = scope.over(
    sa.select(
        *_p,
        sa.case((_IS_LOW, _ONE), else_=_NONE).label("is_low"),
        sa.case((_IS_DEAD, _ONE), else_=_NONE).label("is_dead"),
        _LAST_SALE.label("sold_on"),
    )
    .select_from(_BESIDE_SALES)
    .where(sa.or_(_IS_LOW, _IS_DEAD))
    .order_by(
        sa.case((_IS_LOW, _NONE), else_=_ONE),
        sa.case((_IS_LOW, _p.shortfall), else_=_NONE).desc(),
        _WHOLE.desc(),
        _p.number,
    )
    .limit(bindparam("at_most"))
)
_SUMS = scope.over(
    sa.select(
        sa.func.count().label("products"),
        _where(_IS_LOW, _ONE, "low"),
        _where(sa.and_(_IS_LOW, _MISSING > _NONE), _MISSING, "to_order"),
        _where(_IS_DEAD, _ONE, "dead"),
        _where(_IS_DEAD, _PIECES, "pieces"),
        _where(_IS_DEAD, _WHOLE, "whole"),
        _where(_IS_DEAD, _REST, "rest"),
    )
    .select_from(_BESIDE_SALES)
    .where(sa.or_(_IS_LOW, _IS_DEAD))
)
_o = products.c
_IN_WHOLE, _IN_REST = map(sa.func.sum, parts_of(_o.on_hand, _o.price))
_CATEGORIES = (
    scope.select(products, sa.func.min(_o.category).label("category"), _IN_WHOLE.label("whole"), _IN_REST.label("rest"))
    .where(_o.removed_at.is_(None), _o.on_hand > _NONE)
    .group_by(_o.category_sort)
)

# --- what is earned ------------------------------------------------------------

_NET = sa.type_coerce(_s.amount - sa.case((_s.tax_included == sa.true(), _s.tax), else_=_NONE), Money())
_IS_KEPT = _s.cost.is_not(None)
_GROUPED = (
    scope.select(
        sale_lines,
        _s.product,
        _s.currency,
        sa.func.min(sa.case((_s.product_name != _UNNAMED, _s.product_name))).label("name"),
        _where(_IS_KEPT, _NET, "amount"),
        sa.func.sum(sa.func.coalesce(_s.cost, _NONE)).label("cost"),
        _where(~_IS_KEPT, _NET, "rest"),
        _where(~_IS_KEPT, _s.quantity, "pieces"),
        sa.func.count().label("lines"),
    )
    .where(_WITHIN)
    .group_by(_s.product, _s.currency)
    .subquery()
)
_COSTS = scope.select(products, _o.sku, _o.cost.label("cost_now")).where(_o.removed_at.is_(None)).subquery()
_MARGINS = scope.over(
    sa.select(*_GROUPED.c, _COSTS.c.cost_now).select_from(
        _GROUPED.outerjoin(_COSTS, _COSTS.c.sku == _GROUPED.c.product)
    )
)


class StockFigures:
    """The repository of goods, in figures."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def attention(self, within: Range, limit: int) -> Sequence[Attention]:
        """Return products that are low, and those of which nothing was sold on some days, though they lay there."""
        asked = {**_days(within), "at_most": limit}
        return list(map(_attention, await self._transaction.run(lambda db: db.all(_ATTENTION, **asked))))

    async def sums(self, within: Range) -> AttentionSums:
        """Add those up."""
        row = await self._transaction.run(lambda db: db.first(_SUMS, **_days(within)))
        if row is None or not row.products:
            return AttentionSums(Decimal(0))
        counts = map(int, (row.products, row.low, row.to_order, row.dead, row.pieces))
        return AttentionSums(worth(row.whole, row.rest), *counts)

    async def categories(self) -> Sequence[tuple[str, Decimal]]:
        """Return what the goods of each category are worth, the most first."""
        rows = await self._transaction.run(lambda db: db.all(_CATEGORIES))
        return sorted(((row.category, worth(row.whole, row.rest)) for row in rows), key=lambda one: (-one[1], one[0]))

    async def sold(self, within: Range) -> Sequence[SoldGoods]:
        """Add up what was sold of each product on some days, beside what it had cost."""
        rows = await self._transaction.run(lambda db: db.all(_MARGINS, **_days(within)))
        return list(map(_sold, rows))


def _days(within: Range) -> dict[str, date]:
    return {"the_first": within.first, "the_last": within.last}


def _attention(row: Row[Any]) -> Attention:
    return Attention(product_of(row), bool(row.is_low), bool(row.is_dead), row.sold_on)


def _sold(row: Row[Any]) -> SoldGoods:
    return SoldGoods(
        row.product,
        row.name or "",
        row.currency,
        row.amount,
        row.cost,
        row.rest,
        row.pieces,
        int(row.lines),
        row.cost_now,
    )
