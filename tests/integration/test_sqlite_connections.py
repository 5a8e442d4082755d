"""Connections to a SQLite file: visited in order, opened anew after an error, closed whatever happens."""

import asyncio
import signal
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage import Limits, SchemaState, migrate, schema_state
from adapters.storage.engine.database import Once
from adapters.storage.engine.dialects.sqlite_connections import SqliteConnection, SqliteConnections, Visited
from adapters.storage.engine.dialects.sqlite_database import SqliteDatabase
from adapters.storage.engine.statements import Statements
from core.ports.storage import StorageUnavailableError
from tests.support.patience import patiently, until
from tests.support.storage import fresh_url, url_of

ROOT = Path(__file__).parents[2]
_KEEP = sa.text("INSERT INTO kept (value) VALUES (:value)")
_FAIL = sa.text("INSERT INTO kept (value) VALUES (NULL)")
_ALL = sa.text("SELECT value FROM kept ORDER BY rowid")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    file = tmp_path / "small.db"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE kept (value INTEGER NOT NULL)")
    made.close()
    opened = SqliteDatabase(url_of(file), Limits(writer=10.0, reader=10.0, lock=10.0))
    yield opened
    await opened.close()


async def kept(database: SqliteDatabase) -> list[int]:
    return await Once(database).read(lambda db: list(db.execute(_ALL).scalars()))


async def write(database: SqliteDatabase, value: int) -> None:
    await Once(database).write(lambda db: _keep(db, value))


def _left(before: set[threading.Thread]) -> list[threading.Thread]:
    """Return the threads that were not there before and do not end."""
    since = set(threading.enumerate()) - before
    for thread in since:
        thread.join(timeout=10)
    return [thread for thread in since if thread.is_alive()]


def _keep(db: Statements, value: int) -> None:
    db.execute(_KEEP, {"value": value})


def _fail(db: Statements) -> None:
    db.execute(_KEEP, {"value": -1})
    db.execute(_FAIL)


# ---------------------------------------------------------------- in order


async def test_writers_have_their_turn_in_the_order_in_which_they_asked(database: SqliteDatabase) -> None:
    async def step_by_step(value: int) -> None:
        transaction = database.writer()
        await transaction.run(lambda db: _keep(db, value))
        await transaction.run(lambda db: _keep(db, value))
        await transaction.commit(lambda db: None, lambda: None)

    await asyncio.gather(*(step_by_step(n) if n % 3 else write(database, n) for n in range(60)))
    expected = [value for n in range(60) for value in ([n, n] if n % 3 else [n])]
    assert await kept(database) == expected


async def test_a_commit_that_fails_takes_nobody_behind_it_along(database: SqliteDatabase) -> None:
    async def fail() -> None:
        with pytest.raises(sqlite3.IntegrityError):
            await Once(database).write(_fail)

    async def step_by_step(value: int) -> None:
        transaction = database.writer()
        for _ in range(3):
            await transaction.run(lambda db: _keep(db, value))
        await transaction.commit(lambda db: None, lambda: None)

    await asyncio.gather(*(fail() if n % 2 else step_by_step(n) for n in range(20)))
    assert await kept(database) == [value for value in range(0, 20, 2) for _ in range(3)]
    assert database.statistics().errors == 10


async def test_a_commit_that_a_mistake_of_ours_ends_is_rolled_back(database: SqliteDatabase) -> None:
    def stumble(db: Statements) -> None:
        db.execute(_KEEP, {"value": 1})
        raise KeyError("a mistake of ours")

    with pytest.raises(KeyError):
        await Once(database).write(stumble)
    await write(database, 2)
    assert await kept(database) == [2]


# ---------------------------------------------------------------- one patience


@dataclass
class Waited:
    """A writer that was kept in line for some seconds, and how it went on."""

    database: SqliteDatabase
    seconds: float
    moment: float = 0.0

    async def writes(self, monkeypatch: pytest.MonkeyPatch, value: int) -> None:
        monkeypatch.setattr("adapters.storage.engine.dialects.sqlite_database.perf_counter", lambda: self.moment)
        holder = await self.database._writers.take()
        writing = asyncio.create_task(write(self.database, value))
        await until(lambda: self.database.statistics().waiting)
        self.moment += self.seconds
        self.database._writers.give_back(holder)
        await writing


