"""Which file an address means."""

import pytest

from adapters.storage.engine.addresses import file_of
from adapters.storage.engine.dialects.sqlite_database import SqliteDatabase


@pytest.mark.parametrize(
    "path", ["/srv/a%41/q.db", "/srv/100%20sure/q.db", "data/%zz é#1;&+'\"@:x/q.db", "/srv/%2e%2e/q.db", "~/%25.db"]
)
def test_a_path_is_taken_as_it_is_written(path: str) -> None:
    for name in ("sqlite", "sqlite+aiosqlite", "sqlite+pysqlite"):
        assert str(file_of(f"{name}:///{path}")) == path
    assert str(SqliteDatabase(f"sqlite+aiosqlite:///{path}").path) == path
