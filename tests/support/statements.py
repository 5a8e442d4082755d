"""What SQLite is asked meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import Executable

from adapters.storage.engine.dialects.compiled import Answer, compiled_for
from adapters.storage.engine.dialects.direct_sqlite import DirectSqlite
from adapters.storage.engine.dialects.prepared import Row

Said = list[tuple[str, Sequence[Any]]]


@contextmanager
def statements() -> Iterator[Said]:
    """Collect the statements, each with its values, that repositories run within the block."""
    said: Said = []
    execute = DirectSqlite.execute

    def listen(self: DirectSqlite, statement: Executable, parameters: Row | Sequence[Row] | None = None) -> Answer:
        row = parameters[0] if isinstance(parameters, Sequence) else parameters or {}
        said.append(compiled_for(statement, row, self.dialect).bind(row))
        return execute(self, statement, parameters)

    with mock.patch.object(DirectSqlite, "execute", listen):
        yield said