async def test_who_waited_in_line_does_not_wait_as_long_again_for_another_process(
    tmp_path: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = SqliteDatabase(url_of(tmp_path / "small.db"), Limits(writer=600.0, lock=600.0))
    await write(patient, 1)
    with closing(sqlite3.connect(tmp_path / "small.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailableError) as refused:
            await Waited(patient, seconds=600.0).writes(monkeypatch, 2)
    assert refused.value.reason == "locked"
    await patient.close()


async def test_who_waited_in_line_leaves_the_next_one_all_its_patience(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Waited(database, seconds=7.0).writes(monkeypatch, 1)
    assert await kept(database) == [1]
    connection = await database._writers.take()
    assert await connection.visit(lambda driver: driver.execute("PRAGMA busy_timeout").fetchone()) == (10_000,)
    database._writers.give_back(connection)


# ---------------------------------------------------------------- whoever stops waiting


@pytest.mark.parametrize("steps", range(12))
async def test_who_stops_waiting_leaves_the_whole_of_a_transaction_or_nothing(
    database: SqliteDatabase, steps: int
) -> None:
    done: list[int] = []

    async def twice(value: int) -> None:
        transaction = database.writer()
        try:
            await transaction.run(lambda db: _keep(db, value))
            await transaction.commit(lambda db: _keep(db, value), lambda: done.append(value))
        finally:
            await transaction.end()

    tasks = [asyncio.create_task(twice(value)) for value in range(5)]
    for _ in range(steps):
        await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await twice(9)
    assert await kept(database) == [value for value in done for _ in range(2)]
    assert {1, 3, 9} <= set(done)


async def test_a_transaction_is_over_for_who_stopped_waiting_for_a_statement(database: SqliteDatabase) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(db: Statements) -> None:
        db.execute(_KEEP, {"value": 1})
        begun.set()
        go_on.wait(30)

    transaction = database.writer()
    holding = asyncio.create_task(transaction.run(hold))
    await asyncio.to_thread(begun.wait, 30)
    holding.cancel()
    await asyncio.gather(holding, return_exceptions=True)
    await transaction.end()
    next_one = asyncio.create_task(write(database, 2))
    await asyncio.sleep(0)
    go_on.set()
    await next_one
    assert await kept(database) == [2]


async def test_who_stops_waiting_while_a_connection_is_opened_leaves_it_to_the_next(database: SqliteDatabase) -> None:
    impatient = asyncio.create_task(write(database, 1))
    for _ in range(3):
        await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    await write(database, 2)
    assert await kept(database) == [2]


# ---------------------------------------------------------------- what can't be opened


async def test_a_file_that_is_gone_is_named_until_it_is_back(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    file = tmp_path / "quartermaster.db"
    database = SqliteDatabase(url_of(file))
    for attempt in (Once(database).read, Once(database).write):
        with pytest.raises(StorageUnavailableError) as refused:
            await attempt(lambda db: db.execute(sa.text("SELECT 1")).scalar())
        assert refused.value.reason == "cannot_open"
    assert _left(before) == []
    fresh_url(tmp_path)
    assert await Once(database).read(lambda db: db.execute(sa.text("SELECT 1")).scalar()) == 1
    await database.close()
    assert _left(before) == []


async def test_what_is_no_database_is_named_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    file = tmp_path / "letter.db"
    file.write_text("Dear all, " * 1000, encoding="utf-8")
    database = SqliteDatabase(url_of(file))
    with pytest.raises(StorageUnavailableError) as refused:
        await Once(database).read(lambda db: db.execute(sa.text("SELECT 1")).scalar())
    assert refused.value.reason == "damaged"
    for asked in (schema_state, migrate):
        with pytest.raises(StorageUnavailableError):
            await asked(url_of(file))
    await database.close()
    assert _left(before) == []


# ---------------------------------------------------------------- closed


async def test_what_is_still_in_use_is_closed_after_a_while(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    url = fresh_url(tmp_path)
    connections = SqliteConnections([SqliteConnection(tmp_path / "quartermaster.db", 1.0)], 0.05)
    taken = await connections.take()
    await taken.visit(lambda driver: driver.execute("BEGIN IMMEDIATE").close())
    await connections.close()
    with pytest.raises(StorageUnavailableError) as refused:
        await taken.visit(Visited.roll_back)
    assert refused.value.reason == "closed"
    assert _left(before) == []
    await migrate(url)
    assert await schema_state(url) is SchemaState.CURRENT


async def test_closing_that_is_cut_off_closes_all_the_same(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    fresh_url(tmp_path)
    connections = SqliteConnections([SqliteConnection(tmp_path / "quartermaster.db", 1.0)], 30.0)
    await connections.take()
    closing = asyncio.create_task(connections.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.gather(closing, return_exceptions=True)
    assert _left(before) == []


_WORKS = """
import asyncio, sys
import sqlalchemy as sa
from adapters.storage.engine.dialects.sqlite_database import SqliteDatabase
from adapters.storage.engine.database import Once

async def main():
    database = SqliteDatabase(sys.argv[1])
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(6):
                group.create_task(work(database))
    finally:
        await database.close()

async def work(database):
    while True:
        await Once(database).write(lambda db: db.execute(sa.text("UPDATE counters SET value = value + 1")).rowcount)
        await Once(database).read(lambda db: db.execute(sa.text("SELECT 1")).scalar())
        print("worked", flush=True)

asyncio.run(main())
"""


async def test_a_process_that_is_interrupted_ends_and_says_nothing_of_it(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "dev", "-c", _WORKS, fresh_url(tmp_path),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert child.stdout is not None
    for _ in range(20):
        await child.stdout.readline()
    child.send_signal(signal.SIGINT)
    async with patiently(30):
        _, said = await child.communicate()
    words = said.decode()
    assert "KeyboardInterrupt" in words
    assert "Exception in thread" not in words
    assert "ResourceWarning" not in words
