"""Stored answers without the name of somebody who was forgotten; pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.shared.naming import handle

SOMEBODY = "somebody"

_WRITTEN_SPANS = frozenset({"bold", "code", "link"})
_WRITTEN = frozenset({"command", "then", "choices", "fixed"})
"""Where people's own words are, in which a name is no more than a word unless it is all or behind an `@`."""

_BEGINS = re.compile(r"(?:\A|[\n.:!?•“] ?|#\d+ )\Z")
_DOES = re.compile(r"\Z|[^\w\s]| (?:\w+ed|gave|made|put|took|undid|and|has|is|was|will)\b")
"""What comes behind the name of somebody of whom a sentence tells."""


@dataclass(frozen=True)
class Nameless:
    """Takes somebody's name and address out of what was answered; what people wrote themselves stays as it is.

    `others` are the names of those who stay.
    """

    member_id: int
    name: str
    email: str
    others: frozenset[str]

    def may_tell(self, stored: str) -> bool:
        """Tell quickly whether a stored text has to be looked into."""
        return any(sign in stored for sign in self._signs)

    def answer(self, stored: str) -> str:
        """Return the JSON of an answer, or of what holds some, without them."""
        return json.dumps(self._without(json.loads(stored)), ensure_ascii=False, separators=(",", ":"))

    def written(self, words: str) -> str:
        """Return what somebody wrote, where they are neither mentioned nor named by their address."""
        if words and words == self.name:
            return SOMEBODY
        words = self._mentioned.sub(lambda found: self._other(found[1], f"@{SOMEBODY}") or found[0], words)
        return words.replace(self.email, "") if self.email else words

    def _told(self, words: str) -> str:
        """Return words of ours without them."""
        return self._named.sub(self._of_sentence, self.written(words))

    @cached_property
    def _signs(self) -> frozenset[str]:
        parts = {self.name, self.email, handle(self.name)} - {""}
        return frozenset(json.dumps(part, ensure_ascii=False)[1:-1] for part in parts) | {
            *parts,
            f'"member_id":{self.member_id},',
        }

    @cached_property
    def _mentioned(self) -> "re.Pattern[str]":
        return re.compile(rf"@({self._names(self.name, handle(self.name))})(?![\w-])")

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
        if re.search(r"\d \Z", before) or re.match(r" \d", after):
            return False
        return bool(_DOES.match(after)) or not _BEGINS.search(before)

    def _without(self, value: object, *, is_written: bool = False) -> object:
        if isinstance(value, str):
            return self.written(value) if is_written else self._told(value)
        if isinstance(value, list):
            return [self._without(one, is_written=is_written) for one in value]
        return self._part(value, is_written=is_written) if isinstance(value, dict) else value

    def _part(self, part: Mapping[str, Any], *, is_written: bool) -> Mapping[str, Any]:
        kind = part.get("kind")
        if kind == "mention" and part.get("member_id") == self.member_id:
            return {**part, "name": SOMEBODY}
        done: dict[str, Any] = {}
        if "rows" in part:
            done["rows"] = [self._row(row, part["columns"]) for row in part["rows"]]
        if "value" in part:
            done["value"] = self._cell(part["value"], kind)
        is_written = is_written or kind in _WRITTEN_SPANS
        rest = {name: value for name, value in part.items() if name not in done}
        return {
            **{name: self._without(value, is_written=is_written or name in _WRITTEN) for name, value in rest.items()},
            **done,
        }

    def _row(self, row: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        cells = [self._cell(cell, column["kind"]) for cell, column in zip(row["cells"], columns, strict=False)]
        return {**row, "cells": cells, "actions": self._without(row["actions"])}

    def _cell(self, value: object, kind: object) -> object:
        """Return a value of a field or a table: text of its own is what people wrote, unless it is made of people."""
        return self._without(value, is_written=isinstance(value, str) and kind != "people")
