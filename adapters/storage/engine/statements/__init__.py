"""Statements as a transaction runs them: by SQLAlchemy's own connection, or compiled once, by the driver itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

Row = Mapping[str, Any]
"""A row's values, or a statement's parameters, by name."""


class Answer(Protocol):
    """The rows of a statement, or how many it changed."""

    @property
    def rowcount(self) -> int:
        """Return how many rows were changed."""
        ...

    @property
    def inserted_primary_key(self) -> Any:
        """Return what the database gave to an inserted row."""
        ...

    def __iter__(self) -> Iterator[Any]: ...

    def all(self) -> Sequence[sa.Row[Any]]:
        """Return every row."""
        ...

    def first(self) -> sa.Row[Any] | None:
        """Return the first row, if any."""
        ...

    def one(self) -> Any:
        """Return the only row."""
        ...

    def scalar(self) -> Any:
        """Return the first column of the first row, or None."""
        ...

    def scalars(self) -> Iterable[Any]:
        """Return the first column of every row."""
        ...


class Statements(Protocol):
    """What runs the statements of a transaction, one after the other."""

    @property
    def dialect(self) -> sa.Dialect:
        """Return what SQLAlchemy knows of the kind of database."""
        ...

    def execute(self, statement: sa.Executable, parameters: Row | Sequence[Row] | None = None, /) -> Answer:
        """Run a statement, or the same for many rows."""
        ...
