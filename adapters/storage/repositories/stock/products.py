"""The products of one workspace."""

from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, literal_column

from adapters.storage.engine.dialects.patterns import ESCAPE, literal
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import Kind, Narrowed, matching, question
from adapters.storage.repositories.searched import Searched, SearchedItems
from adapters.storage.repositories.stock.rows import (
    first_movement,
    movement_row,
    new_row_of,
    product_of,
    row_of,
    search_terms_of,
)
from adapters.storage.repositories.stock.tables import movements, products
from adapters.storage.repositories.stock.worth import parts_of, worth
from adapters.storage.schema.text_forms import sort_key
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from core.shared.money import amount_of
from core.shared.paging import Page
from core.shared.searching import Hits, Sought
from core.stock.model import CATEGORY_LIMIT, NAME_LIMIT, SKU_LIMIT, Product, ProductFilter, StockValue
from core.workspaces.model import Audience

_p = products.c

KIND: Kind[Product] = Kind(
    table=products,
    row_of=row_of,
    item_of=product_of,
    words=_p.words,
    conditions={
        "category": _p.category_sort == bindparam("in_category", type_=_p.category_sort.type),
        "least": _p.price >= bindparam("in_least", type_=_p.price.type),
        "most": _p.price <= bindparam("in_most", type_=_p.price.type),
        "in_stock": _p.on_hand > _p.reserved,
        # In the words of the index.
        "low": _p.shortfall >= literal_column("0"),
        "at_most": sa.and_(
            _p.on_hand - _p.reserved <= bindparam("in_at_most", type_=sa.Integer()), _p.is_discontinued == sa.false()
        ),
        "sku": _p.sku == bindparam("in_sku", type_=_p.sku.type),
        "called": sa.or_(
            _p.sku_sort == bindparam("in_called", type_=_p.sku_sort.type),
            _p.name_sort == bindparam("in_called", type_=_p.name_sort.type),
        ),
    },
)
_BY_NAME = Order((_p.name_sort, _p.number))
_BY_SHORTFALL = Order((_p.shortfall, _p.number), descending=True)

_LEVEL = sa.case(
    (sa.or_(_p.reorder_level.is_(None), _p.is_discontinued == sa.true()), sa.null()),
    else_=_p.reorder_level - _p.on_hand + _p.reserved,
)
_SHORTFALL = scope.update(products).where(_p.number.in_(bindparam("numbers", expanding=True))).values(shortfall=_LEVEL)
_LIKE = scope.select(products, _p.sku).where(
    _p.sku.like(bindparam("begins", type_=sa.String()), escape=ESCAPE), _p.removed_at.is_(None)
)


def _worth(amount: sa.ColumnElement[Any], name: str) -> tuple[sa.Label[Any], sa.Label[Any]]:
    """Return what all pieces are worth, in two sums."""
    whole, rest = map(sa.func.sum, parts_of(_p.on_hand, amount))
    return whole.label(f"{name}_whole"), rest.label(f"{name}_rest")


_VALUE = scope.select(
    products,
    sa.func.count().label("products"),
    sa.func.sum(sa.cast(_p.on_hand, sa.BigInteger)).label("pieces"),
    *_worth(_p.price, "value"),
    *_worth(_p.cost, "cost"),
    sa.func.count(_p.price).label("priced"),
    sa.func.count(_p.cost).label("costed"),
).where(_p.removed_at.is_(None), _p.on_hand > literal_column("0"))


