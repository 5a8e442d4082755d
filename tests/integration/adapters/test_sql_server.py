"""What is said to SQL Server, on the driver that stands in for it, and what its errors mean."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine

import adapters.storage.migrations as migrations
from adapters.diagnosis.database import examine_database
from adapters.storage import Limits, SchemaState, migrate, open_storage, schema_state
from adapters.storage.copying.sides import TO, at
from adapters.storage.engine.addresses import Kind, read_address
from adapters.storage.engine.dialects.server_facts import QUESTIONS
from adapters.storage.engine.errors import StorageFailedError
from adapters.storage.work.whole_schema import whole_schema
from bot.texts.cli import failure
from bot.texts.keeping import refused
from core.ports.keeping import CopyError
from core.ports.storage import StorageUnavailableError
from core.tasks.repository import TASKS
from tests.contract.storage.world import NOON, build_place
from tests.support import sql_server
from tests.support.clock import RunningClock
from tests.support.databases import STAND_IN, fresh_database, fresh_storage
from tests.support.storage import QUICK, secret_box
from tests.support.tsql import driver, stand_in
from tests.support.tsql.grammar import BadStatementError, Statement, read
from tests.support.tsql.rules import check

ODBC = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    with stand_in.fresh_database(tmp_path, empty=True) as url:
        yield url


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[driver.Connection]:
    with stand_in.fresh_database(tmp_path) as url:
        opened = driver.Connection(f"Database={read_address(url)[1].database}", autocommit=True)
        yield opened
        opened.close()


def _server() -> Any:
    from adapters.storage.engine.dialects.mssql import MssqlServer

    return MssqlServer(read_address(stand_in.address_of("any"))[1], QUICK, 1)


async def test_a_database_is_prepared_and_migrated_once_by_many(empty: str) -> None:
    assert await schema_state(empty) is SchemaState.EMPTY
    await asyncio.gather(*(migrate(empty) for _ in range(3)))
    assert await schema_state(empty) is SchemaState.CURRENT


def _upgrade(connection: sa.Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION")
    command.upgrade(config, revision)
    connection.exec_driver_sql("COMMIT TRANSACTION")


@pytest.mark.parametrize("revision", migrations.REVISIONS)
async def test_every_schema_there_was_becomes_the_newest(empty: str, revision: str) -> None:
    engine = create_async_engine(
        empty,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        use_setinputsizes=False,
        connect_args={"autocommit": True},
    )
    try:
        async with engine.connect() as opened:
            await opened.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()
    is_newest = revision == migrations.REVISIONS[-1]
    assert await schema_state(empty) is (SchemaState.CURRENT if is_newest else SchemaState.OLDER)
    await migrate(empty)
    assert await schema_state(empty) is SchemaState.CURRENT
    made = driver.Connection(f"Database={read_address(empty)[1].database}", autocommit=True)
    known = {name: set(columns) for name, columns in made.catalogue.sizes.items() if name != "alembic_version"}
    assert known == {name: {column.name for column in table.c} for name, table in whole_schema().tables.items()}
    made.close()


async def test_numbers_are_given_by_the_tables_that_say_so(empty: str) -> None:
    await migrate(empty)
    opened = driver.Connection(f"Database={read_address(empty)[1].database}", autocommit=True)
    expected = {
        name: table.autoincrement_column.name
        for name, table in whole_schema().tables.items()
        if table.autoincrement_column is not None
    }
    assert opened.catalogue.numbered == expected == opened.numbered
    opened.close()


async def test_the_words_about_transactions_are_understood(empty: str) -> None:
    with stand_in.stand_in():
        server = _server()
        words = [server.begin(7, writes=True), server.begin(None, writes=True), server.begin(None, writes=False)]
        words += [server.commit, server.roll_back, server.has_history, server.migrate_alone, server.prepare]
        await server.close()
    for batch in [*words, server.moment]:
        for statement in read(batch):
            check(statement)


def test_the_question_for_facts_is_understood() -> None:
    assert len(read(QUESTIONS[Kind.MSSQL].strip())) == 1


def test_a_transaction_that_writes_locks_its_workspace_first(connection: driver.Connection) -> None:
    with stand_in.stand_in():
        server = _server()
    cursor = connection.cursor()
    cursor.execute(server.begin(7, writes=True))
    assert connection.holds_lock
    cursor.execute("SELECT workspaces.id FROM workspaces")
    cursor.execute("UPDATE counters SET value = ? WHERE workspace_id = ?", 1, 7)
    cursor.execute(server.commit)


@pytest.mark.parametrize(
    "batch",
    [
        "UPDATE counters SET value = 1",
        "SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION; UPDATE counters SET value = 1",
        "BEGIN TRANSACTION; SELECT id FROM workspaces; UPDATE counters SET value = 1",
        "BEGIN TRANSACTION; DECLARE @x INT; SELECT @x = id FROM workspaces WHERE id = 1; SELECT id FROM workspaces; "
        "UPDATE counters SET value = 1",
        "BEGIN TRANSACTION; BEGIN TRANSACTION",
        "EXEC @got = sp_getapplock @Resource = N'x', @LockMode = N'Exclusive'",
    ],
)
def test_careless_transactions_are_caught(connection: driver.Connection, batch: str) -> None:
    with pytest.raises(BadStatementError):
        connection.cursor().execute(batch)


def test_only_what_may_have_to_wait_goes_to_a_thread(connection: driver.Connection) -> None:
    cursor = connection.cursor()
    began = "SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION"
    asked = "SELECT workspaces.id FROM workspaces"
    assert driver.waits_for_nobody(connection.cursor, ())
    assert not driver.waits_for_nobody(cursor.execute, (began,))
    assert not driver.waits_for_nobody(cursor.execute, (asked,))
    cursor.execute(began)
    assert driver.waits_for_nobody(cursor.execute, (asked,))
    assert driver.waits_for_nobody(cursor.fetchall, ())
    assert not driver.waits_for_nobody(cursor.execute, ("COMMIT TRANSACTION",))
    assert not driver.waits_for_nobody(cursor.execute, ("WAITFOR DELAY '00:00:01'",))
    assert not driver.waits_for_nobody(connection.close, ())


def test_snapshots_have_to_be_allowed(empty: str) -> None:
    opened = driver.Connection(f"Database={read_address(empty)[1].database}", autocommit=True)
    cursor = opened.cursor()
    cursor.execute("SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION")
    with pytest.raises(driver.ProgrammingError, match="3952"):
        cursor.execute("SELECT id FROM workspaces")
    cursor.execute("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION")
    opened.close()


def test_texts_are_compared_as_sql_server_does(connection: driver.Connection) -> None:
    cursor = connection.cursor()
    cursor.execute("BEGIN TRANSACTION; CREATE TABLE t (a NVARCHAR(8) COLLATE Latin1_General_100_BIN2 NOT NULL)")
    cursor.execute("INSERT INTO t (a) VALUES (?), (?)", "a", "A  ")
    for wanted, count in {"a": 1, "a   ": 1, "A": 1, "Ä": 0}.items():
        cursor.execute("SELECT a FROM t WHERE a = ?", wanted)
        assert len(cursor.fetchall()) == count
    with pytest.raises(driver.DataError, match="2628"):
        cursor.execute("INSERT INTO t (a) VALUES (?)", "😀" * 5)


async def test_a_write_that_is_not_let_in_in_time_is_told_as_locked(tmp_path: Path) -> None:
    with stand_in.fresh_database(tmp_path) as url:
        limits = Limits(lock=0.2, writer=5.0)
        storage = await open_storage(url, secrets=secret_box(), clock=RunningClock(), limits=limits)
        place = await build_place(storage, "here")
        other = driver.Connection(f"Database={read_address(url)[1].database}", autocommit=True)
        other.cursor().execute("BEGIN TRANSACTION")
        with pytest.raises(StorageUnavailableError, match="locked"):
            await place.add(place.task(1))
        other.close()
        await place.add(place.task(2))
        await storage.close()


async def test_a_connection_that_was_cut_while_idle_is_replaced_unnoticed(tmp_path: Path) -> None:
    async with fresh_storage(STAND_IN, tmp_path) as storage:
        place = await build_place(storage, "here")
        cut = [driver.Error("HY000", "[HY000] [FreeTDS][SQL Server]Unknown error (0) (SQLExecDirectW)")]

        def say(statement: Statement) -> None:
            if "BEGIN TRANSACTION" in statement.text and cut:
                raise cut.pop()

        driver.CONTROLS.append(say)
        try:
            assert len(await place.add(place.task())) == 1
        finally:
            driver.CONTROLS.remove(say)
        assert not cut


@pytest.mark.parametrize(
    "batch",
    [
        "SELECT last_value FROM sys.identity_columns WHERE object_id = OBJECT_ID(?)",
        "SELECT SERVERPROPERTY('ProductVersion')",
    ],
)
def test_values_that_no_driver_can_describe_are_not_asked_for(connection: driver.Connection, batch: str) -> None:
    with pytest.raises(BadStatementError, match="has to be cast"):
        connection.cursor().execute(batch, "tasks")


UNHEARD_OF = ("42000", f"[42000] {ODBC}Nobody has heard of this one. (1934) (SQLExecDirectW)")


async def test_what_there_is_no_word_for_is_told_by_its_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_statement: Statement) -> None:
        raise driver.ProgrammingError(*UNHEARD_OF)

    async with fresh_database(STAND_IN, tmp_path) as url:
        monkeypatch.setattr(driver, "CONTROLS", [refuse])
        with pytest.raises(StorageFailedError) as migrating:
            await migrate(url)
        [finding] = await examine_database(url)
    assert failure(migrating.value) == (
        "The database server refused what was asked of it: SQLSTATE 42000, error 1934. Its documentation says what "
        "that means, its log what it was about. To look at the rest: quartermaster doctor"
    )
    assert "SQLSTATE 42000, error 1934" in finding.sentence


@pytest.mark.parametrize(
    ("state", "number", "said"),
    [("42S01", 2714, "another process is copying into it"), ("42000", 1934, "(SQLSTATE 42000, error 1934)")],
)
def test_a_copy_calls_another_process_only_what_is_one(state: str, number: int, said: str) -> None:
    with pytest.raises(CopyError) as copying, at(TO):
        raise driver.ProgrammingError(*driver.said(state, "Said of the target's own notes.", number))
    assert said in (refused(copying.value, {TO: "--to"}) or "")


async def test_connections_wait_for_whoever_comes_next_and_are_closed_in_the_end(tmp_path: Path) -> None:
    with stand_in.fresh_database(tmp_path) as url:
        storage = await open_storage(url, secrets=secret_box(), clock=RunningClock(), limits=QUICK)
        before = driver.COUNTS.copy()
        await storage.ping()
        await storage.close()
        assert driver.COUNTS - before == {"opened": 4, "closed": 4}


async def test_what_the_server_rolled_back_by_itself_is_told_by_its_cause_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    def end(statement: Statement, _values: dict[str, Any]) -> None:
        if statement.text.startswith("UPDATE counters"):
            raise driver.ProgrammingError(*driver.said("40001", "Chosen as the victim of a deadlock.", 1205))

    with stand_in.fresh_database(tmp_path) as url:
        storage = await open_storage(url, secrets=secret_box(), clock=RunningClock(), limits=Limits(connections=3))
        place = await build_place(storage, "here")
        driver.WATCHERS.append(end)
        try:
            for _ in range(5):
                with pytest.raises(StorageUnavailableError, match="locked"):
                    await place.add(place.task())
        finally:
            driver.WATCHERS.remove(end)
        assert len(await place.add(place.task())) == 1
        assert storage.statistics().in_use == 0
        await storage.close()


async def test_writers_who_wait_for_each_other_leave_threads_to_those_who_commit(tmp_path: Path) -> None:
    with stand_in.fresh_database(tmp_path) as url:
        limits = Limits(connections=4, lock=10.0)
        storage = await open_storage(url, secrets=secret_box(), clock=RunningClock(), limits=limits)
        places = [await build_place(storage, f"place {number}") for number in range(6)]
        await asyncio.gather(*(place.add(place.task()) for place in places for _ in range(5)))
        for place in places:
            assert await place.find(5) is not None
            assert await place.find(6) is None
        await storage.close()


async def test_the_tests_make_and_drop_databases_on_the_server_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sql_server.VARIABLE, stand_in.address_of("master"))
    monkeypatch.setitem(driver.FILES, "master", tmp_path / "master.db")
    with stand_in.stand_in():
        async with fresh_storage("mssql", tmp_path) as storage:
            place = await build_place(storage, "here")
            assert len(await place.add(place.task())) == 1
            assert len(driver.FILES) > 1
        async with fresh_database("mssql", tmp_path, empty=True) as url:
            assert await schema_state(url) is SchemaState.EMPTY
    assert not [name for name in driver.FILES if name.startswith("quartermaster_test")]


async def test_many_rows_go_in_few_statements(tmp_path: Path) -> None:
    async with fresh_storage(STAND_IN, tmp_path) as storage:
        place = await build_place(storage, "here")
        async with place.writing() as work:
            work.of(TASKS).add_all([place.task(number, assignees=(place.ann,)) for number in range(1, 2101)])
        assert (await place.find(2100)) == place.task(2100, assignees=(place.ann,))
        async with place.reading() as work:
            assert (await work.of(TASKS).counts(None, place.everything, now=NOON, today=NOON.date())).by_assignee == {
                place.ann: 2100
            }


@pytest.mark.parametrize(
    ("state", "text", "reason"),
    [
        ("28000", f"{ODBC}Login failed for user 'sa'. (18456) (SQLDriverConnect)", "wrong_password"),
        ("28000", "[FreeTDS][SQL Server]Login failed for user 'sa'. (18456) (SQLDriverConnect)", "wrong_password"),
        (
            "28000",
            f"{ODBC}Login failed for user 'x'. (18456) (SQLDriverConnect); [42000] {ODBC}Cannot open database \"shop\" "
            "requested by the login. The login failed. (4060)",
            "no_database",
        ),
        (
            "42000",
            f'{ODBC}Cannot open database "shop" requested by the login. The login failed. (4060) (SQLDriverConnect); '
            f"[28000] {ODBC}Login failed for user 'x'. (18456)  (SQLDriverConnect)",
            "no_database",
        ),
        (
            "HYT00",
            "[Microsoft][ODBC Driver 18 for SQL Server]Login timeout expired (0) (SQLDriverConnect)",
            "cannot_connect",
        ),
        ("HYT00", "[Microsoft][ODBC Driver 18 for SQL Server]Query timeout expired (0) (SQLExecDirectW)", "busy"),
        ("08001", "[FreeTDS][SQL Server]Unable to connect to data source (0) (SQLDriverConnect)", "cannot_connect"),
        ("08S01", "[FreeTDS][SQL Server]Write to the server failed (20006) (SQLExecDirectW)", "connection_lost"),
        ("HY000", "[FreeTDS][SQL Server]Unknown error (0) (SQLExecDirectW)", "connection_lost"),
        ("08S01", "[FreeTDS][SQL Server]Unable to connect: unavailable (20009) (SQLDriverConnect)", "cannot_connect"),
        ("HY000", f"{ODBC}Unknown error of the server's own. (5678) (SQLExecDirectW)", None),
        (
            "01000",
            "[unixODBC][Driver Manager]Can't open lib 'ODBC Driver 18' : file not found (0) (SQLDriverConnect)",
            "no_driver",
        ),
        ("IM002", "[unixODBC][Driver Manager]Data source name not found (0) (SQLDriverConnect)", "no_driver"),
        (
            "40001",
            f"{ODBC}Transaction was deadlocked and has been chosen as the victim. (1205) (SQLExecDirectW)",
            "locked",
        ),
        ("42000", f"{ODBC}Lock request time out period exceeded. (1222) (SQLExecDirectW)", "locked"),
        (
            "42000",
            f"{ODBC}Snapshot isolation transaction aborted due to update conflict. (3960) (SQLExecDirectW)",
            "locked",
        ),
        ("42000", f"{ODBC}Snapshot isolation is not allowed in this database. (3952) (SQLExecDirectW)", "no_snapshots"),
        (
            "42000",
            f"{ODBC}Could not allocate space because the filegroup is full. (1105) (SQLExecDirectW)",
            "disk_full",
        ),
        ("42000", f"{ODBC}The transaction log is full. (9002) (SQLExecDirectW)", "disk_full"),
        (
            "25000",
            f"{ODBC}Failed to update database because the database is read-only. (3906) (SQLExecDirectW)",
            "read_only",
        ),
        (
            "42000",
            f"{ODBC}The SELECT permission was denied on the object 'tasks'. (229) (SQLExecDirectW)",
            "not_allowed",
        ),
        ("42000", f"{ODBC}Incorrect syntax near 'x'. (102) (SQLExecDirectW)", None),
        ("23000", f"{ODBC}Violation of UNIQUE KEY constraint. (2627) (SQLExecDirectW)", None),
    ],
)
async def test_errors_are_told_by_what_they_mean(state: str, text: str, reason: str | None) -> None:
    with stand_in.stand_in():
        server = _server()
        assert server.reason(driver.ProgrammingError(state, f"[{state}] {text}")) == reason
        await server.close()
