"""The statements that one command of the product runs, recorded to be run by something else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from unittest import mock

from tests.benchmarks.processes import BenchError

Value = str | int | float | None
Row = tuple[Value, ...]
ID_LENGTH = 200
COUNTED = 12
ABOUT_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter: always the same, a text that is new each time (it ends in a count), or the number plus so much."""

    kind: Literal["same", "new", "number"]
    value: Value
    length: int = 0

    def fill(self, count: int, number: int) -> Value:
        """The parameter of the run with that count, once the command has got its number."""
        if self.kind == "new":
            return f"{self.value}{count:0{self.length}d}"
        if self.kind == "number":
            return number + int(self.value or 0)
        return self.value


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with the parameters of each of its rows; `gives_number` if its result is the command's number."""

    sql: str
    rows: tuple[tuple[Slot, ...], ...]
    gives_number: bool = False

    @property
    def reads(self) -> bool:
        """Whether it has a result."""
        return self.sql.lstrip().upper().startswith("SELECT") or " RETURNING " in self.sql.upper()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A statement as it was run."""

    sql: str
    rows: tuple[Row, ...]


class Recorder:
    """Records what connections of the standard library's driver run: those that were opened within `watching()`."""

    def __init__(self) -> None:
        self._found: list[Recorded] | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Let every connection that is opened within the block be watched."""
        recorder, connect = self, sqlite3.connect

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, parameters: Any = ()) -> Any:
                recorder.note(sql, (tuple(parameters),))
                return super().execute(sql, parameters)

            def executemany(self, sql: str, parameters: Any) -> Any:
                rows = [tuple(row) for row in parameters]
                recorder.note(sql, tuple(rows))
                return super().executemany(sql, rows)

        def watched(*place: Any, factory: type[sqlite3.Connection] = sqlite3.Connection, **options: Any) -> Any:
            class Connection(factory):  # type: ignore[valid-type, misc]  # whatever the caller's own is
                def cursor(self, _factory: Any = None) -> Any:
                    return super().cursor(Cursor)

                def execute(self, sql: str, parameters: Any = ()) -> Any:
                    return self.cursor().execute(sql, parameters)

                def executemany(self, sql: str, parameters: Any) -> Any:
                    # A comment is no statement: by that word our own connections are handed functions.
                    if sql.startswith("--"):
                        return super().executemany(sql, parameters)
                    return self.cursor().executemany(sql, parameters)

            return connect(*place, factory=Connection, **options)

        with mock.patch("sqlite3.connect", watched):
            yield

    @contextmanager
    def recording(self) -> Iterator[list[Recorded]]:
        """The statements of the block, without those about transactions."""
        found: list[Recorded] = []
        self._found = found
        try:
            yield found
        finally:
            self._found = None

    def note(self, sql: str, rows: tuple[Row, ...]) -> None:
        """Keep a statement if one is wanted now."""
        if self._found is not None and not sql.startswith(ABOUT_TRANSACTIONS):
            self._found.append(Recorded(sql, rows))


def learn(one: Sequence[Recorded], number: int, other: Sequence[Recorded], other_number: int) -> list[Statement]:
    """The statements of a command, from two recordings of it: what differs between them differs each time."""
    if [recorded.sql for recorded in one] != [recorded.sql for recorded in other]:
        raise BenchError("the command does not always run the same statements")
    found = []
    for left, right in zip(one, other, strict=True):
        rows = tuple(
            tuple(_slot(a, b, number, other_number) for a, b in zip(these, those, strict=True))
            for these, those in zip(left.rows, right.rows, strict=True)
        )
        gives = left.sql.startswith("UPDATE counters") and " RETURNING " in left.sql
        found.append(Statement(left.sql, rows, gives))
    if not any(statement.gives_number for statement in found):
        raise BenchError("no statement gives the number")
    return found


def _slot(one: Value, other: Value, number: int, other_number: int) -> Slot:
    if one == other:
        return Slot("same", one)
    if isinstance(one, int) and isinstance(other, int) and one - number == other - other_number:
        return Slot("number", one - number)
    if isinstance(one, str) and isinstance(other, str) and len(one) <= ID_LENGTH and " " not in one:
        kept = _shared(one, other)[: max(0, len(one) - COUNTED)]
        return Slot("new", kept, len(one) - len(kept))
    # An instant, or a document that holds ids: any value of the kind costs the same.
    return Slot("same", one)


def _shared(one: str, other: str) -> str:
    """The characters with which both begin."""
    length = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    return one[:length]


def document(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """The statements as JSON."""
    return [
        {
            "sql": one.sql,
            "rows": [[[slot.kind, slot.value, slot.length] for slot in row] for row in one.rows],
            "gives_number": one.gives_number,
        }
        for one in statements
    ]


def from_document(found: Sequence[dict[str, Any]]) -> list[Statement]:
    """The statements back from JSON."""
    return [
        Statement(one["sql"], tuple(tuple(Slot(*slot) for slot in row) for row in one["rows"]), one["gives_number"])
        for one in found
    ]
