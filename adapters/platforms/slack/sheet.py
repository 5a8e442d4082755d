"""A message being put together within Slack's limits; what does not fit goes into files that come with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.platforms.slack import blocks
from adapters.platforms.slack.blocks import Block
from core.shared.tabular import csv_writer, reguarded

_NOTE_CHARACTERS = 900
_NOTE_BLOCKS = 1
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Document:
    """A file made here because its content does not fit into the message."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Sheet:
    """The blocks so far, with room kept for what has to stand at the end: `tail` and one line of notes."""

    tail: Sequence[Block] = ()
    shown: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    _characters: int = 0

    def __post_init__(self) -> None:
        """Keep room for the end."""
        self._characters = _NOTE_CHARACTERS + sum(blocks.size(block) for block in self.tail)

    def add(self, *new: Block) -> bool:
        """Add blocks that belong together, or none of them; tell whether there was room."""
        cost = sum(blocks.size(block) for block in new)
        most = blocks.MESSAGE_BLOCKS - len(self.tail) - _NOTE_BLOCKS
        if len(self.shown) + len(new) > most or self._characters + cost > blocks.MESSAGE_CHARACTERS:
            return False
        self.shown.extend(new)
        self._characters += cost
        return True

    def note(self, sentence: str) -> None:
        """Add a sentence to the small print, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def keep_text(self, title: str, words: str) -> str:
        """Put a text into a file and return the file's name."""
        return self._keep(title, "txt", "text/plain", words.encode())

    def keep_rows(self, title: str, rows: Sequence[Sequence[str]]) -> str:
        """Put rows into a CSV file, where no cell can run as a formula, and return the file's name."""
        write = csv_writer(encoding="utf-8-sig")
        return self._keep(title, "csv", "text/csv", write([reguarded(list(row)) for row in rows]))

    def finished(self) -> list[Block]:
        """Return all blocks in order."""
        small_print = [blocks.context(blocks.cut(" ".join(self.notes), _NOTE_CHARACTERS - 100))] if self.notes else []
        return [*self.shown, *self.tail, *small_print]

    def _keep(self, title: str, suffix: str, media_type: str, content: bytes) -> str:
        stem = _NOT_IN_NAMES.sub("-", title).strip("-.")[:60] or "answer"
        name = f"{stem}.{suffix}"
        number = 2
        while any(document.name == name for document in self.documents):
            name = f"{stem}-{number}.{suffix}"
            number += 1
        self.documents.append(Document(name, media_type, content))
        return name
