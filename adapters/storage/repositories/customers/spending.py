"""What was sold to each customer, added up by one statement."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import bindparam, literal_column

from adapters.storage.repositories.customers.naming import NAMED
from adapters.storage.repositories.sales.table import sale_lines
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from core.customers.model import Spending

_s = sale_lines.c

_SOLD = (
    scope.select(sale_lines, _s.customer.label("code"), sa.func.sum(_s.amount).label("amount"))
    .where(_s.customer != literal_column("''"), _s.currency == bindparam("the_currency", type_=_s.currency.type))
    .group_by(_s.customer)
    .subquery()
    .c
)


_SUM = sa.func.sum(_SOLD.amount)
_OVER = scope.over(
    sa.select(NAMED.c.number, _SUM.label("amount"))
    .where(_SOLD.code == NAMED.c.said)
    .group_by(NAMED.c.number)
    .having(bindparam("the_sum", type_=_s.amount.type) < _SUM)
    .order_by(_SUM.desc(), NAMED.c.number)
    .limit(bindparam("at_most"))
)


def spending(db: Scoped, over: Decimal, currency: str, limit: int) -> Sequence[Spending]:
    """Return what is more than a sum, the largest first."""
    rows = db.all(_OVER, the_sum=over, the_currency=currency, at_most=limit)
    return [Spending(row.number, row.amount) for row in rows]
