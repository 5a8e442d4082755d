"""A Postgres is brought from every schema there was to the newest, once, and what it needs first is said before."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

import adapters.storage.migrations as migrations
from adapters.storage import (
    Limits,
    SchemaEmptyError,
    SchemaNewerError,
    SchemaOlderError,
    SchemaState,
    migrate,
    open_storage,
    schema_state,
)
from adapters.storage.engine.dialects.postgres import PostgresServer
from adapters.storage.migrations import REVISIONS
from adapters.storage.work.whole_schema import whole_schema
from core.ports.storage import StorageUnavailableError
from tests.support.clock import HeldClock
from tests.support.databases import fresh_database
from tests.support.storage import secret_box

ROOT = Path(__file__).parents[2]
_MIGRATE = "import asyncio, sys; from adapters.storage import migrate; asyncio.run(migrate(sys.argv[1]))"


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[str]:
    async with fresh_database("postgresql", tmp_path, empty=True) as url:
        yield url


async def _with(url: str, work: Callable[[sa.Connection], object]) -> object:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _upgrade(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def _open(url: str) -> None:
    storage = await open_storage(url, secrets=secret_box(), clock=HeldClock())
    await storage.close()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_every_schema_there_was_leads_to_the_newest_and_keeps_its_rows(empty: str, revision: str) -> None:
    await _with(empty, lambda connection: _upgrade(connection, revision))
    insert = sa.text(
        "INSERT INTO workspaces (name, zone, currency, locale, created_at) "
        "VALUES ('shop', 'UTC', 'EUR', 'en', '2026-11-20T12:00:00.000000')"
    )
    await _with(empty, lambda connection: connection.execute(insert))
    is_newest = revision == REVISIONS[-1]
    assert await schema_state(empty) is (SchemaState.CURRENT if is_newest else SchemaState.OLDER)
    if not is_newest:
        with pytest.raises(SchemaOlderError):
            await _open(empty)
    await migrate(empty)
    assert await schema_state(empty) is SchemaState.CURRENT
    await _open(empty)
    names = await _with(empty, lambda db: db.execute(sa.text("SELECT name FROM workspaces")).scalars().all())
    assert names == ["shop"]


async def test_migrations_lead_to_the_tables_of_the_code(empty: str) -> None:
    await migrate(empty)
    differences = await _with(
        empty, lambda connection: compare_metadata(MigrationContext.configure(connection), whole_schema())
    )
    assert differences == []


async def test_processes_that_start_at_once_migrate_once(empty: str) -> None:
    starts = [
        await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-c", _MIGRATE, empty, cwd=ROOT)
        for _ in range(3)
    ]
    assert [await start.wait() for start in starts] == [0] * 3
    assert await schema_state(empty) is SchemaState.CURRENT


async def test_an_empty_and_a_newer_database_are_told_apart(empty: str) -> None:
    with pytest.raises(SchemaEmptyError):
        await _open(empty)
    await migrate(empty)
    await _with(empty, lambda connection: connection.execute(sa.text("UPDATE alembic_version SET version_num = '9'")))
    for use in (_open, migrate):
        with pytest.raises(SchemaNewerError):
            await use(empty)


async def test_a_migration_that_fails_leaves_nothing_behind(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailableError("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(MigrationContext, "_ensure_version_table", fail)
        with pytest.raises(StorageUnavailableError):
            await migrate(empty)
    assert await schema_state(empty) is SchemaState.EMPTY
    await migrate(empty)


async def test_a_machine_that_takes_its_time_between_two_statements_migrates(empty: str) -> None:
    await migrate(empty, Limits(idle=0.001))
    assert await schema_state(empty) is SchemaState.CURRENT


async def test_what_a_database_needs_first_is_said_outside_of_a_transaction(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Postgres needs nothing itself; this is refused within a transaction, as what SQL Server needs is.
    monkeypatch.setattr(PostgresServer, "prepare", "VACUUM pg_class")
    await migrate(empty)
    monkeypatch.setattr(PostgresServer, "prepare", "SET ROLE nobody_by_that_name")
    with pytest.raises(Exception, match="SQLSTATE 22023"):
        await migrate(empty)
