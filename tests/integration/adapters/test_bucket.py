"""The file store in a bucket, over the wire to a local S3."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.files import FileStoreError, ObjectFileStore, open_file_store
from adapters.files.store import PART
from core.shared.errors import FileTooLargeError, NotFoundError
from tests.support.s3 import LocalS3, local_s3

MANY = 100 * 1024 * 1024


@pytest.fixture
async def s3(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalS3]:
    async with local_s3() as found:
        monkeypatch.setenv("AWS_ENDPOINT", found.url)
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        monkeypatch.setenv("AWS_REGION", "eu-central-1")
        yield found


@pytest.fixture
def store(s3: LocalS3, tmp_path: Path) -> ObjectFileStore:
    return open_file_store("s3://bucket/quartermaster", tmp_path)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_small_file_goes_to_the_bucket_and_comes_back(store: ObjectFileStore, s3: LocalS3) -> None:
    size, digest = await store.put("ab/one", chunks(b"hello ", b"world"), limit=MANY)
    assert (size, digest) == (11, hashlib.sha256(b"hello world").hexdigest())
    assert s3.objects == {"/bucket/quartermaster/ab/one": b"hello world"}
    assert b"".join([chunk async for chunk in store.read("ab/one")]) == b"hello world"
    await store.delete("ab/one")
    assert s3.objects == {}


async def test_a_large_file_goes_in_parts_of_bounded_size(store: ObjectFileStore, s3: LocalS3) -> None:
    content = bytes(range(256)) * (PART // 128)
    await store.put("big", chunks(content, b"end"), limit=MANY)
    assert s3.objects == {"/bucket/quartermaster/big": content + b"end"}
    assert s3.uploads == {}
    assert s3.largest_part <= 2 * PART


async def test_over_the_limit_nothing_stays_in_the_bucket(store: ObjectFileStore, s3: LocalS3) -> None:
    with pytest.raises(FileTooLargeError):
        await store.put("big", chunks(*[b"x" * PART] * 4), limit=3 * PART)
    assert s3.objects == {}
    assert s3.uploads == {}


async def test_what_is_not_there_is_not_found(store: ObjectFileStore) -> None:
    with pytest.raises(NotFoundError):
        [chunk async for chunk in store.read("missing")]
    await store.delete("missing")


async def test_a_bucket_that_refuses_is_our_error_without_its_words(store: ObjectFileStore, s3: LocalS3) -> None:
    s3.is_down = True
    with pytest.raises(FileStoreError, match="could not store"):
        await store.put("one", chunks(b"x"), limit=MANY)
    with pytest.raises(FileStoreError, match="could not read"):
        [chunk async for chunk in store.read("one")]
    with pytest.raises(FileStoreError, match="could not remove"):
        await store.delete("one")
