"""Messages into Discord's channels and direct conversations, and files out of Discord."""

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog

from adapters.platforms.discord.api import NO_REPLIES, DiscordApi, File, Route, listed
from adapters.platforms.discord.options import DiscordOptions
from adapters.platforms.discord.render import Rendered
from core.chat.request import Attachment
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.shared.errors import NotFoundError

log = structlog.get_logger(__name__)

CHUNK = 64 * 1024
DOWNLOAD_SECONDS = 120.0
NAME = 200
HISTORY = 100
NONCE = 24
MOST_CONVERSATIONS = 10_000
_MESSAGES = "/channels/{channel}/messages"


def nonce(key: str) -> str:
    """Return what makes a post recognisable as the one of that key; Discord takes 25 characters."""
    return hashlib.sha256(key.encode()).hexdigest()[:NONCE]


@dataclass(slots=True)
class Messages:
    """Posts and looks for messages; every method raises the port's errors."""

    api: DiscordApi
    options: DiscordOptions
    _conversations: "OrderedDict[str, str]" = field(default_factory=OrderedDict)

    async def post(
        self,
        channel: str,
        shown: Rendered,
        key: str,
        files: Sequence[File] = (),
        *,
        notify: bool = False,
        answers: str = "",
    ) -> str:
        """Post into a channel and return the message's id; Discord itself keeps a second one of that key away.

        `answers` is the message that this one is shown to reply to, as long as it is there.
        """
        route = Route("POST", _MESSAGES, {"channel": channel})
        body = {**shown.body(notify=notify), "flags": shown.flags, "nonce": nonce(key), "enforce_nonce": True}
        if files:
            body["attachments"] = listed(files)
        reference = {"message_reference": {"message_id": answers, "fail_if_not_exists": False}} if answers else {}
        try:
            answer = await self.api.send(route, body | reference, files)
        except PostRejectedError as error:
            if error.reason != NO_REPLIES:
                raise
            answer = await self.api.send(route, body, files)
        return str(answer["id"])

    async def edit(self, channel: str, message: str, shown: Rendered) -> None:
        """Put something else in place of a message of the app's; nobody is notified."""
        await self.api.send(self._one("PATCH", channel, message), shown.body(notify=False))

    async def delete(self, channel: str, message: str) -> None:
        """Take a message of the app's away."""
        await self.api.send(self._one("DELETE", channel, message))

    async def pin(self, channel: str, message: str) -> None:
        """Pin a message; one that is pinned already stays so."""
        parts = {"channel": channel, "message": message}
        await self.api.send(Route("PUT", f"{_MESSAGES}/pins/{{message}}", parts))

    def _one(self, method: str, channel: str, message: str) -> Route:
        return Route(method, f"{_MESSAGES}/{{message}}", {"channel": channel, "message": message})

    async def find(self, channel: str, key: str) -> str | None:
        """Return the message of that key, if it is among the newest; raises what `history` raises."""
        wanted = nonce(key)
        for message in await self.history(channel):
            if str(message.get("nonce") or "") == wanted:
                return str(message["id"])
        return None

    async def history(self, channel: str) -> list[Mapping[str, Any]]:
        """Return the newest messages of a channel.

        Raises `PostOutcomeUnknownError` if they can't be read, `PostDelayedError` if they can't now.
        """
        try:
            found = await self.api.read(Route("GET", _MESSAGES, {"channel": channel}), limit=str(HISTORY))
        except PostRejectedError as error:
            raise PostOutcomeUnknownError from error
        except PostOutcomeUnknownError as error:
            raise PostDelayedError(0.0) from error
        return list(found)

    async def direct(self, user: str) -> str:
        """Return the direct conversation with a person."""
        known = self._conversations.get(user)
        if known is None:
            answer = await self.api.send(Route("POST", "/users/@me/channels"), {"recipient_id": user})
            known = self._conversations[user] = str(answer["id"])
            while len(self._conversations) > MOST_CONVERSATIONS:
                self._conversations.popitem(last=False)
        return known

    def attachment(self, file: Mapping[str, Any]) -> Attachment:
        """Return one of Discord's attachments, not yet read."""
        name, size = str(file.get("filename") or "file")[:NAME], file.get("size")
        media_type = str(file.get("content_type") or "application/octet-stream").partition(";")[0][:100]
        url = str(file.get("url") or "")
        return Attachment(name, media_type, size if isinstance(size, int) else None, lambda: self._download(url, name))

    async def _download(self, url: str, name: str) -> AsyncIterator[bytes]:
        if not self.options.is_file_address(url):
            log.warning("discord_file_elsewhere")
            raise NotFoundError("file", name)
        limits = aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS, sock_read=self.options.timings.call)
        try:
            async with self.api.session.get(url, timeout=limits, allow_redirects=False) as response:
                if response.status != 200:
                    log.warning("discord_file_refused", status=response.status)
                    raise NotFoundError("file", name)
                async for chunk in response.content.iter_chunked(CHUNK):
                    yield chunk
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("discord_file_unreadable", cause=type(error).__name__)
            raise NotFoundError("file", name) from error
