"""Stored answers without what was known of a customer who was forgotten; pure."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from core.chat.rewriting import Rewriting

SOMEBODY = "somebody"
_ABOUT_CUSTOMERS = re.compile("customer", re.IGNORECASE)


@dataclass(frozen=True)
class Erased(Rewriting):
    """Takes usernames, and texts such as e-mail and postal addresses, out of what was answered, in any case.

    A username may be a word as any other: it goes only where a stored text is about customers, or tells of them by one
    of the texts.
    """

    usernames: frozenset[str]
    texts: frozenset[str]

    def may_tell(self, stored: str) -> bool:
        """Tell quickly whether a stored text has to be looked into."""
        if self._of_texts.search(stored):
            return True
        return bool(self._of_all.search(stored) and _ABOUT_CUSTOMERS.search(stored))

    def written(self, words: str) -> str:
        """Return words without any of it."""
        return self._of_all.sub(SOMEBODY, words)

    @cached_property
    def _of_texts(self) -> "re.Pattern[str]":
        return _pattern(self.texts)

    @cached_property
    def _of_all(self) -> "re.Pattern[str]":
        return _pattern(self.usernames | self.texts)


def _pattern(texts: Iterable[str]) -> "re.Pattern[str]":
    """Return what finds texts as words of their own, as they are, on one line, and as JSON has them."""
    plain = {form for text in texts for form in (text, " ".join(text.split())) if form}
    quoted = {json.dumps(text, ensure_ascii=is_ascii)[1:-1] for text in plain for is_ascii in (False, True)}
    told = plain | quoted
    longest_first = "|".join(map(re.escape, sorted(told, key=lambda form: (-len(form), form))))
    return re.compile(rf"(?<![\w@.-])(?:{longest_first})(?![\w@-]|\.\w)" if told else r"(?!)", re.IGNORECASE)
