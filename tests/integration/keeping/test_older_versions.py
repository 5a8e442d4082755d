"""Backups and databases of older versions: brought up to date where they are used, left alone where they are not."""

import hashlib
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import adapters.storage.migrations as migrations
from adapters.archive import Manifest
from adapters.archive.manifest import Part
from adapters.archive.usable import make_usable
from adapters.storage import SchemaState, schema_state
from adapters.storage.copying import Copy
from core.ports.keeping import ArchiveError, CopyError
from tests.support.filled import contents, fill
from tests.support.keeping import Shop
from tests.support.storage import fresh_url, url_of


def _first_version(file: Path) -> None:
    """Make a database of the first version with a workspace in it."""
    file.touch()
    engine = create_engine(url_of(file).replace("+aiosqlite", ""))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(file)) as database, database:
        made = "2026-11-20 12:00:00.000000"
        database.execute("INSERT INTO workspaces VALUES (7, 'old', 'UTC', 'EUR', 'en', ?)", [made])


async def test_a_backup_of_an_older_version_is_brought_up_to_date(shop: Shop, tmp_path: Path) -> None:
    archive, old, out = tmp_path / "backup.tar", tmp_path / "old.tar", tmp_path / "out"
    await shop.back_up(archive)
    with tarfile.open(archive) as opened:
        opened.extractall(out, filter="data")
    (out / "quartermaster.db").unlink()
    _first_version(out / "quartermaster.db")
    with closing(sqlite3.connect(out / "quartermaster.db")) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    content = (out / "quartermaster.db").read_bytes()
    manifest = replace(
        Manifest.from_json((out / "manifest.json").read_bytes()),
        revision="0001",
        database=Part(len(content), hashlib.sha256(content).hexdigest()),
        files=0,
    )
    (out / "manifest.json").write_bytes(manifest.to_json())
    with tarfile.open(old, "w", format=tarfile.GNU_FORMAT) as packed:
        for name in ("quartermaster.db", "secret.key", "manifest.json"):
            packed.add(out / name, name)
    there = Shop.empty(tmp_path / "there")
    back = await there.restore(old)
    assert back.copied.rows == 1
    assert [row[:2] for row in (await contents(there.url))["workspaces"]] == [(7, "old")]


ODD = {
    "a virtual table": ["CREATE VIRTUAL TABLE evil USING fts5 (words)"],
    "a virtual table in place of ours": ["DROP TABLE events", "CREATE VIRTUAL TABLE events USING fts5 (words)"],
    "a virtual table for the revision": [
        "DROP TABLE alembic_version",
        "CREATE VIRTUAL TABLE alembic_version USING fts5 (version_num)",
        "INSERT INTO alembic_version VALUES ('0001')",
    ],
    "a computed column": ["ALTER TABLE workspaces ADD COLUMN evil TEXT AS (upper(name))"],
    "a computed index": ["CREATE INDEX evil ON workspaces (upper(name))"],
    "a trigger": ["CREATE TRIGGER evil AFTER UPDATE ON alembic_version BEGIN DELETE FROM workspaces; END"],
    "a view": ["CREATE VIEW evil AS SELECT 1"],
    "a column that defaults to something else": ["ALTER TABLE workspaces ADD COLUMN evil TEXT DEFAULT 'x'"],
    "two revisions": ["INSERT INTO alembic_version VALUES ('0000')"],
    "no revision": ["DELETE FROM alembic_version"],
    "no table for the revision": ["DROP TABLE alembic_version"],
    "a copy that is unfinished": ["UPDATE alembic_version SET version_num = 'copying 0001'"],
}


@pytest.mark.parametrize("statements", ODD.values(), ids=ODD)
async def test_a_database_with_what_is_not_ours_is_refused_before_it_is_migrated(
    tmp_path: Path, statements: list[str]
) -> None:
    old = tmp_path / "old.db"
    _first_version(old)
    with closing(sqlite3.connect(old)) as database, database:
        for statement in statements:
            database.execute(statement)
    before = _dump(old)
    with pytest.raises(ArchiveError) as refused:
        await make_usable(old, tmp_path / "fresh.db", "0001")
    assert refused.value.reason == "damaged"
    assert _dump(old) == before


def _dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())


async def test_a_database_of_an_older_version_is_neither_copied_nor_changed(tmp_path: Path) -> None:
    old, fresh = tmp_path / "old.db", tmp_path / "fresh"
    _first_version(old)
    fresh.mkdir()
    here = fresh_url(fresh)
    await fill(here, 3)
    for source, target, reason in (
        (url_of(old), url_of(tmp_path / "new.db"), "older"),
        (here, url_of(old), "has_data"),
    ):
        with pytest.raises(CopyError) as refused:
            await Copy(source, target).run()
        assert refused.value.reason == reason
    assert await schema_state(url_of(old)) is SchemaState.OLDER
    await Copy(here, url_of(old), replace=True).run()
    assert await contents(url_of(old)) == await contents(here)
