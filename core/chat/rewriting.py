"""Stored answers with other words in them: what people read of each part is put anew, and nothing else; pure."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from core.chat.reply import (
    Action,
    Cell,
    Chart,
    Choice,
    Column,
    ColumnKind,
    Field,
    FileLink,
    Form,
    FormField,
    Problem,
    Reply,
    Row,
    Series,
    Table,
)
from core.chat.text import Bold, Code, Link, Mention
from core.ports.records import Post

T = TypeVar("T")


class Rewriting(ABC):
    """Puts what is read of stored answers in other words."""

    @abstractmethod
    def may_tell(self, stored: str) -> bool:
        """Tell quickly whether a stored text has to be looked into."""

    @abstractmethod
    def written(self, words: str) -> str:
        """Return what somebody wrote, in other words."""

    def typed(self, words: str) -> str:
        """Return a command, or what is typed in one, in other words."""
        return self.written(words)

    def told(self, words: str) -> str:
        """Return words of ours in other ones."""
        return self.written(words)

    def answer(self, answer: T) -> T:
        """Return an answer, a part of one or what holds some in other words: what people read of it, no more."""
        return cast(T, self._part(answer))

    def _mention(self, mention: Mention) -> Mention:
        return mention

    def _part(self, part: object) -> object:
        if isinstance(part, str):
            return self.told(part)
        if isinstance(part, tuple):
            return tuple(self._part(one) for one in part)
        if isinstance(part, Mention):
            part = self._mention(part)
        if isinstance(part, Field):
            return replace(part, value=self._cell(part.value, part.kind))
        if isinstance(part, Table):
            part = replace(part, rows=tuple(self._row(row, part.columns) for row in part.rows))
        changed = {name: way(self, getattr(part, name)) for name, way in _READ.get(type(part), {}).items()}
        return replace(cast(Any, part), **changed) if changed else part

    def _row(self, row: Row, columns: Sequence[Column]) -> Row:
        cells = [self._cell(cell, column.kind) for cell, column in zip(row.cells, columns, strict=False)]
        rest = row.cells[len(cells) :]
        return replace(row, cells=(*cells, *rest), actions=self.answer(row.actions))

    def _cell(self, value: Cell, kind: ColumnKind) -> Cell:
        """Return a value of a field or a table: text of its own is what people wrote, unless it is made of people."""
        return self.written(value) if isinstance(value, str) and kind != "people" else self.answer(value)

    def _values(self, fixed: Mapping[str, str]) -> Mapping[str, str]:
        return {name: self.typed(value) for name, value in fixed.items()}

    def _choices(self, choices: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.typed, choices))

    def _labels(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.written, labels))

    def _next(self, command: str | None) -> str | None:
        return command and self.typed(command)


def _told(way: Rewriting, words: str) -> str:
    return way.told(words)


def _written(way: Rewriting, words: str) -> str:
    return way.written(words)


def _typed(way: Rewriting, words: str) -> str:
    return way.typed(words)


_part, _labels, _next, _values = Rewriting._part, Rewriting._labels, Rewriting._next, Rewriting._values

_OF_REPLY = ("text", "fields", "tables", "charts", "files", "actions", "form", "problem", "footer")
_READ: Mapping[type, Mapping[str, Callable[[Rewriting, Any], object]]] = {
    Post: {"reply": _part},
    Reply: {
        "title": _told,
        **dict.fromkeys(_OF_REPLY, _part),
        "original": _part,
    },
    Bold: {"text": _written},
    Code: {"text": _typed},
    Link: {"label": _written},
    Mention: {"name": _told},
    Action: {"command": _typed, "then": _next, "confirm": _part, "choices": _part},
    Choice: {"command": _typed},
    Table: {"title": _told, "note": _part},
    Chart: {"title": _told, "labels": _labels, "series": _part, "summary": _told},
    Series: {"name": _written},
    FileLink: {"name": _written},
    Form: {"title": _told, "fields": _part, "fixed": _values, "intro": _told, "about": _written},
    FormField: {"value": _typed, "choices": Rewriting._choices, "error": _told},
    Problem: {"message": _told, "hint": _told},
}
"""What people read of each part of an answer; all else are kinds, keys, ids, and labels of ours."""
