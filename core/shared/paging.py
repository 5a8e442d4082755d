"""Pages of long lists, by keyset: a page starts beside the last row seen, however deep it lies."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from core.shared.value_objects import value_object

T = TypeVar("T")

COUNT_LIMIT = 1000
"""Rows are counted up to here; a longer list says "more than 1,000", so its cost does not grow with it."""


@value_object
class Page(Generic[T]):
    """Some rows, the cursors (opaque text) of the pages around them, and how many there are in all and before them.

    Both counts stop at `COUNT_LIMIT + 1`, which means "more than `COUNT_LIMIT`".
    """

    items: Sequence[T]
    next_cursor: str | None
    previous_cursor: str | None
    total: int
    before: int = 0
