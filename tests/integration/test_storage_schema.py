"""Databases are brought to the newest schema once, and those that are too new are left alone."""

import asyncio
import io
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

import adapters.storage.migrations as migrations
from adapters.storage import (
    DatabaseAddressError,
    SchemaEmptyError,
    SchemaNewerError,
    SchemaOlderError,
    SchemaState,
    migrate,
    open_storage,
    schema_state,
)
from adapters.storage.engine import errors
from adapters.storage.schema.file import migrate_file
from adapters.storage.work.whole_schema import whole_schema
from core.ports.storage import StorageUnavailableError
from core.tasks.model import Priority, Status, TaskCounts, TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON
from tests.support.clock import HeldClock
from tests.support.patience import until
from tests.support.storage import fresh_url, secret_box, template, url_of

ROOT = Path(__file__).parents[2]
EVERYTHING = Audience(0, frozenset(), everything=True)
_MIGRATE = "import asyncio, sys; from adapters.storage import migrate; asyncio.run(migrate(sys.argv[1]))"


async def _open(url: str) -> None:
    storage = await open_storage(url, secrets=secret_box(), clock=HeldClock())
    await storage.close()


def _say(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(statement)
    connection.close()


async def test_a_database_is_made_private_and_brought_to_the_newest_schema(tmp_path: Path) -> None:
    file = tmp_path / "new file ä.db"
    url = url_of(file)
    assert await schema_state(url) is SchemaState.EMPTY
    assert not file.exists()
    with pytest.raises(SchemaOlderError):
        await _open(url)
    await migrate(url)
    assert await schema_state(url) is SchemaState.CURRENT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await migrate(url)
    await _open(url)


async def test_a_database_of_an_older_version_has_to_be_migrated_first(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    _say(tmp_path / "quartermaster.db", "UPDATE alembic_version SET version_num = '0001'")
    assert await schema_state(url) is SchemaState.OLDER
    with pytest.raises(SchemaOlderError):
        await _open(url)
    _say(tmp_path / "quartermaster.db", "DELETE FROM alembic_version")
    assert await schema_state(url) is SchemaState.EMPTY
    with pytest.raises(SchemaEmptyError):
        await _open(url)


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    _say(tmp_path / "quartermaster.db", "UPDATE alembic_version SET version_num = '9999'")
    assert await schema_state(url) is SchemaState.NEWER
    with pytest.raises(SchemaNewerError):
        await migrate(url)
    with pytest.raises(SchemaNewerError):
        await _open(url)


async def test_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    url = url_of(tmp_path / "new.db")
    starts = [
        await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-c", _MIGRATE, url, cwd=ROOT)
        for _ in range(3)
    ]
    assert [await start.wait() for start in starts] == [0] * 3
    assert await schema_state(url) is SchemaState.CURRENT


@dataclass
class Held:
    """A file of an older version that another program holds, and a migration that has met it there."""

    migrating: "asyncio.Task[None]"
    other: sqlite3.Connection
    threads: set[threading.Thread]


@pytest.fixture
async def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Held]:
    monkeypatch.setattr("adapters.storage.schema.file.LOCK_SECONDS", 600.0)
    monkeypatch.setattr("adapters.storage.schema.file.TRY_SECONDS", 0.01)
    url = url_of(tmp_path / "old.db")
    await migrate_file(url, "0009")
    threads, refused = set(threading.enumerate()), asyncio.Event()

    def unavailable(error: BaseException) -> StorageUnavailableError | None:
        refused.set()
        return errors.unavailable(error)

    monkeypatch.setattr("adapters.storage.schema.file.unavailable", unavailable)
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        migrating = asyncio.create_task(migrate(url))
        await refused.wait()
        yield Held(migrating, other, threads)


async def test_a_migration_waits_for_another_program_and_goes_on(held: Held) -> None:
    assert not held.migrating.done()
    held.other.execute("ROLLBACK")
    await held.migrating


async def test_a_migration_that_is_stopped_while_it_waits_ends_at_once(held: Held) -> None:
    held.migrating.cancel()
    await asyncio.gather(held.migrating, return_exceptions=True)
    assert held.migrating.cancelled()
    assert held.other.in_transaction
    # The thread of the migration's connection says that it is closed, and then ends.
    await until(lambda: set(threading.enumerate()) <= held.threads, what="the connection's thread to end")


def test_the_history_is_one_line_and_the_code_knows_its_end() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    revisions = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(revisions)) == migrations.REVISIONS


