"""What was sold to each customer, added up by one statement."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, literal_column

from adapters.storage.repositories.customers.table import customers
from adapters.storage.repositories.sales.table import sale_lines
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.customers.model import Spending

_c, _s = customers.c, sale_lines.c

_SOLD = (
    scope.select(sale_lines, _s.customer.label("code"), sa.func.sum(_s.amount).label("amount"))
    .where(_s.customer != literal_column("''"), _s.currency == bindparam("the_currency", type_=_s.currency.type))
    .group_by(_s.customer)
    .subquery()
    .c
)


def _known_by(code: ColumnElement[str]) -> sa.Select[tuple[int, str]]:
    return scope.select(customers, _c.number, code.label("code")).where(_c.removed_at.is_(None))


_KNOWN = sa.union_all(*map(_known_by, (_c.username, _c.email, _c.code))).subquery().c

_SUM = sa.func.sum(_SOLD.amount)
_OVER = scope.over(
    sa.select(_KNOWN.number, _SUM.label("amount"))
    .where(_SOLD.code == _KNOWN.code)
    .group_by(_KNOWN.number)
    .having(bindparam("the_sum", type_=_s.amount.type) < _SUM)
    .order_by(_SUM.desc(), _KNOWN.number)
    .limit(bindparam("at_most"))
)


def spending(db: Scoped, over: Decimal, currency: str, limit: int) -> Sequence[Spending]:
    """Return what is more than a sum, the largest first."""
    rows = db.all(_OVER, the_sum=over, the_currency=currency, at_most=limit)
    return [Spending(row.number, row.amount) for row in rows]