class Products(SearchedItems[Product]):
    """The repository of products."""

    kind, searched = KIND, Searched(1, search_terms_of)

    async def page(
        self, wanted: ProductFilter, audience: Audience, *, cursor: str = "", limit: int = 10
    ) -> Page[Product]:
        """Return a page, by name; raises `InvalidArgumentError` (`cursor`) for a cursor that no such page has."""
        return await self._page(_narrowed(wanted), audience, _BY_NAME, cursor=cursor, limit=limit)

    async def low(self, level: int | None, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Product]:
        """Return a page of those at or below their reorder level, or that one, without discontinued ones.

        Those come first of which most is missing. Raises as `page` does.
        """
        narrowed, order = ({"low": None}, _BY_SHORTFALL) if level is None else ({"at_most": level}, _BY_NAME)
        return await self._page(narrowed, audience, order, cursor=cursor, limit=limit)

    async def search(self, asked: Sought, audience: Audience, *, cursor: str = "", limit: int = 10) -> Hits[Product]:
        """Return a page of what is found by SKU, name, category, tags and description; raises as `page` does."""
        return await self._search(asked, audience, cursor=cursor, limit=limit)

    async def called(self, word: str, audience: Audience) -> Sequence[Product]:
        """Return those of a SKU, letter by letter, or else those of such a SKU or name in any case."""
        exact, parameters = question(KIND, {"sku": word}, audience)
        alike, others = question(KIND, {"called": sort_key(word, NAME_LIMIT)}, audience)

        def read(db: Scoped) -> list[Product]:
            rows = db.all(matching(exact), **parameters) or db.all(matching(alike).order_by(_p.number), **others)
            return list(map(product_of, rows))

        return await self._transaction.run(read)

    async def by_sku(self, skus: Sequence[str], audience: Audience) -> Sequence[Product]:
        """Return those of some SKUs (any count), letter by letter."""
        return await self._get_many(_p.sku, skus, audience)

    async def free_sku(self, sku: str) -> str:
        """Return a SKU that nothing has: that one, or one with a number behind it."""
        begun = sku[: SKU_LIMIT - _LONGEST_ENDING]
        rows = await self._transaction.run(lambda db: db.all(_LIKE, begins=f"{literal(begun)}%"))
        taken = {row.sku for row in rows}
        numbered = (f"{begun}-{count}" for count in _COUNTING)
        return next(one for one in chain((sku,), numbered) if one not in taken)

    def stream(
        self, wanted: ProductFilter, audience: Audience, *, chunk: int = 1000
    ) -> AsyncIterator[Sequence[Product]]:
        """Yield all such products by number, in chunks."""
        return self._walk(_narrowed(wanted), audience, chunk=chunk)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Product]:
        """Return products whose number, SKU or a word of whose name starts so, for completion."""
        return await self._suggest(prefix, {}, audience, _BY_NAME, limit=limit)

    async def value(self) -> StockValue:
        """Return what all goods are worth, by one statement."""
        row = await self._transaction.run(lambda db: db.first(_VALUE))
        if row is None or not row.products:
            return StockValue(0, 0, amount_of(0), amount_of(0), 0, 0)
        value, cost = worth(row.value_whole, row.value_rest), worth(row.cost_whole, row.cost_rest)
        unpriced, uncosted = row.products - row.priced, row.products - row.costed
        return StockValue(row.products, int(row.pieces), value, cost, unpriced, uncosted)

    def _laid_out(self, items: Sequence[Product]) -> Additions:
        additions = Additions()
        additions.insert(products, map(new_row_of, items))
        additions.insert(movements, (movement_row(first_movement(one)) for one in items if one.on_hand))
        return self._with_terms(additions, items)

    def _changed(self, db: Scoped, items: Sequence[Product], former: Mapping[int, Product]) -> None:
        super()._changed(db, items, former)
        for some in chunks(item.number for item in items):
            db.change(_SHORTFALL, numbers=some)


_LONGEST_ENDING = 8
_COUNTING = range(2, 10**6)


def _narrowed(wanted: ProductFilter) -> Narrowed:
    asked = {
        "category": sort_key(wanted.category, CATEGORY_LIMIT) or None,
        "least": wanted.least,
        "most": wanted.most,
    }
    found: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    return {**found, "in_stock": None} if wanted.in_stock else found
