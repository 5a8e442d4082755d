"""Files out of and into Slack."""

from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import Any

import aiohttp
import structlog

from adapters.charts.words import below_words, picture_name
from adapters.platforms.slack.api import SlackApi, retry_after, told_apart
from adapters.platforms.slack.options import SlackOptions, is_slack_address
from adapters.platforms.slack.render import Rendered
from core.chat.reply import FileLink
from core.chat.request import Attachment
from core.ports.charts import ChartPictures
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.shared.errors import NotFoundError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

CHUNK = 64 * 1024
DOWNLOAD_SECONDS = 120.0
UPLOAD_SECONDS = 120.0
NAME = 200
WORDS = 1000
"""Characters that Slack takes of what a picture shows."""


@value_object
class Upload:
    """A file to be shared: `read` gives its bytes from the start each time; `words` say what a picture shows."""

    name: str
    size: int
    read: Callable[[], bytes | AsyncIterator[bytes]]
    words: str = ""


@value_object
class Files:
    """Moves bytes; the bot's token goes to Slack's own hosts only, and never along with a redirect."""

    api: SlackApi
    options: SlackOptions
    pictures: ChartPictures

    async def uploads(self, shown: Rendered, read: Callable[[FileLink], AsyncIterator[bytes]]) -> AsyncIterator[Upload]:
        """Yield the files that go with a message, its charts last; empty ones, which Slack does not take, are left out.

        The message stands already, with all figures: nobody waits for a picture, and a chart without one lacks nothing.
        """
        made = [Upload(file.name, len(file.content), partial(bytes, file.content)) for file in shown.documents]
        stored = [Upload(link.name, link.size, partial(read, link)) for link in shown.files]
        for upload in (*made, *stored):
            if upload.size:
                yield upload
        for chart in shown.charts:
            picture = await self.pictures.picture(chart)
            if picture:
                yield Upload(picture_name(chart), len(picture), partial(bytes, picture), below_words(chart))

    def attachment(self, file: Mapping[str, Any], token: str) -> Attachment:
        """Return a file object of Slack's as an attachment, not yet read."""
        name = str(file.get("name") or "file")[:NAME]
        size = file.get("size")
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        media_type = str(file.get("mimetype") or "application/octet-stream")[:100]

        def read() -> AsyncIterator[bytes]:
            return self._download(url, token, name, media_type)

        return Attachment(name, media_type, size if isinstance(size, int) else None, read)

    async def _download(self, url: str, token: str, name: str, media_type: str) -> AsyncIterator[bytes]:
        if not is_slack_address(url, self.options.base_url):
            log.warning("slack_file_elsewhere")
            raise NotFoundError("file", name)
        limits = aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS, sock_read=self.options.timings.call)
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self.api.session.get(url, headers=headers, timeout=limits, allow_redirects=False) as response:
                # Without the right to a file, Slack answers 200 with its sign-in page.
                is_page = response.content_type == "text/html" and media_type != "text/html"
                if response.status != 200 or is_page:
                    log.warning("slack_file_refused", status=response.status, is_page=is_page)
                    raise NotFoundError("file", name)
                async for chunk in response.content.iter_chunked(CHUNK):
                    yield chunk
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("slack_file_unreadable", cause=type(error).__name__)
            raise NotFoundError("file", name) from error

    async def upload(self, token: str, channel: str, file: Upload, *, thread: str = "") -> None:
        """Share a file in a channel, once.

        Raises the port's errors; only after `PostOutcomeUnknownError` it may be there all the same.
        """
        async with told_apart():
            given = await self.api.reader(token).files_getUploadURLExternal(
                filename=file.name, length=file.size, alt_txt=file.words[:WORDS] or None
            )
        url, file_id = str(given["upload_url"]), str(given["file_id"])
        if not is_slack_address(url, self.options.base_url):
            raise PostRejectedError("upload_elsewhere")
        await self._send(url, file)
        for attempt in range(2):
            try:
                async with told_apart():
                    await self.api.sender(token).files_completeUploadExternal(
                        files=[{"id": file_id, "title": file.name}], channel_id=channel, thread_ts=thread or None
                    )
            except PostOutcomeUnknownError:
                if await self._is_shared(token, file_id, channel):
                    return
                if attempt:
                    raise
            else:
                return

    async def _is_shared(self, token: str, file_id: str, channel: str) -> bool:
        async with told_apart():
            answer = await self.api.reader(token).files_info(file=file_id)
        file = answer.get("file") or {}
        return any(channel in (file.get(places) or ()) for places in ("channels", "groups", "ims"))

    async def _send(self, url: str, file: Upload) -> None:
        limits = aiohttp.ClientTimeout(total=UPLOAD_SECONDS, sock_read=self.options.timings.call)
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(file.size)}
        async with (
            told_apart(),
            self.api.session.post(url, data=file.read(), headers=headers, timeout=limits) as response,
        ):
            if response.status == 429:
                raise PostDelayedError(retry_after(response.headers))
            if response.status >= 500:
                raise PostOutcomeUnknownError
            if response.status != 200:
                raise PostRejectedError("upload_refused")