async def test_tasks_of_the_first_schema_are_kept_and_counted_and_do_not_repeat(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in _offline("sqlite", "0001"):
            connection.execute(statement)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        for table in ("workspaces", "spaces", "channels", "members"):
            _put(connection, table, kind="public", platform="web")
        _put(connection, "tasks", number=7, title="Buy milk", status="pending")
        _put(connection, "tasks", number=8, status="completed")
        for number in (7, 8):
            _put(connection, "task_assignees", number=number)
    assert await schema_state(url_of(file)) is SchemaState.OLDER
    await migrate(url_of(file))
    storage = await open_storage(url_of(file), secrets=secret_box(), clock=HeldClock())
    async with storage.workspace(1).read() as work:
        task = await work.of(TASKS).find(7)
        counts = await work.of(TASKS).counts(1, EVERYTHING, now=NOON, today=NOON.date())
        theirs = await work.of(TASKS).page(TaskFilter(assignee=1, channel_id=1), EVERYTHING)
    await storage.close()
    assert task
    assert (task.title, task.repeat, task.series, task.planned) == ("Buy milk", None, "", None)
    assert counts == TaskCounts({Status.PENDING: 1, Status.COMPLETED: 1}, {Priority.HIGH: 1}, {1: 1}, 0, 0)
    assert list(theirs.items) == [task]


async def test_boards_of_an_older_schema_are_those_of_tasks(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    await migrate_file(url_of(file), "0009")
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in ("workspaces", "spaces", "channels", "members"):
            _put(connection, table, kind="public", platform="web")
        _put(connection, "boards", id="b", grouping="status", message="M", is_on=1)
    await migrate(url_of(file))
    storage = await open_storage(url_of(file), secrets=secret_box(), clock=HeldClock())
    (board,) = await storage.system.boards()
    await storage.close()
    assert (board.id, board.area, board.grouping, board.message, board.is_on) == ("b", "task", "status", "M", True)
    assert (board.channel_id, board.made_by, board.member_id) == (1, 1, None)


async def test_payments_of_an_older_schema_are_takings_and_receipts_keep_whom_they_name(tmp_path: Path) -> None:
    file, paid, back = tmp_path / "old.db", "2026-11-19T12:00:00", "2026-11-20T12:00:00"
    await migrate_file(url_of(file), "0025")
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in ("workspaces", "spaces", "channels", "members"):
            _put(connection, table, kind="public", platform="web")
        _put(connection, "order_terms", number=1, seller="Corner Shop", tax_id="DE1")
        for number, receipt in ((1, 7), (2, 0)):
            _put(connection, "orders", number=number, receipt=receipt, currency="EUR", paid_at=paid)
        money = {"attempt": 1, "method": "cash", "currency": "EUR", "units": 540, "at": back}
        _put(connection, "order_payments", number=1, refunded=40, status="partly_refunded", **money)
        _put(connection, "order_payments", number=2, refunded=0, status="pending", **money)
    await migrate(url_of(file))
    with closing(sqlite3.connect(file)) as connection:
        takings = connection.execute("SELECT number, attempt, at, units FROM order_takings ORDER BY id").fetchall()
        receipts = connection.execute("SELECT seller, tax_id FROM orders ORDER BY number").fetchall()
    assert takings == [(1, 1, paid, 540), (1, 1, back, -40)]
    assert receipts == [("Corner Shop", "DE1"), (None, None)]


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mssql"])
def test_columns_are_added_in_place_on_every_database(dialect: str) -> None:
    statements = _offline(dialect, "0002")
    assert [" ".join(statement.split()[:3]) for statement in statements] == ["ALTER TABLE tasks"] * 3
    assert not any("NOT NULL" in statement for statement in statements)


def _put(connection: sqlite3.Connection, table: str, **known: object) -> None:
    """Insert a row of which only some values matter: the others are 1, nothing, or a moment, where one is needed."""
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    needed = {name: kind for _, name, kind, not_null, *_ in columns if not_null or name in known}
    others = {"INTEGER": 1, "SMALLINT": 1, "BOOLEAN": 1, "BIGINT": 1}
    values = [
        known.get(name, "2026-11-20T12:00:00" if name.endswith(("_at", "_sort")) else others.get(kind, ""))
        for name, kind in needed.items()
    ]
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({', '.join(needed)}) VALUES ({marks})", values)


def _offline(dialect: str, name: str) -> list[str]:
    """Return the statements of one revision as that database would be sent them."""
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    revision = script.get_revision(name)
    sent = io.StringIO()
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": sent})
    with Operations.context(context):
        revision.module.upgrade()
    return [
        statement.strip()
        for statement in re.split(r";\s*$|^GO$", sent.getvalue(), flags=re.MULTILINE)
        if statement.strip()
    ]


def test_migrations_lead_to_the_tables_of_the_code() -> None:
    engine = sa.create_engine(f"sqlite:///{template()}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), whole_schema()) == []
        made = {table: _definition(connection, table) for table in whole_schema().tables}
    engine.dispose()
    other = sa.create_engine("sqlite://")
    with other.connect() as connection:
        whole_schema().create_all(connection)
        assert {table: _definition(connection, table) for table in whole_schema().tables} == made
    other.dispose()


def _definition(connection: sa.Connection, table: str) -> list[str]:
    """Return how the database describes a table and its indexes, spaces and order of constraints aside."""
    wanted = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    rows = connection.execute(wanted, {"table": table}).scalars()
    return sorted(
        " ".join(sorted(row.replace(",", " ").replace("(", " ( ").replace(")", " ) ").split())) for row in rows
    )


def test_neither_help_nor_a_running_process_imports_what_migrates() -> None:
    code = "import sys, adapters.storage; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not_an_address"),
        ("data/x.db", "not_an_address"),
        ("sqlite://", "in_memory"),
        ("sqlite+aiosqlite://", "in_memory"),
        ("sqlite+aiosqlite:///:memory:", "in_memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "in_memory"),
        ("sqlite:////tmp/x.db?mode=memory", "unknown_option"),
        ("sqlite://host/x.db", "unknown_option"),
        ("postgresql+asyncpg://ann:pass@host", "no_database"),
        ("postgresql+psycopg://ann:pass@host/db", "unknown_database"),
        ("mysql://ann:pass@host/db", "unknown_database"),
    ],
)
async def test_an_address_that_can_not_be_used_is_named_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(DatabaseAddressError) as refused:
        await migrate(url)
    assert refused.value.reason == reason
    assert "pass" not in str(refused.value)


async def test_a_folder_that_is_not_there_is_a_clear_answer(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailableError) as refused:
        await migrate(url_of(tmp_path / "missing" / "x.db"))
    assert refused.value.reason == "cannot_open"


async def test_a_file_that_is_no_database_is_a_clear_answer(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    file.write_bytes(b"This is not a database. " * 100)
    for attempt in (migrate, schema_state, _open):
        with pytest.raises(StorageUnavailableError) as refused:
            await attempt(url_of(file))
        assert refused.value.reason == "damaged"
    assert file.read_bytes().startswith(b"This is not")
