"""Commands that people are told to type, spelt with the prefix that this installation puts before them."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from core.chat.reply import Cell, Problem, Reply, Row, Table
from core.chat.spec import Catalogue, Plan
from core.chat.text import Code, Span, Text

T = TypeVar("T")


class Prefixing:
    """Rewrites `/task …` as `/acme-task …` wherever words are meant to be typed; without a prefix nothing changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the prefix and the areas' names from the catalogue."""
        areas = "|".join(re.escape(area.name) for area in catalogue.areas)
        self._prefix = catalogue.prefix
        self._typed = re.compile(rf"^/(?=(?:{areas})(?:\s|$))")
        self._quoted = re.compile(rf"`/(?=(?:{areas})(?:[\s`]|$))")

    def reply(self, reply: Reply) -> Reply:
        """Return a reply with its commands as they are typed here."""
        if not self._prefix:
            return reply
        return replace(
            reply,
            text=self._text(reply.text),
            footer=self._text(reply.footer),
            fields=tuple(replace(field, value=self._cell(field.value)) for field in reply.fields),
            tables=tuple(self._table(table) for table in reply.tables),
            problem=self._maybe(self._problem, reply.problem),
            original=self._maybe(self.reply, reply.original),
            besides=self._maybe(self.reply, reply.besides),
        )

    def plan(self, plan: Plan) -> Plan:
        """Return a plan whose problem names commands as they are typed here."""
        if not self._prefix or plan.problem is None:
            return plan
        return replace(plan, problem=self._problem(plan.problem))

    def _problem(self, problem: Problem) -> Problem:
        return replace(problem, message=self._sentence(problem.message), hint=self._sentence(problem.hint))

    def _table(self, table: Table) -> Table:
        return replace(table, rows=tuple(self._row(row) for row in table.rows), note=self._text(table.note))

    def _row(self, row: Row) -> Row:
        return replace(row, cells=tuple(self._cell(cell) for cell in row.cells))

    def _cell(self, cell: Cell) -> Cell:
        return self._text(cell) if isinstance(cell, tuple) else cell

    def _text(self, text: Text) -> Text:
        return tuple(self._span(span) for span in text)

    def _span(self, span: Span) -> Span:
        return Code(self._typed.sub(f"/{self._prefix}", span.text)) if isinstance(span, Code) else span

    def _sentence(self, words: str) -> str:
        return self._quoted.sub(f"`/{self._prefix}", words)

    @staticmethod
    def _maybe(change: Callable[[T], T], value: T | None) -> T | None:
        return None if value is None else change(value)
