"""Where the bytes of files are kept."""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Protocol


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
