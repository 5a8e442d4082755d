"""Files on their way: uploads wait in the file store for the command that takes them; stored files are downloaded."""

import asyncio
import json
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from aiohttp import web

from core.chat.request import Attachment
from core.files.model import StoredFile
from core.ports.files import UPLOADS, FileStore
from core.ports.secrets import SecretBox
from core.shared.clock import Clock
from core.shared.errors import NotFoundError, SealBrokenError
from core.shared.ids import new_id
from core.shared.value_objects import value_object

UPLOAD_SECONDS = 600.0
UPLOAD_LIFE = timedelta(hours=6)
"""How long an upload waits for the line it belongs to."""

_CONTEXT = "console-upload"
_CHUNK = 64 * 1024
_MAX_NAME = 200


class UploadGoneError(Exception):
    """An uploaded file is not there any more, or was never this person's."""


@value_object
class Upload:
    """An upload as its sealed token names it."""

    key: str
    name: str
    media_type: str
    size: int
    user: str


class Uploads:
    """Receives files and hands them to commands; the page holds each by a sealed token, so restarts lose none."""

    def __init__(self, files: FileStore, secret_box: SecretBox, clock: Clock, limit: int) -> None:
        """Receive files of up to so many bytes."""
        self.limit = limit
        self._files = files
        self._secrets = secret_box
        self._clock = clock
        self._waiting: dict[str, datetime] = {}

    async def receive(self, name: str, media_type: str, content: AsyncIterator[bytes], user: str) -> tuple[str, int]:
        """Store the bytes and return the token and their count; raises `FileTooLargeError` or `TimeoutError`."""
        await self._forget_abandoned()
        key = f"{UPLOADS}/{new_id(self._clock.now())}"
        async with asyncio.timeout(UPLOAD_SECONDS):
            size, _digest = await self._files.put(key, content, limit=self.limit)
        self._waiting[key] = self._clock.now() + UPLOAD_LIFE
        token = json.dumps([key, name, media_type, size, user])
        return self._secrets.seal(token, context=_CONTEXT), size

    def attachment(self, token: str, user: str) -> Attachment:
        """Return an upload as an attachment; raises `UploadGoneError` for a token that is not this person's."""
        upload = self._open(token)
        if upload.user != user:
            raise UploadGoneError
        return Attachment(upload.name, upload.media_type, upload.size, lambda: self._read(upload))

    async def discard(self, tokens: Sequence[str]) -> None:
        """Remove uploads that their command has taken."""
        for token in tokens:
            await self._delete(self._open(token).key)

    async def _forget_abandoned(self) -> None:
        """Remove uploads that no line came for."""
        now = self._clock.now()
        for key in [key for key, until in self._waiting.items() if until <= now]:
            await self._delete(key)

    async def _delete(self, key: str) -> None:
        self._waiting.pop(key, None)
        await self._files.delete(key)

    def _open(self, token: str) -> Upload:
        try:
            key, name, media_type, size, user = json.loads(self._secrets.open(token, context=_CONTEXT))
        except SealBrokenError as error:
            raise UploadGoneError from error
        return Upload(key, name, media_type, size, user)

    async def _read(self, upload: Upload) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._files.read(upload.key):
                yield chunk
        except NotFoundError as error:
            raise NotFoundError("file", upload.name) from error


def clean_name(name: str) -> str:
    """Return a file's name as people may see it: no path, no control characters, a bounded length."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    return shown[-_MAX_NAME:]


async def send_file(
    request: web.Request, file: StoredFile, files: FileStore, key_of: Callable[[StoredFile], str]
) -> web.StreamResponse:
    """Stream a stored file as a download, never as something that the browser would show or run."""
    response = web.StreamResponse(
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Length": str(file.size),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        }
    )
    await response.prepare(request)
    async for chunk in files.read(key_of(file)):
        await response.write(chunk)
    await response.write_eof()
    return response
