"""Tables of what texts look like, each pattern with what builds the value of a text that has its shape."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

B = TypeVar("B")


class Shapes(Generic[B]):
    """Patterns in the order in which they are tried, compiled when the first text is looked at."""

    def __init__(self, *rows: tuple[str, B]) -> None:
        """Take patterns, each with its builder."""
        self._rows = rows

    @cached_property
    def _compiled(self) -> list[tuple[re.Pattern[str], B]]:
        return [(re.compile(pattern), build) for pattern, build in self._rows]

    def matching(self, text: str) -> Iterator[tuple[re.Match[str], B]]:
        """Yield how the whole text matches, with the builder, for every pattern that it has the shape of."""
        for pattern, build in self._compiled:
            if match := pattern.fullmatch(text):
                yield match, build


def any_of(words: Iterable[str]) -> str:
    """Return the alternatives of a pattern, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))
