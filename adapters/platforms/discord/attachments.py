"""The files that go out with an answer, read whole: Discord takes them together with the message."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import structlog

from adapters.platforms import chat_texts
from adapters.platforms.discord import texts
from adapters.platforms.discord.api import File
from adapters.platforms.discord.render import Rendered
from core.chat.reply import FileLink
from core.shared.errors import QuartermasterError

log = structlog.get_logger(__name__)

MOST = 10
REQUEST = 24 * 1024 * 1024
"""Bytes of a whole request; Discord takes 25 MiB."""

ReadFile = Callable[[str, FileLink], AsyncIterator[bytes]]
"""Yields the bytes of a stored file, by guild."""


@dataclass(frozen=True, slots=True)
class Packing:
    """Collects files up to what Discord takes; what does not fit is said in the message."""

    read_file: ReadFile

    async def pack(self, guild: str, shown: Rendered, limit: int) -> tuple[Rendered, list[File]]:
        """Return the message, with a word about files that could not come, and the files."""
        files = [File(document.name, document.content) for document in shown.documents][:MOST]
        spent = sum(len(file.content) for file in files)
        missed: list[str] = []
        for link in shown.files:
            if len(files) >= MOST or link.size > limit or spent + link.size > REQUEST:
                missed.append(texts.FILE_TOO_LARGE.format(name=link.name))
                continue
            content = await self._content(guild, link)
            if content is None:
                missed.append(chat_texts.FILE_FAILED.format(name=link.name))
                continue
            files.append(File(link.name, content))
            spent += len(content)
        return (_with_words(shown, missed) if missed else shown), files

    async def _content(self, guild: str, link: FileLink) -> bytes | None:
        try:
            return b"".join([chunk async for chunk in self.read_file(guild, link)])
        except (QuartermasterError, OSError) as error:
            log.warning("discord_file_lost", cause=type(error).__name__)
            return None


def _with_words(shown: Rendered, sentences: list[str]) -> Rendered:
    more = "\n".join(sentences)
    return replace(shown, content=f"{shown.content}\n{more}".strip()[:2000])
