"""What SQLite is asked meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import Executable

from adapters.storage.engine.dialects.sqlite_statements import SqliteStatements
from adapters.storage.engine.statements import Row
from adapters.storage.engine.statements.compiled import CompiledAnswer, compiled_for

Said = list[tuple[str, Sequence[Any]]]


@contextmanager
def statements() -> Iterator[Said]:
    """Collect the statements, each with its values, that repositories run within the block."""
    said: Said = []
    execute = SqliteStatements.execute

    def listen(
        self: SqliteStatements, statement: Executable, parameters: Row | Sequence[Row] | None = None, /
    ) -> CompiledAnswer:
        row = parameters[0] if isinstance(parameters, Sequence) else parameters or {}
        said.append(compiled_for(statement, row, self.dialect).bind(row))
        return execute(self, statement, parameters)

    with mock.patch.object(SqliteStatements, "execute", listen):
        yield said
