"""Where the bytes of files are kept."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Protocol

UPLOADS = "console-uploads"
"""The folder of keys of uploads that wait for the line they belong to; their last part is an id made at the time."""


class FileStore(Protocol):
    """Objects by key; keys are made by us, never by people."""

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, limit: int) -> tuple[int, str]:
        """Store the bytes and return their count and SHA-256 in hex.

        Over `limit` bytes raises `FileTooLargeError` and keeps nothing.
        """
        ...

    def read(self, key: str) -> AsyncIterator[bytes]:
        """Yield the bytes in chunks; a missing key raises `NotFoundError`."""
        ...

    async def delete(self, key: str) -> None:
        """Remove the object; a missing one is no error."""
        ...

    def keys(self, folder: str) -> AsyncIterator[str]:
        """Yield the keys that begin with `folder/`, in no order; what is stored or removed meanwhile may be missed."""
        ...
