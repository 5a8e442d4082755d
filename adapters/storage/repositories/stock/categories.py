"""What is known of the categories of one workspace."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from adapters.storage.repositories.kinds import Kind
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.repositories.stock.tables import categories, products
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from core.stock.model import Category
from core.workspaces.model import Audience


def _row(category: Category) -> dict[str, Any]:
    return {
        "number": category.number,
        "author_id": category.author_id,
        "created_at": category.created_at,
        "version": category.version,
        "removed_at": category.removed_at,
        "name": storable(category.name),
        "address": storable(category.address),
        "is_active": category.is_active,
    }


def _category(row: Row[Any]) -> Category:
    known = row.name, row.address, row.is_active
    return Category(row.number, row.author_id, row.created_at, *known, row.version, row.removed_at)


_p = products.c
_USED = (
    scope.select(products, sa.func.min(_p.category).label("category"), sa.func.count().label("products"))
    .where(_p.removed_at.is_(None), _p.category_sort != sa.literal("", type_=_p.category_sort.type))
    .group_by(_p.category_sort)
)


class Categories(NumberedItems[Category]):
    """The repository of categories."""

    kind: Kind[Category] = Kind(table=categories, row_of=_row, item_of=_category, words=categories.c.name)

    async def all(self, audience: Audience) -> Sequence[Category]:
        """Return all of which something is known, by their names."""
        return sorted(await self._all({}, audience), key=lambda category: category.form)

    async def used(self) -> Sequence[tuple[str, int]]:
        """Return the categories that products have, and how many have them."""
        rows = await self._transaction.run(lambda db: db.all(_USED))
        return [(row.category, row.products) for row in rows]
