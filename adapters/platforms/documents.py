"""Files made while a reply is rendered: what does not fit into a message comes as one of these."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.shared.tabular import csv_writer, reguarded
from core.shared.value_objects import value_object

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


@value_object
class Document:
    """A file made here because its content does not fit into the message."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Documents:
    """The files made so far, each under a name of its own."""

    documents: list[Document] = field(default_factory=list)

    def keep_text(self, title: str, words: str) -> str:
        """Put a text into a file and return the file's name."""
        return self._keep(title, "txt", "text/plain", words.encode())

    def keep_rows(self, title: str, rows: Sequence[Sequence[str]]) -> str:
        """Put rows into a CSV file, where no cell can run as a formula, and return the file's name."""
        write = csv_writer(encoding="utf-8-sig")
        return self._keep(title, "csv", "text/csv", write([reguarded(list(row)) for row in rows]))

    def _keep(self, title: str, suffix: str, media_type: str, content: bytes) -> str:
        stem = _NOT_IN_NAMES.sub("-", title).strip("-.")[:60] or "answer"
        name = f"{stem}.{suffix}"
        number = 2
        while any(document.name == name for document in self.documents):
            name = f"{stem}-{number}.{suffix}"
            number += 1
        self.documents.append(Document(name, media_type, content))
        return name
