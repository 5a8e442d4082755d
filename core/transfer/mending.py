"""The file that comes back with what is wrong in it, written beside the reading of the file that was handed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Protocol, Self, cast

from core.chat.actor import Actor
from core.files.model import StoredFile
from core.files.service import FileService
from core.ports.workbooks import SheetRow, SheetWriter, Workbooks
from core.transfer.sources import Piece

_PIECES_AHEAD = 4


class Mending(Protocol):
    """A file to give back in the making; what is not finished is not kept."""

    async def __aenter__(self) -> Self:
        """Open for pieces."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was not finished."""
        ...

    async def add(self, piece: Piece) -> None:
        """Append a piece."""
        ...

    async def finish(self) -> StoredFile:
        """Return the file, whole."""
        ...


class MendedText:
    """A text, stored while it is written; nothing is begun before its first piece."""

    def __init__(self, files: FileService, actor: Actor, name: str) -> None:
        """Write a file of that name, for the actor alone."""
        self._files = files
        self._actor = actor
        self._name = name
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_PIECES_AHEAD)
        self._storing: asyncio.Task[StoredFile] | None = None
        self._is_kept = False

    async def __aenter__(self) -> Self:
        """Open for pieces."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was not finished."""
        if self._storing is None or self._is_kept:
            return
        # Let go of half way, a store may be left with a reader that never ends.
        if not self._storing.done():
            await self._put(None)
        (stored,) = await asyncio.gather(self._storing, return_exceptions=True)
        if isinstance(stored, StoredFile):
            await self._files.discard(self._actor, stored)

    async def add(self, piece: Piece) -> None:
        """Append bytes."""
        await self._put(cast("bytes", piece))

    async def finish(self) -> StoredFile:
        """Return the file, whole."""
        await self._put(None)
        file = await self._store()
        self._is_kept = True
        return file

    def _store(self) -> "asyncio.Task[StoredFile]":
        if self._storing is None:
            writing = self._files.write(self._actor, self._name, self._chunks(), only=self._actor.member_id)
            self._storing = asyncio.create_task(writing, name="mending")
        return self._storing

    async def _put(self, piece: bytes | None) -> None:
        """Hand a piece over; whatever keeps the store from taking it is raised here."""
        storing = self._store()
        putting = asyncio.create_task(self._pieces.put(piece))
        await asyncio.wait({putting, storing}, return_when=asyncio.FIRST_COMPLETED)
        if not putting.done():
            putting.cancel()
            await storing

    async def _chunks(self) -> AsyncIterator[bytes]:
        while (piece := await self._pieces.get()) is not None:
            yield piece


class MendedWorkbook:
    """A workbook, whose rows are gathered until it is finished."""

    def __init__(self, files: FileService, actor: Actor, name: str, workbooks: Workbooks, title: str) -> None:
        """Write a file of that name, for the actor alone, with one sheet."""
        self._files = files
        self._actor = actor
        self._name = name
        self._opening = workbooks.writing(title)
        self._stack = AsyncExitStack()
        self._rows: SheetWriter | None = None

    async def __aenter__(self) -> Self:
        """Open for pieces."""
        self._rows = await self._stack.enter_async_context(self._opening)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was not finished."""
        await self._stack.aclose()

    async def add(self, piece: Piece) -> None:
        """Append rows."""
        await self._writer.add(cast("list[SheetRow]", piece))

    async def finish(self) -> StoredFile:
        """Make the workbook and return it."""
        chunks = self._writer.chunks()
        return await self._files.write(self._actor, self._name, chunks, only=self._actor.member_id)

    @property
    def _writer(self) -> SheetWriter:
        if self._rows is None:
            raise LookupError("a workbook is opened first")
        return self._rows
