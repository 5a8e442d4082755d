"""What every change does goes by a shorter way where there is one, to the same end as the long way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Insert, Table

from adapters.storage import scope
from adapters.storage.dialects.shortcuts import Shortcuts
from adapters.storage.dialects.sqlite import SqliteDialect, make_engine
from adapters.storage.errors import UnscopedStatementError
from adapters.storage.scope import Scoped
from adapters.storage.tables import counters, deliveries
from core.shared.clock import SystemClock
from tests.support.storage import fresh_url

NOW = SystemClock().now()
_UP = scope.update(counters).where(counters.c.name == "tasks")
UP = _UP.values(value=counters.c.value + sa.bindparam("by", type_=sa.Integer())).returning(counters.c.value)


class Long:
    """SQLite without its shortcuts."""

    def insert_missing(self, table: Table) -> Insert:
        return SqliteDialect().insert_missing(table)


DIALECTS: dict[str, Any] = {"short": SqliteDialect(), "long": Long()}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    fresh_url(tmp_path)
    engine = make_engine(tmp_path / "quartermaster.db", 1.0)
    with engine.connect() as opened:
        opened.exec_driver_sql("PRAGMA foreign_keys = OFF")
        yield opened
    engine.dispose()


@pytest.fixture(params=DIALECTS)
def scoped(request: pytest.FixtureRequest, connection: Connection) -> Scoped:
    return Scoped(connection, 7, DIALECTS[request.param])


def test_only_one_of_them_has_shortcuts() -> None:
    assert [isinstance(dialect, Shortcuts) for dialect in DIALECTS.values()] == [True, False]


def test_a_row_is_put_where_there_is_none_and_left_alone_where_there_is(scoped: Scoped) -> None:
    row = {"id": "D1", "kept_at": NOW, "reply": None}
    assert scoped.insert_missing(deliveries, row) is True
    assert scoped.insert_missing(deliveries, row | {"reply": "later"}) is False
    found = scoped.all(scope.select(deliveries))
    assert [(one.workspace_id, one.id, one.kept_at, one.reply) for one in found] == [(7, "D1", NOW, None)]


def test_half_a_character_is_stored_as_a_question_mark(scoped: Scoped) -> None:
    assert scoped.insert_missing(deliveries, {"id": "D1", "kept_at": NOW, "reply": "milk \ud83d"})
    assert [one.reply for one in scoped.all(scope.select(deliveries))] == ["milk ?"]


def test_a_number_is_returned_and_kept_for_the_workspace_alone(scoped: Scoped, connection: Connection) -> None:
    for workspace in (7, 8):
        connection.execute(sa.insert(counters), {"workspace_id": workspace, "name": "tasks", "value": 10})
    assert [scoped.number(UP, by=1), scoped.number(UP, by=5)] == [11, 16]
    found = connection.execute(sa.select(counters.c.value).order_by(counters.c.workspace_id))
    assert [one.value for one in found] == [16, 10]


def test_a_statement_that_names_no_workspace_is_refused(scoped: Scoped) -> None:
    with pytest.raises(UnscopedStatementError):
        scoped.number(sa.update(counters).values(value=1).returning(counters.c.value))
