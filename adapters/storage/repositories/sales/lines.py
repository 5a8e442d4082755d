"""The sale lines of one workspace."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, bindparam, literal_column

from adapters.storage.schema.sale_table import sale_lines
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.sales.model import SaleLine

_s = sale_lines.c

_NAMES = tuple(column.name for column in sale_lines.columns if column.name not in ("workspace_id", "id"))
_VALUES = attrgetter(*_NAMES)

_BETWEEN = (
    scope.select(sale_lines)
    .where(
        _s.business_date.between(bindparam("the_first"), bindparam("the_last")),
        (_s.business_date > bindparam("the_day")) | (_s.id > bindparam("after")),
    )
    .order_by(_s.business_date, _s.id)
    .limit(bindparam("at_most"))
)
_OF_BATCH = (
    scope.select(sale_lines, _s.id)
    .where(_s.batch == bindparam("the_batch"), _s.batch != literal_column("''"))
    .order_by(_s.id)
    .limit(bindparam("at_most"))
)
_REMOVE = scope.delete(sale_lines).where(_s.id.in_(bindparam("the_lines", expanding=True)))


class Sales:
    """The repository of sale lines."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, lines: Sequence[SaleLine]) -> None:
        """Insert lines at the latest when the unit of work commits."""
        self._transaction.add(Additions({sale_lines: [_row(line) for line in lines]}))

    async def between(self, first: date, last: date, *, chunk: int = 1000) -> AsyncIterator[Sequence[SaleLine]]:
        """Yield the lines of those days, both included, in the order of days, without holding more than a chunk."""
        day, after = first, 0
        while True:
            asked = {"the_first": day, "the_last": last, "the_day": day, "after": after, "at_most": chunk}
            rows = await self._transaction.run(lambda db, asked=asked: db.all(_BETWEEN, **asked))  # type: ignore[misc]
            if rows:
                yield [_line(row) for row in rows]
            if len(rows) < chunk:
                return
            day, after = rows[-1].business_date, rows[-1].id

    async def remove_batch(self, batch: str, limit: int) -> int:
        """Remove up to so many lines that came in a batch, and return how many there were."""

        def remove(db: Scoped) -> int:
            found = db.all(_OF_BATCH, the_batch=batch, at_most=limit)
            return sum(db.change(_REMOVE, the_lines=some) for some in chunks(row.id for row in found))

        return await self._transaction.run(remove)


def _row(line: SaleLine) -> dict[str, Any]:
    values = (storable(value) if isinstance(value, str) else value for value in _VALUES(line))
    return dict(zip(_NAMES, values, strict=True))


def _line(row: Row[Any]) -> SaleLine:
    return SaleLine(**{name: getattr(row, name) for name in _NAMES})
