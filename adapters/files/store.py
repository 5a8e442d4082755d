"""The file store on obstore: a folder, a bucket of S3, Google or Azure, or memory."""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from adapters.files.folders import make_private_folder, remove_abandoned, settle
from core.shared.errors import FileTooLargeError, NotFoundError, QuartermasterError

PART = 5 * 1024 * 1024
"""Bytes of one part of an upload: the smallest that S3 takes."""

_PARTS_AT_ONCE = 2
_READ = 64 * 1024
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*", re.ASCII)
_LONGEST_KEY = 200
_STAGING = ".incoming"


class FileStoreError(QuartermasterError):
    """The folder or bucket did not do what was asked; the cause says why."""

    code: ClassVar[str] = "file_store"


class _Count:
    """Counts and hashes bytes on their way and stops them at a limit."""

    def __init__(self, chunks: AsyncIterable[bytes], limit: int) -> None:
        self._chunks = chunks
        self._limit = limit
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._limit:
                raise FileTooLargeError(self._limit)
            self._hash.update(chunk)
            if chunk:
                yield chunk


class ObjectFileStore:
    """A `FileStore` on any object store. An upload is whole or not there; it takes about three parts of memory.

    In a `folder` uploads are staged and moved, since a killed process would leave its parts there.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """Keep the store, and the folder it lies in if it is one."""
        self._store = store
        self._folder = folder

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, limit: int) -> tuple[int, str]:
        """Store the bytes and return their count and SHA-256 in hex.

        Over `limit` bytes raises `FileTooLargeError` and keeps nothing.
        """
        _check(key)
        counted = _Count(chunks, limit)
        target = key if self._folder is None else f"{_STAGING}/{secrets.token_hex(16)}"
        try:
            await obstore.put_async(
                self._store, target, aiter(counted), chunk_size=PART, max_concurrency=_PARTS_AT_ONCE
            )
            if self._folder is not None:
                await asyncio.to_thread(settle, self._folder / target, self._folder / key)
        except (BaseError, OSError) as error:
            raise FileStoreError("could not store a file") from error
        return counted.size, counted.sha256

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Yield the bytes in chunks; a missing key raises `NotFoundError`."""
        _check(key)
        try:
            found = await obstore.get_async(self._store, key)
            async for chunk in found.stream(min_chunk_size=_READ):
                yield bytes(chunk)
        except FileNotFoundError:
            raise NotFoundError("file", key) from None
        except (BaseError, OSError) as error:
            raise FileStoreError("could not read a file") from error

    async def delete(self, key: str) -> None:
        """Remove the object; a missing one is no error."""
        _check(key)
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise FileStoreError("could not remove a file") from error

    async def keys(self, folder: str) -> AsyncIterator[str]:
        """Yield the keys that begin with `folder/`, in no order."""
        _check(folder)
        try:
            async for found in obstore.list(self._store, prefix=f"{folder}/"):
                for one in found:
                    yield one["path"]
        except (BaseError, OSError) as error:
            raise FileStoreError("could not list files") from error


def _check(key: str) -> None:
    """Refuse a key that is not one of ours; it may become a path."""
    if len(key) > _LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError("not a key of the file store")


def open_file_store(url: str | None, data_dir: Path) -> ObjectFileStore:
    """Open the store of that address, by default the folder `files` of the data folder.

    `file:///folder`, `s3://bucket/path`, `gs://bucket/path`, `az://container/path` or `memory:///`. Clouds take their
    credentials from their own environment variables. Raises `FileStoreError` when the folder can't be made or the
    cloud's settings are wrong.
    """
    try:
        if url is None:
            return _open_folder(data_dir / "files")
        parts = urlsplit(url)
        if parts.scheme == "file":
            return _open_folder(Path(unquote(parts.path)))
        if parts.scheme == "memory":
            return ObjectFileStore(MemoryStore())
        return ObjectFileStore(
            from_url(
                url,
                # Options given here hide the environment's, of which a storage server of one's own needs this one.
                client_options={"connect_timeout": "5s", "timeout": "30s", "allow_http": _allows_http()},
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
            )
        )
    except (BaseError, OSError, ValueError) as error:
        raise FileStoreError("could not open the file store") from error


def _allows_http() -> bool:
    return os.environ.get("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}


def _open_folder(folder: Path) -> ObjectFileStore:
    make_private_folder(folder)
    make_private_folder(folder / _STAGING)
    remove_abandoned(folder / _STAGING)
    return ObjectFileStore(LocalStore(folder), folder)
