"""How records are searched: what somebody looks for, and what was found."""

from typing import Generic, TypeVar

from core.shared.errors import InvalidArgumentError
from core.shared.paging import Page
from core.shared.readable import within
from core.shared.terms import folded, whole_term, words_of
from core.shared.value_objects import value_object

T = TypeVar("T")

TEXT_LIMIT, WORDS_LIMIT = 200, 8
"""Characters, and words, that are looked for at most."""
HITS_LIMIT = 500
"""Records that are held against each other for one search."""


@value_object
class Sought:
    """What somebody looks for: the text as it is compared, the terms that all have to be there, and all of it as one.

    The beginnings of terms are enough.
    """

    text: str
    words: tuple[str, ...]
    whole: str


@value_object
class Hits(Generic[T]):
    """A page of what was found, the likeliest first.

    If it `is_near`, nothing was found, and these are spelt alike or have some of the words. If it `is_cut`, there is
    more, which nobody looked at.
    """

    page: Page[T]
    is_near: bool = False
    is_cut: bool = False


def sought(text: str, argument: str = "text") -> Sought:
    """Return what a text looks for; raises `InvalidArgumentError` (`nothing_to_find`, `text_too_long`).

    Of more words than are looked for the first ones count.
    """
    plain = folded(within(argument, text, TEXT_LIMIT))
    words = tuple(dict.fromkeys(words_of(plain, lasts=False)))[:WORDS_LIMIT]
    if not words:
        raise InvalidArgumentError(argument, "nothing_to_find")
    return Sought(" ".join(plain.split()), words, whole_term(text))
