"""Files that people hand in and files made for them: kept with their names, and opened for those who may read them."""

import mimetypes
import re
import unicodedata
from collections.abc import AsyncIterator, Collection, Mapping
from functools import cache

from core.chat.actor import Actor
from core.chat.request import Attachment, ChannelKind
from core.files.model import StoredFile
from core.ports.files import FileStore
from core.ports.storage import Transactions, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import FileTooLargeError, NotFoundError
from core.shared.ids import new_id
from core.workspaces.model import Audience

DEFAULT_LIMIT = 50_000_000
"""Bytes of a file that somebody hands in, unless the settings say otherwise."""

MADE_LIMIT = 500_000_000
"""Bytes of a file that we make."""

NAME_LIMIT = 200
UNKNOWN_TYPE = "application/octet-stream"

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")
_FILE_ID = re.compile(r"[0-9A-Z]{26}")


def file_key(workspace_id: int, file_id: str) -> str:
    """Return the key under which the store has a file's bytes."""
    return f"files/{workspace_id}/{file_id}"


class FileService:
    """The files of one workspace, for the length of one request."""

    def __init__(
        self, transactions: Transactions, store: FileStore, clock: Clock, *, limit: int = DEFAULT_LIMIT
    ) -> None:
        """Bind to the units of work and the store; `limit` bytes of a file handed in are taken."""
        self._transactions = transactions
        self._store = store
        self._clock = clock
        self._limit = limit

    async def keep(self, actor: Actor, attachment: Attachment, *, only: int | None = None) -> StoredFile:
        """Store what somebody handed in, readable as `StoredFile` says; raises as `receive` does."""
        file = await self.receive(actor, attachment, only=only)
        async with self._transactions.write() as work:
            work.files.add(file)
            await work.commit()
        return file

    async def receive(self, actor: Actor, attachment: Attachment, *, only: int | None = None) -> StoredFile:
        """Store the bytes that somebody handed in; the file becomes known when the caller adds it to a unit of work.

        Raises `FileTooLargeError`, at once if the platform says how large it is.
        """
        if attachment.size is not None and attachment.size > self._limit:
            raise FileTooLargeError(self._limit)
        return await self.write(
            actor, attachment.name, attachment.open(), only=only, media_type=attachment.media_type, limit=self._limit
        )

    async def write(
        self,
        actor: Actor,
        name: str,
        chunks: AsyncIterator[bytes],
        *,
        only: int | None = None,
        media_type: str = "",
        limit: int = MADE_LIMIT,
    ) -> StoredFile:
        """Store bytes and return the file they are; it becomes known when the caller adds it to a unit of work.

        What stops the chunks is raised as it is, and nothing is kept then.
        """
        now = self._clock.now()
        file_id = new_id(now)
        safe = safe_name(name)
        watched = _Watched(chunks)
        try:
            size, digest = await self._store.put(file_key(actor.workspace_id, file_id), aiter(watched), limit=limit)
        except Exception:  # whatever the store made of it, the cause is what the chunks raised
            if watched.failure:
                raise watched.failure from None
            raise
        return StoredFile(
            file_id, safe, media_type_of(safe, media_type), size, digest, actor.member_id, actor.channel_id, only, now
        )

    async def discard(self, actor: Actor, file: StoredFile) -> None:
        """Drop the bytes of a file, unless it became known: then somebody may be about to read it."""
        async with self._transactions.read() as work:
            is_known = await work.files.get(file.id) is not None
        if not is_known:
            await self._store.delete(file_key(actor.workspace_id, file.id))

    def read(self, actor: Actor, file: StoredFile) -> AsyncIterator[bytes]:
        """Return the bytes of a file that the actor has just handed in, in chunks."""
        return self._store.read(file_key(actor.workspace_id, file.id))

    async def find(self, file_id: str, audience: Audience) -> StoredFile:
        """Return a file; raises `NotFoundError` if there is none by that id or the audience may not read it."""
        async with self._transactions.read() as work:
            return await find_file(work, file_id, audience)

    async def names(self, file_ids: Collection[str], audience: Audience) -> Mapping[str, str]:
        """Return what those of some files are called that the audience may read, by their ids."""
        async with self._transactions.read() as work:
            found = [await work.files.get(file_id) for file_id in file_ids]
            return {file.id: file.name for file in found if file and await _may_read(work, file, audience)}

    async def open(self, file_id: str, audience: Audience) -> tuple[StoredFile, AsyncIterator[bytes]]:
        """Return a file that the audience may read, and its bytes in chunks."""
        async with self._transactions.read() as work:
            file = await find_file(work, file_id, audience)
            return file, self._store.read(file_key(work.workspace_id, file.id))


class _Watched:
    """Chunks on their way into the store, and what stopped them."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.failure: Exception | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._chunks:
                yield chunk
        except Exception as error:  # it goes on its way, through the store and past it
            self.failure = error
            raise


async def find_file(work: UnitOfWork, file_id: str, audience: Audience) -> StoredFile:
    """Return a file of the workspace that the audience may read; raises `NotFoundError`."""
    file = await work.files.get(file_id) if _FILE_ID.fullmatch(file_id) else None
    if file is None or not await _may_read(work, file, audience):
        raise NotFoundError("file", file_id[:NAME_LIMIT])
    return file


async def _may_read(work: UnitOfWork, file: StoredFile, audience: Audience) -> bool:
    """Tell whether a member may read a file: its author, the only one it is for, else whoever sees its channel."""
    if audience.member_id == file.author_id or audience.everything:
        return True
    if file.only is not None:
        return audience.member_id == file.only
    if file.channel_id in audience.channels:
        return True
    channels = await work.channels.all()
    return any(channel.id == file.channel_id and channel.kind is ChannelKind.PUBLIC for channel in channels)


def safe_name(name: str) -> str:
    """Return a file's name without folders and marks that could make it pose as another, at most 200 characters."""
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C")
    plain = " ".join(shown.split()).strip(". ")
    if len(plain) <= NAME_LIMIT:
        return plain or "file"
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}" if dot and len(ending) <= 16 else plain[:NAME_LIMIT]


@cache
def _types() -> mimetypes.MimeTypes:
    """Return the types of files by their endings; the first call reads the machine's own lists, and leaves them out.

    So a name means the same everywhere.
    """
    types = mimetypes.MimeTypes(filenames=())
    types.add_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
    return types


def media_type_of(name: str, claimed: str = "") -> str:
    """Return the media type that a name's ending stands for, else the claimed one if it is well formed."""
    guessed, encoding = _types().guess_type(name, strict=True)
    if guessed and not encoding:
        return guessed
    plain = claimed.partition(";")[0].strip().lower()
    return plain if _TYPE.fullmatch(plain) else UNKNOWN_TYPE
