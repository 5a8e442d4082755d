"""Stored answers without the name of somebody who was forgotten; pure."""

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property

from core.chat.reply import Cell, ColumnKind
from core.chat.rewriting import Rewriting
from core.chat.text import Mention
from core.shared.naming import ME, handle

SOMEBODY = "somebody"

_BEGINS = re.compile(r"(?:\A|[\n.:!?•“] ?|#\d+ )\Z")
_VERB = r" (?:\w+ed|gave|made|put|took|undid|and|has|is|was|will)\b"
_COUNTED = r" \d+[,.]"
_DOES = re.compile(rf"\Z|[^\w\s]|{_COUNTED}|{_VERB}")
"""What comes behind the name of somebody of whom a sentence tells."""

_ACTS = re.compile(rf"{_VERB}|{_COUNTED}|'s ")
_LISTS = re.compile(r"(?:\b(?:by|for|to|and)|[,·:]) \Z")
_ENDS = re.compile(rf"\Z|[.,](?:\s|\Z)|{_COUNTED}")
"""Where alone a name is meant that is a word as any other (`me`, `none`): it acts, or stands in a list of people."""

_SHORT = 3
_OF_DATES = frozenset(
    "january february march april may june july august september october november december"
    " monday tuesday wednesday thursday friday saturday sunday".split()
)
_OF_DATES |= {word[:3] for word in _OF_DATES}


@dataclass(frozen=True)
class Nameless(Rewriting):
    """Takes somebody's name and address out of what was answered; what people wrote themselves stays as it is.

    `others` are the names of those who stay. Of a name that somebody else has too, only what is surely theirs goes.
    """

    member_id: int
    name: str
    email: str
    others: frozenset[str]

    def may_tell(self, stored: str) -> bool:
        """Tell quickly whether a stored text has to be looked into."""
        return any(sign in stored for sign in self._signs)

    def written(self, words: str) -> str:
        """Return what somebody wrote, where they are neither mentioned nor named by their address."""
        return SOMEBODY if words and words == self.name and not self._is_shared else self.typed(words)

    def typed(self, words: str) -> str:
        """Return a command or what is typed in one, in which a word by itself may be one of ours."""
        words = self._mentioned.sub(lambda found: self._other(found[1], f"@{SOMEBODY}") or found[0], words)
        return words.replace(self.email, "") if self.email else words

    def told(self, words: str) -> str:
        """Return words of ours without them."""
        words = self.written(words)
        return words if self._is_shared else self._named.sub(self._of_sentence, words)

    @cached_property
    def _is_shared(self) -> bool:
        return handle(self.name) in map(handle, self.others)

    @cached_property
    def _is_word(self) -> bool:
        """Tell whether the name may stand anywhere as a word of its own."""
        return len(self.name) < _SHORT or (self.name.isalpha() and self.name.islower())

    @cached_property
    def _signs(self) -> frozenset[str]:
        parts = {self.name, self.email, handle(self.name)} - {""}
        return frozenset(json.dumps(part, ensure_ascii=False)[1:-1] for part in parts) | {
            *parts,
            f'"member_id":{self.member_id},',
        }

    @cached_property
    def _mentioned(self) -> "re.Pattern[str]":
        numbered = f"{handle(self.name)}#{self.member_id}"
        is_unsure = self._is_shared or handle(self.name) == ME
        own = (numbered,) if is_unsure else (numbered, self.name, handle(self.name))
        return re.compile(rf"@({self._names(*own)})(?![\w-])")

    @cached_property
    def _named(self) -> "re.Pattern[str]":
        return re.compile(rf"(?<![\w@-])({self._names(self.name)})(?![\w-])")

    def _names(self, *own: str) -> str:
        """Return a pattern of their names and of longer ones that have them in them: these are met first, and stay."""
        longer = (other for other in self.others if self.name in other and other != self.name)
        found = sorted(filter(None, {*own, *longer}), key=len, reverse=True)
        return "|".join(map(re.escape, found)) or r"(?!)"

    def _other(self, found: str, instead: str) -> str:
        return "" if found in self.others and found != self.name else instead

    def _of_sentence(self, found: "re.Match[str]") -> str:
        before, after = found.string[: found.start()], found.string[found.end() :]
        is_theirs = self._other(found[1], SOMEBODY) and self._is_name(before, after)
        return SOMEBODY if is_theirs else found[0]

    def _is_name(self, before: str, after: str) -> bool:
        """Tell a name that is a word (Will, May) from that word: it does something, and stands in no date."""
        if " " in self.name:
            return True
        in_date = re.search(r"\d \Z", before) or re.match(r" \d", after)
        if in_date and self.name.casefold() in _OF_DATES:
            return False
        if self._is_word:
            return bool(
                (_BEGINS.search(before) and _ACTS.match(after)) or (_LISTS.search(before) and _ENDS.match(after))
            )
        return bool(_DOES.match(after)) or not _BEGINS.search(before)

    def _mention(self, mention: Mention) -> Mention:
        return replace(mention, name=SOMEBODY) if mention.member_id == self.member_id else mention

    def _cell(self, value: Cell, kind: ColumnKind) -> Cell:
        if isinstance(value, str) and kind == "people" and self._is_word:
            return ", ".join(map(self.written, value.split(", ")))
        return super()._cell(value, kind)
