"""A backup brings back what was there, into a database of any kind, and a bad one changes nothing."""

import errno
import hashlib
import os
import shutil
import sqlite3
import stat
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.archive import Manifest
from adapters.archive.manifest import Part
from adapters.files import open_file_store
from adapters.storage import SchemaState, schema_state
from adapters.storage.migrations import REVISIONS
from adapters.storage.schema.board_table import boards
from adapters.storage.schema.job_table import jobs
from adapters.storage.schema.tables import files, outbox, tasks
from core.ports.keeping import ArchiveError, CopyError, Held, Step, StepKind
from tests.contract.storage.world import NOON
from tests.support.databases import fresh_database
from tests.support.filled import contents, fill, visit
from tests.support.keeping import KEY, ROWS, Shop, content_of, store_files
from tests.support.s3 import local_s3
from tests.support.storage import fresh_url, url_of

DATABASE, MANIFEST = "quartermaster.db", "manifest.json"


async def settle(url: str) -> None:
    """Let nothing be under way, so that nothing is held back."""
    await visit(url, lambda db: db.execute(sa.update(outbox).values(finished_at=NOON)).rowcount)
    await visit(url, lambda db: db.execute(sa.update(boards).values(retired="", message="M")).rowcount)
    await visit(url, lambda db: db.execute(sa.update(tasks).values(remind_at=None)).rowcount)
    await visit(url, lambda db: db.execute(sa.update(jobs).values(state="completed", ended_at=NOON)).rowcount)


async def test_everything_is_back_in_a_database_of_any_kind(pair: tuple[str, str], tmp_path: Path) -> None:
    source, target = pair
    await settle(source)
    here = Shop.at(tmp_path / "here", source)
    keys = await store_files(source, here.store)
    archive = tmp_path / "backup.tar"
    made = await here.back_up(archive)
    assert (made.manifest.files, made.manifest.missing, made.path) == (ROWS, 0, archive)
    there = Shop.empty(tmp_path / "there", target)
    back = await there.restore(archive)
    assert back.held == Held()
    assert await contents(target) == await contents(source)
    assert [await there.read(key) for key in keys] == [content_of(key.rpartition("/")[2]) for key in keys]
    assert (tmp_path / "there" / "secret.key").read_text() == f"{KEY}\n"
    assert not list((tmp_path / "there" / "scratch").iterdir())


async def test_from_postgres_to_a_file_and_back_nothing_is_lost(tmp_path: Path) -> None:
    async with (
        fresh_database("postgresql", tmp_path) as first,
        fresh_database("postgresql", tmp_path, empty=True) as last,
    ):
        await fill(first, ROWS)
        await settle(first)
        shops = [Shop.empty(tmp_path / "a", first), Shop.empty(tmp_path / "b"), Shop.empty(tmp_path / "c", last)]
        for number, (here, there) in enumerate(pairwise(shops)):
            await here.back_up(tmp_path / f"{number}.tar")
            await there.restore(tmp_path / f"{number}.tar")
        assert await contents(last) == await contents(first)


async def test_an_archive_is_private_and_any_program_unpacks_it(shop: Shop, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar"
    made = await shop.back_up(archive)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert made.size == archive.stat().st_size
    with tarfile.open(archive) as unpacked:
        names = unpacked.getnames()
        unpacked.extractall(tmp_path / "out", filter="data")
    assert names[:2] == [DATABASE, "secret.key"]
    assert names[-1] == MANIFEST
    assert len(names) == 3 + 5
    with closing(sqlite3.connect(tmp_path / "out" / DATABASE)) as database:
        assert database.execute("SELECT count(*) FROM tasks").fetchone() == (5,)
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "out", "shop"}
    with pytest.raises(ArchiveError) as refused:
        await shop.back_up(archive)
    assert refused.value.reason == "is_there"


