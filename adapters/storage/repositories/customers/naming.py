"""Customers by what sales name them by: their username, their e-mail address, or their code."""

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from adapters.storage.repositories.customers.table import customers
from adapters.storage.work import scope

_c = customers.c


def _named_by(said: ColumnElement[str]) -> sa.Select[tuple[str, int, str, str]]:
    return scope.select(customers, said.label("said"), _c.number, _c.code, _c.username).where(_c.removed_at.is_(None))


NAMED = sa.union_all(*map(_named_by, (_c.username, _c.email, _c.code))).subquery()
"""Each customer three times, by what is `said` in a sale: no two customers have the same."""
