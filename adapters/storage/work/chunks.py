"""Many things a few at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

NAMED = 500
"""Numbers named in one statement; databases limit the parameters of a statement."""


def chunks(items: Iterable[T], size: int = NAMED) -> Iterator[list[T]]:
    """Cut items into lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
