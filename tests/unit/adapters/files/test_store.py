"""The file store, in a folder and in memory: the same promises in both."""

import asyncio
import hashlib
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.files import FileStoreError, ObjectFileStore, open_file_store
from adapters.files.store import PART
from core.shared.errors import FileTooLargeError, NotFoundError
from tests.support.patience import until

MANY = 100 * 1024 * 1024


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectFileStore:
    return open_file_store(None if request.param == "folder" else "memory:///", tmp_path / "data")


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def content(store: ObjectFileStore, key: str) -> bytes:
    return b"".join([chunk async for chunk in store.read(key)])


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_gives_back_what_was_put_with_its_size_and_hash(store: ObjectFileStore) -> None:
    size, digest = await store.put("ab/one", chunks(b"hello ", b"", b"world"), limit=MANY)
    assert (size, digest) == (11, hashlib.sha256(b"hello world").hexdigest())
    assert await content(store, "ab/one") == b"hello world"


async def test_keeps_an_empty_file(store: ObjectFileStore) -> None:
    assert await store.put("empty", chunks(), limit=0) == (0, hashlib.sha256(b"").hexdigest())
    assert await content(store, "empty") == b""


async def test_keeps_a_file_of_several_parts_in_order(store: ObjectFileStore) -> None:
    parts = [bytes([number]) * (PART // 2 + 7) for number in range(5)]
    size, digest = await store.put("big", chunks(*parts), limit=MANY)
    assert size == sum(map(len, parts))
    assert digest == hashlib.sha256(b"".join(parts)).hexdigest()
    assert await content(store, "big") == b"".join(parts)


async def test_takes_exactly_the_limit_and_keeps_nothing_over_it(store: ObjectFileStore) -> None:
    await store.put("fits", chunks(b"12345"), limit=5)
    with pytest.raises(FileTooLargeError) as caught:
        await store.put("over", chunks(b"12345", b"6"), limit=5)
    assert caught.value.details == {"limit": 5}
    with pytest.raises(NotFoundError):
        await content(store, "over")


async def test_stops_reading_a_source_at_the_limit(store: ObjectFileStore) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 1024 * 1024

    with pytest.raises(FileTooLargeError):
        await store.put("endless", endless(), limit=20 * 1024 * 1024)
    assert taken == 21


async def test_an_upload_that_breaks_off_leaves_the_old_file(store: ObjectFileStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"n" * (PART + 1)
        raise ConnectionResetError

    await store.put("kept", chunks(b"old"), limit=MANY)
    with pytest.raises(FileStoreError):
        await store.put("kept", broken(), limit=MANY)
    assert await content(store, "kept") == b"old"


async def test_a_missing_file_is_not_found_and_may_be_deleted(store: ObjectFileStore) -> None:
    with pytest.raises(NotFoundError):
        await content(store, "missing")
    await store.delete("missing")


async def test_lists_the_keys_of_a_folder_only(store: ObjectFileStore) -> None:
    for key in ("ab/one", "ab/two", "abc/three", "four"):
        await store.put(key, chunks(b"x"), limit=MANY)
    assert sorted([key async for key in store.keys("ab")]) == ["ab/one", "ab/two"]
    assert [key async for key in store.keys("nothing")] == []


async def test_deletes(store: ObjectFileStore) -> None:
    await store.put("gone", chunks(b"x"), limit=MANY)
    await store.delete("gone")
    with pytest.raises(NotFoundError):
        await content(store, "gone")


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "a b", "ä", "x" * 201, "a\n"]
)
async def test_refuses_keys_that_might_be_paths(store: ObjectFileStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await store.put(key, chunks(b"x"), limit=MANY)
    with pytest.raises(ValueError, match="not a key"):
        await content(store, key)
    with pytest.raises(ValueError, match="not a key"):
        await store.delete(key)


async def test_a_folder_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_file_store(None, tmp_path / "data")
        await store.put("ab/cd/one", chunks(b"x"), limit=MANY)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*") if path.is_dir()}
    assert modes == {0o700}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in files_in(tmp_path)] == [0o600]


async def test_nothing_stays_behind_of_uploads_that_failed_or_were_cancelled(tmp_path: Path) -> None:
    store = open_file_store(None, tmp_path)
    started = asyncio.Event()

    async def stalls() -> AsyncIterator[bytes]:
        yield b"x" * (PART + 1)
        started.set()
        await asyncio.Event().wait()

    with pytest.raises(FileTooLargeError):
        await store.put("over", chunks(b"x" * (PART + 1), b"x"), limit=PART + 1)
    upload = asyncio.ensure_future(store.put("cancelled", stalls(), limit=MANY))
    await started.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    # The parts are removed by the store's own threads, right after.
    await until(lambda: not files_in(tmp_path))


async def test_opening_removes_what_dead_processes_left_a_day_ago(tmp_path: Path) -> None:
    store = open_file_store(None, tmp_path)
    await store.put("kept", chunks(b"x"), limit=MANY)
    old, new = tmp_path / "files/.incoming/old#1", tmp_path / "files/.incoming/new#1"
    for path in (old, new):
        path.touch()
    os.utime(old, (0, 0))
    open_file_store(None, tmp_path)
    assert files_in(tmp_path) == [new, tmp_path / "files/kept"]


async def test_a_folder_is_named_by_its_address(tmp_path: Path) -> None:
    folder = tmp_path / "my files"
    store = open_file_store(folder.as_uri(), tmp_path / "unused")
    await store.put("one", chunks(b"x"), limit=MANY)
    assert (folder / "one").read_bytes() == b"x"
    assert not (tmp_path / "unused").exists()


def test_a_folder_that_can_not_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileStoreError):
        open_file_store(None, tmp_path / "file")


@pytest.mark.parametrize("url", ["s3://bucket/path", "gs://bucket/path", "az://container/path"])
def test_opens_buckets_without_a_connection(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    assert isinstance(open_file_store(url, tmp_path), ObjectFileStore)
