"""`quartermaster exec`: one typed line, run through the whole application, answered as text or JSON."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot import bootstrap
from bot.identity import OWNER_USER
from bot.settings import Settings
from core.chat.reply import Reply

_NAMED = re.compile(r"([A-Za-z][\w-]*:)(.*\s.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed, by whom (empty: the owner), where, with which files."""

    text: str
    user: str
    channel: str
    workspace: str
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, in the forms that the command line prints."""

    reply: Reply

    @property
    def document(self) -> Mapping[str, object]:
        """Return the answer as the document that scripts read."""
        return bootstrap.terminal.document(self.reply)

    @property
    def is_ok(self) -> bool:
        """Tell whether the command did what was asked."""
        return bool(self.document["ok"])

    def text(self, stream: TextIO, *, plain: bool) -> str:
        """Return the answer as people read it: fitted to a terminal, as wide as it is for a pipe."""
        if not stream.isatty():
            return bootstrap.terminal.render_text(self.reply)
        columns = max(shutil.get_terminal_size().columns, 20)
        return bootstrap.terminal.render_text(self.reply, columns=columns, colours=not plain)


def joined(words: Sequence[str]) -> str:
    """Return one line from the shell's words: those that hold spaces get the quotes back that the shell took."""
    if len(words) == 1:
        return words[0]
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if not re.search(r"\s", word):
        return word
    named = _NAMED.fullmatch(word)
    return f'{named[1]}"{named[2]}"' if named else f'"{word}"'


async def run(settings: Settings, line: Line) -> Answered:
    """Run a line and return its answer; raises `AttachmentError` for a file that can't be read."""
    attachments = [bootstrap.terminal.attach(path) for path in line.files]
    request = bootstrap.terminal.terminal_request(
        line.text,
        user=line.user or OWNER_USER,
        channel=line.channel,
        workspace=line.workspace,
        attachments=attachments,
    )
    async with bootstrap.open_product(settings) as (product, _):
        return Answered(await product.application.handle(request))