@pytest.mark.parametrize("has_links", [True, False])
async def test_a_file_that_was_made_meanwhile_is_not_overwritten(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    if not has_links:
        monkeypatch.setattr(os, "link", _no_links)
    archive = tmp_path / "backup.tar"

    def tell(step: Step) -> None:
        archive.write_text("somebody's")

    with pytest.raises(ArchiveError) as refused:
        await shop.back_up(archive, tell)
    assert refused.value.reason == "is_there"
    assert archive.read_text() == "somebody's"
    assert {path.name for path in tmp_path.iterdir()} == {"backup.tar", "shop"}


async def test_a_file_system_without_links_takes_a_backup(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _no_links)
    made = await shop.back_up(tmp_path / "backup.tar")
    assert made.size == (tmp_path / "backup.tar").stat().st_size
    assert stat.S_IMODE((tmp_path / "backup.tar").stat().st_mode) == 0o600
    await Shop.empty(tmp_path / "there").restore(tmp_path / "backup.tar")


def _no_links(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


async def test_what_a_killed_backup_left_is_removed_by_a_later_one(shop: Shop, tmp_path: Path) -> None:
    for name, days in ((".quartermaster-backup-old", 2), (".quartermaster-backup-new", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / DATABASE).write_bytes(b"half")
        moment = time.time() - days * 86_400
        os.utime(tmp_path / name, (moment, moment))
    await shop.back_up(tmp_path / "backup.tar")
    assert {path.name for path in tmp_path.iterdir()} == {".quartermaster-backup-new", "backup.tar", "shop"}


async def test_files_that_are_gone_or_damaged_are_told_and_the_rest_is_kept(shop: Shop, tmp_path: Path) -> None:
    gone, spoilt = "files/1/00000000000000000000000002", "files/1/00000000000000000000000004"
    (shop.folder / "files" / gone).unlink()
    (shop.folder / "files" / spoilt).write_bytes(b"spoilt")
    steps: list[Step] = []
    made = await shop.back_up(tmp_path / "backup.tar", steps.append)
    told = [(step.kind, step.name) for step in steps if step.kind in (StepKind.FILE_MISSING, StepKind.FILE_DAMAGED)]
    assert told == [(StepKind.FILE_MISSING, gone), (StepKind.FILE_DAMAGED, spoilt)]
    assert (made.manifest.files, made.manifest.missing) == (4, 1)
    there = Shop.empty(tmp_path / "there")
    await there.restore(tmp_path / "backup.tar")
    assert await there.read(spoilt) == b"spoilt"


async def test_what_is_under_way_is_held_back(shop: Shop, tmp_path: Path) -> None:
    await visit(shop.url, lambda db: db.execute(sa.update(outbox).values(finished_at=None)).rowcount)
    await visit(shop.url, lambda db: db.execute(sa.update(tasks).values(remind_at=NOON, removed_at=None)).rowcount)
    await shop.back_up(tmp_path / "backup.tar")
    there = Shop.empty(tmp_path / "there")
    back = await there.restore(tmp_path / "backup.tar")
    assert back.held == Held(posts=5, reminders=5, boards=5)


async def test_data_that_is_there_stays_unless_told_otherwise(shop: Shop, tmp_path: Path) -> None:
    await shop.back_up(tmp_path / "backup.tar")
    there = Shop.empty(tmp_path / "there")
    await there.restore(tmp_path / "backup.tar")
    await visit(there.url, lambda db: db.execute(sa.update(files).values(name="changed")).rowcount)
    (there.folder / "secret.key").write_text("another key, of those who were here before\n")
    before = await contents(there.url)
    with pytest.raises(CopyError) as refused:
        await there.restore(tmp_path / "backup.tar")
    assert (refused.value.reason, refused.value.side) == ("has_data", "to")
    assert await contents(there.url) == before
    assert KEY not in (there.folder / "secret.key").read_text()
    await there.restore(tmp_path / "backup.tar", replace=True)
    assert (await contents(there.url))["files"] == (await contents(shop.url))["files"]
    # What was sealed with the former key can still be read.
    keys = (there.folder / "secret.key").read_text().splitlines()
    assert keys == [KEY, "another key, of those who were here before"]


async def test_keys_of_the_settings_have_to_be_those_of_the_backup(shop: Shop, tmp_path: Path) -> None:
    await shop.back_up(tmp_path / "backup.tar")
    there = Shop.empty(tmp_path / "there")
    with pytest.raises(ArchiveError) as refused:
        await there.restore(tmp_path / "backup.tar", keys=("another key that the settings hold, long enough",))
    assert refused.value.reason == "other_key"
    assert await schema_state(there.url) is SchemaState.EMPTY
    await there.restore(tmp_path / "backup.tar", keys=("a newer key that the settings hold, long enough", KEY))
    assert not (there.folder / "secret.key").exists()


async def test_a_restore_that_was_stopped_goes_on(shop: Shop, tmp_path: Path) -> None:
    await shop.back_up(tmp_path / "backup.tar")
    there = Shop.empty(tmp_path / "there")

    class StoppedError(Exception):
        pass

    def stop(step: Step) -> None:
        if step.name == "tasks":
            raise StoppedError

    with pytest.raises(StoppedError):
        await there.restore(tmp_path / "backup.tar", stop)
    steps: list[Step] = []
    await there.restore(tmp_path / "backup.tar", steps.append)
    assert StepKind.RESUMED in [step.kind for step in steps]
    assert (await contents(there.url))["messages"] == (await contents(shop.url))["messages"]


def _unpacked(archive: Path, folder: Path) -> list[str]:
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
        return opened.getnames()


def _packed(archive: Path, folder: Path, names: list[str]) -> None:
    with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as packed:
        for name in names:
            packed.add(folder / name, name)


async def _refused(archive: Path, tmp_path: Path) -> str:
    """Try to restore, see that nothing was changed, and return why it was refused."""
    there = Shop.empty(tmp_path / "there")
    with pytest.raises(ArchiveError) as refused:
        await there.restore(archive)
    assert await schema_state(there.url) is SchemaState.EMPTY
    assert not [path for path in there.folder.rglob("*") if path.is_file()]
    shutil.rmtree(there.folder)
    return refused.value.reason


async def test_an_archive_that_was_cut_off_anywhere_changes_nothing(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    bad = tmp_path / "bad.tar"
    for length in (100, 512, 600, 5000, len(whole) // 2, len(whole) - 60_000, len(whole) - 3000, len(whole) - 1024):
        bad.write_bytes(whole[:length])
        assert await _refused(bad, tmp_path) in ("cut_off", "no_backup"), length
    for nothing in (b"", b"hello" * 1000, os.urandom(5000), bytes(2048)):
        bad.write_bytes(nothing)
        assert await _refused(bad, tmp_path) in ("no_backup", "cut_off")


async def test_a_flipped_bit_anywhere_changes_nothing(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    size = int(whole[124:135], 8)
    keys, manifest = whole.index(KEY.encode()), whole.index(b'"revision"')
    stored = whole.index(b"content of 00000000000000000000000003")
    bad = tmp_path / "bad.tar"
    for place in (3, 130, 512 + 30, 512 + size // 2, 512 + size - 5, keys, stored, manifest + 14, manifest + 40):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1
        bad.write_bytes(spoilt)
        assert await _refused(bad, tmp_path) in ("damaged", "no_backup", "cut_off"), place


async def test_members_that_do_not_belong_there_change_nothing(backup: Path, tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.tar", tmp_path / "out"
    names = _unpacked(backup, out)
    (out / "files" / "1" / ("Z" * 26)).write_bytes(b"more")
    (out / "evil").write_bytes(b"#!/bin/sh")
    stored = names[2:-1]
    for wrong in (
        [names[0], names[1], *stored, f"files/1/{'Z' * 26}", MANIFEST],
        [names[0], names[1], *stored, "evil", MANIFEST],
        [names[0], names[1], *reversed(stored), MANIFEST],
        [names[0], names[1], *stored, stored[-1], MANIFEST],
        [names[0], names[1], *stored[1:], MANIFEST],
        [names[1], names[0], *stored, MANIFEST],
        [names[0], *stored, MANIFEST],
        [names[0], names[1], MANIFEST, *stored],
        [*names, MANIFEST],
        names[:-1],
    ):
        _packed(bad, out, wrong)
        assert await _refused(bad, tmp_path) in ("damaged", "no_backup", "cut_off"), wrong
    _packed(bad, out, names)
    there = Shop.empty(tmp_path / "good")
    await there.restore(bad)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "files/../../evil", "files/1/x\0y", "a" * 90, "./x", "ü"])
async def test_no_name_leads_elsewhere(backup: Path, tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad.tar"
    for kind in (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        header = info.tobuf(tarfile.GNU_FORMAT, "utf-8")[:512]
        bad.write_bytes(header + backup.read_bytes())
        assert await _refused(bad, tmp_path) == "no_backup"


async def test_sizes_are_not_taken_at_their_word(backup: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.tar"
    whole = backup.read_bytes()
    for size in (2**62, -1, 2**40):
        info = tarfile.TarInfo(DATABASE)
        info.size = max(size, 0)
        header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        if size < 0:
            header[124:136] = b"\xff" * 12
        bad.write_bytes(bytes(header) + whole[512:])
        assert await _refused(bad, tmp_path) in ("no_backup", "cut_off")


def _trigger(database: sqlite3.Connection) -> None:
    database.execute("CREATE TRIGGER evil AFTER INSERT ON tasks BEGIN DELETE FROM members; END")


def _view(database: sqlite3.Connection) -> None:
    database.execute("CREATE VIEW evil AS SELECT * FROM tasks")


def _another_table(database: sqlite3.Connection) -> None:
    database.execute("CREATE TABLE more (id INTEGER)")


def _words_for_numbers(database: sqlite3.Connection) -> None:
    database.execute("UPDATE tasks SET version = 'seven' WHERE number = 3")


def _bytes_for_words(database: sqlite3.Connection) -> None:
    database.execute("UPDATE tasks SET title = x'ff00' WHERE number = 3")


def _too_long(database: sqlite3.Connection) -> None:
    database.execute("UPDATE tasks SET origin = printf('%.*c', 501, 'x') WHERE number = 3")


def _no_instant(database: sqlite3.Connection) -> None:
    database.execute("UPDATE tasks SET created_at = 'yesterday' WHERE number = 3")


def _leads_nowhere(database: sqlite3.Connection) -> None:
    database.execute("UPDATE tasks SET author_id = 4711 WHERE number = 3")


def _unfinished(database: sqlite3.Connection) -> None:
    database.execute("UPDATE alembic_version SET version_num = 'copying 0003'")


def _changed(database: sqlite3.Connection) -> None:
    database.execute("UPDATE tasks SET title = 'Buy gold' WHERE number = 3")


@pytest.mark.parametrize(
    "change",
    [
        _trigger,
        _view,
        _another_table,
        _words_for_numbers,
        _bytes_for_words,
        _too_long,
        _no_instant,
        _leads_nowhere,
        _unfinished,
        _changed,
    ],
)
async def test_a_database_with_what_is_not_ours_changes_nothing(
    backup: Path, tmp_path: Path, change: Callable[[sqlite3.Connection], None]
) -> None:
    """Somebody who can write a manifest can write any digest into it; those of the tables are left as they were."""
    bad, out = tmp_path / "bad.tar", tmp_path / "out"
    names = _unpacked(backup, out)
    with closing(sqlite3.connect(out / DATABASE)) as database, database:
        change(database)
    _correct(out)
    _packed(bad, out, names)
    assert await _refused(bad, tmp_path) == "damaged"


async def test_a_backup_of_a_newer_version_is_named(backup: Path, tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.tar", tmp_path / "out"
    names = _unpacked(backup, out)
    manifest = (out / MANIFEST).read_text()
    (out / MANIFEST).write_text(manifest.replace('"format": 1', '"format": 2'))
    _packed(bad, out, names)
    assert await _refused(bad, tmp_path) == "newer"
    (out / MANIFEST).write_text(manifest)
    with closing(sqlite3.connect(out / DATABASE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    _correct(out, "9999")
    _packed(bad, out, names)
    assert await _refused(bad, tmp_path) == "newer"


def _correct(out: Path, revision: str = REVISIONS[-1]) -> None:
    """Let the manifest agree with a database file that was changed."""
    with closing(sqlite3.connect(out / DATABASE)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    content = (out / DATABASE).read_bytes()
    part = Part(len(content), hashlib.sha256(content).hexdigest())
    manifest = Manifest.from_json((out / MANIFEST).read_bytes())
    (out / MANIFEST).write_bytes(replace(manifest, database=part, revision=revision).to_json())


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"format": 1}', "[" * 100_000, '{"format": 1, "version": "\\ud800"}', "1e999", "null"]
)
async def test_a_manifest_that_is_none_changes_nothing(backup: Path, tmp_path: Path, content: str) -> None:
    bad, out = tmp_path / "bad.tar", tmp_path / "out"
    names = _unpacked(backup, out)
    (out / MANIFEST).write_text(content)
    _packed(bad, out, names)
    assert await _refused(bad, tmp_path) == "damaged"


async def test_files_in_a_bucket_are_backed_up_and_brought_back_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with local_s3() as s3:
        given = {
            "ENDPOINT": s3.url,
            "ALLOW_HTTP": "true",
            "ACCESS_KEY_ID": "id",
            "SECRET_ACCESS_KEY": "s",
            "REGION": "r",
        }
        for name, value in given.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        shops = []
        for name in ("here", "there"):
            (tmp_path / name).mkdir()
            store = open_file_store(f"s3://bucket/{name}", tmp_path / name)
            url = fresh_url(tmp_path / name) if name == "here" else url_of(tmp_path / name / "new.db")
            shops.append(Shop(url, tmp_path / name, store))
        here, there = shops
        await fill(here.url, 5)
        keys = await store_files(here.url, here.store)
        await here.back_up(tmp_path / "backup.tar")
        await there.restore(tmp_path / "backup.tar")
        assert [await there.read(key) for key in keys] == [content_of(key.rpartition("/")[2]) for key in keys]
