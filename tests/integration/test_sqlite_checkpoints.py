"""What was committed to a SQLite file is moved out of its log, beside those who write."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage import Limits
from adapters.storage.engine.database import Once
from adapters.storage.engine.dialects import sqlite_checkpoints
from adapters.storage.engine.dialects.sqlite_checkpoints import MUCH, PAUSE, SOON
from adapters.storage.engine.dialects.sqlite_connections import Visited
from adapters.storage.engine.dialects.sqlite_database import SqliteDatabase
from adapters.storage.engine.statements import Statements
from tests.support.patience import until
from tests.support.storage import url_of

_KEEP = sa.text("INSERT INTO kept (value) VALUES (zeroblob(:size))")
SIZE = 40 * 4096
"""Bytes of a row, which fills so many pages."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = sqlite3.connect(tmp_path / "small.db")
    made.execute("PRAGMA journal_mode = WAL")
    made.execute("CREATE TABLE kept (value BLOB NOT NULL)")
    made.close()
    return tmp_path / "small.db"


@pytest.fixture
async def database(file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteDatabase]:
    monkeypatch.setattr(sqlite_checkpoints, "PAUSE", 0.01)
    monkeypatch.setattr(sqlite_checkpoints, "LONG", 30)
    opened = SqliteDatabase(url_of(file), Limits(writer=10.0, reader=10.0, lock=10.0))
    yield opened
    await opened.close()


async def write(database: SqliteDatabase, size: int = SIZE) -> None:
    def keep(db: Statements) -> None:
        db.execute(_KEEP, {"size": size})

    await Once(database).write(keep)


async def test_what_is_committed_reaches_the_file_without_another_commit(file: Path, database: SqliteDatabase) -> None:
    before = file.stat().st_size
    await write(database)
    await until(lambda: file.stat().st_size > before)


async def test_a_long_log_begins_anew_instead_of_growing(file: Path, database: SqliteDatabase) -> None:
    log = file.with_name(f"{file.name}-wal")
    for row in range(1, 8):
        await write(database)
        await until(lambda row=row: file.stat().st_size >= row * SIZE)  # type: ignore[misc]
    assert log.stat().st_size < 7 * SIZE / 2


@pytest.mark.parametrize(
    ("pause", "moved", "following"),
    [
        (PAUSE, 0, PAUSE),
        (PAUSE, MUCH, PAUSE),
        (PAUSE, 2 * MUCH, PAUSE / 2),
        (PAUSE, 99 * MUCH, SOON),
        (SOON, 10, PAUSE),
    ],
)
def test_the_more_is_written_the_sooner_is_it_moved(pause: float, moved: int, following: float) -> None:
    assert sqlite_checkpoints.pause_after(pause, moved) == pytest.approx(following)


async def test_a_database_is_closed_before_its_checkpoint_is_due(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_checkpoints, "PAUSE", 3600)
    opened = SqliteDatabase(url_of(file))
    await write(opened)
    await opened.close()
    assert not file.with_name(f"{file.name}-wal").exists()


async def test_what_is_written_during_a_long_checkpoint_is_moved_before_those_who_write_wait(
    file: Path, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, logs = sqlite_checkpoints._checkpoint, list[int]()

    def written_meanwhile(driver: Visited) -> int:
        with closing(sqlite3.connect(file)) as reader, closing(sqlite3.connect(file)) as writer, writer:
            if not logs:
                # As long as somebody reads what is in it, the log goes on.
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM kept").fetchone()
            logs.append(checkpoint(driver))
            if len(logs) == 1:
                writer.execute("INSERT INTO kept (value) VALUES (zeroblob(?))", (SIZE,))
        return logs[-1]

    monkeypatch.setattr(sqlite_checkpoints, "_checkpoint", written_meanwhile)
    await write(database)
    await until(lambda: len(logs) == 2 + sqlite_checkpoints.PASSES)
    assert logs[1] > logs[0]
    assert logs[-1] == logs[-2]
