"""Products and movements as rows and back."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row

from adapters.storage.schema.text_forms import sort_key, storable
from core.shared.terms import terms_of
from core.stock.model import (
    CATEGORY_LIMIT,
    NAME_LIMIT,
    REASON_LIMIT,
    REFERENCE_LIMIT,
    SKU_LIMIT,
    Movement,
    MovementKind,
    Product,
)

_BETWEEN = "\n"
"""What stands between the tags of a product, none of which has it."""


def row_of(product: Product) -> dict[str, Any]:
    """Return the columns of a product, but for those that its ledger has."""
    sku, name, category = storable(product.sku), storable(product.name), storable(product.category)
    sku_sort, name_sort = sort_key(sku, SKU_LIMIT), sort_key(name, NAME_LIMIT)
    return {
        "number": product.number,
        "author_id": product.author_id,
        "created_at": product.created_at,
        "version": product.version,
        "removed_at": product.removed_at,
        "sku": sku,
        "sku_sort": sku_sort,
        "name": name,
        "name_sort": name_sort,
        "words": f"{sku_sort} {name_sort}",
        "description": storable(product.description),
        "category": category,
        "category_sort": sort_key(category, CATEGORY_LIMIT),
        "tags": storable(_BETWEEN.join(product.tags)),
        "price": product.price,
        "cost": product.cost,
        "reorder_level": product.reorder_level,
        "is_discontinued": product.is_discontinued,
        "on_order": product.on_order,
        "expected_on": product.expected_on,
        "weight": product.weight,
        "dimensions": storable(product.dimensions),
        "added_on": product.added_on,
    }


def new_row_of(product: Product) -> dict[str, Any]:
    """Return all columns of a product that was not there before."""
    level = None if product.is_discontinued else product.reorder_level
    return {
        **row_of(product),
        "on_hand": product.on_hand,
        "reserved": product.reserved,
        "elsewhere": product.elsewhere,
        "source": product.source or None,
        "shortfall": None if level is None else level - product.available,
    }


def product_of(row: Row[Any]) -> Product:
    """Return the product of a row."""
    return Product(
        number=row.number,
        sku=row.sku,
        name=row.name,
        author_id=row.author_id,
        created_at=row.created_at,
        added_on=row.added_on,
        description=row.description,
        category=row.category,
        tags=tuple(row.tags.split(_BETWEEN)) if row.tags else (),
        price=row.price,
        cost=row.cost,
        reorder_level=row.reorder_level,
        is_discontinued=bool(row.is_discontinued),
        on_order=row.on_order,
        expected_on=row.expected_on,
        weight=row.weight,
        dimensions=row.dimensions,
        version=row.version,
        removed_at=row.removed_at,
        on_hand=row.on_hand,
        reserved=row.reserved,
        elsewhere=row.elsewhere,
        source=row.source or "",
    )


def search_terms_of(product: Product) -> Collection[str]:
    """Return the terms by which a product is searched."""
    known = (product.sku, product.name, *product.tags, product.category, product.description)
    return () if product.removed_at else terms_of(known, (product.sku, product.name))


def movement_row(movement: Movement) -> dict[str, Any]:
    """Return the columns of an entry that is to be stored."""
    return {
        "number": movement.number,
        "kind": movement.kind.value,
        "quantity": movement.quantity,
        "at": movement.at,
        "business_date": movement.business_date,
        "author_id": movement.member_id,
        "reason": storable(movement.reason, REASON_LIMIT),
        "reference": storable(movement.reference, REFERENCE_LIMIT),
        "location": storable(movement.location),
        "price": movement.price,
    }


def movement_of(row: Row[Any]) -> Movement:
    """Return the entry of a row."""
    return Movement(
        number=row.number,
        kind=MovementKind(row.kind),
        quantity=row.quantity,
        at=row.at,
        business_date=row.business_date,
        member_id=row.author_id,
        reason=row.reason,
        reference=row.reference,
        location=row.location,
        price=row.price,
        id=row.id,
    )


def first_movement(product: Product) -> Movement:
    """Return the entry that says what there was of a product when it was added."""
    return Movement(
        number=product.number,
        kind=MovementKind.RESTOCK,
        quantity=product.on_hand,
        at=product.created_at,
        business_date=product.added_on,
        member_id=product.author_id,
        price=product.cost,
    )
