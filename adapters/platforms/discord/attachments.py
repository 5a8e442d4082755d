"""The files that go out with an answer, read whole: Discord takes them together with the message."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import structlog

from adapters.charts.words import below_words
from adapters.platforms import chat_texts
from adapters.platforms.discord import texts
from adapters.platforms.discord.api import File
from adapters.platforms.discord.render import Rendered
from core.chat.reply import FileLink
from core.ports.charts import ChartPictures
from core.shared.errors import QuartermasterError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

MOST = 10
MOST_PICTURES = 4
WORDS = 1024
"""Characters that Discord takes of what a picture shows."""

REQUEST = 24 * 1024 * 1024
"""Bytes of a whole request; Discord takes 25 MiB."""

ReadFile = Callable[[str, FileLink], AsyncIterator[bytes]]
"""Yields the bytes of a stored file, by guild."""


@value_object
class Packing:
    """Collects files up to what Discord takes; what does not fit is said in the message."""

    read_file: ReadFile
    pictures: ChartPictures

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
        drawn = await self._drawn(shown, min(MOST - len(files), MOST_PICTURES))
        shown = shown.with_pictures([file.name for file in drawn])
        return (_with_words(shown, missed) if missed else shown), [*files, *drawn]

    async def _drawn(self, shown: Rendered, most: int) -> list[File]:
        """Return the pictures of a message's charts; one that can't be drawn is told by its figures."""
        drawn: list[File] = []
        for number, chart in enumerate(shown.charts[:most], 1):
            picture = await self.pictures.picture(chart)
            if picture:
                # Whatever the chart is called, Discord keeps this name as it is, and the embed finds the picture by it.
                drawn.append(File(f"chart-{number}.png", picture, below_words(chart)[:WORDS]))
        return drawn

    async def _content(self, guild: str, link: FileLink) -> bytes | None:
        try:
            return b"".join([chunk async for chunk in self.read_file(guild, link)])
        except (QuartermasterError, OSError) as error:
            log.warning("discord_file_lost", cause=type(error).__name__)
            return None


def _with_words(shown: Rendered, sentences: list[str]) -> Rendered:
    more = "\n".join(sentences)
    return replace(shown, content=f"{shown.content}\n{more}".strip()[:2000])
