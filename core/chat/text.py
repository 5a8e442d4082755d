"""Rich text without markup: a tuple of spans, so that no renderer can take somebody's words for formatting."""

from datetime import datetime
from typing import Literal

from core.shared.value_objects import value_object


@value_object
class Bold:
    """Words that stand out."""

    text: str
    kind: Literal["bold"] = "bold"


@value_object
class Code:
    """Words to be typed or kept letter by letter."""

    text: str
    kind: Literal["code"] = "code"


@value_object
class Mention:
    """A member; a platform where the member has an identity shows (and, where wanted, notifies) it."""

    member_id: int
    name: str
    kind: Literal["mention"] = "mention"


@value_object
class Moment:
    """An instant, already worded for the reader's zone in `text`; platforms that can show it in each reader's own."""

    at: datetime
    text: str
    kind: Literal["moment"] = "moment"


@value_object
class Link:
    """A link to an absolute `http(s)` address."""

    label: str
    url: str
    kind: Literal["link"] = "link"


Span = str | Bold | Code | Mention | Moment | Link
Text = tuple[Span, ...]
"""Spans in reading order; `"\\n"` inside a plain string starts a new line."""


def text(*parts: "Span | Text | None") -> Text:
    """Join spans and texts into one text, leaving out empty ones."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, tuple):
            spans.extend(part)
        elif part:
            spans.append(part)
    return tuple(spans)


def lines(*rows: "Span | Text | None") -> Text:
    """Join texts with line breaks, leaving out empty ones."""
    spans: list[Span] = []
    for row in rows:
        if not row:
            continue
        if spans:
            spans.append("\n")
        spans.extend(row if isinstance(row, tuple) else (row,))
    return tuple(spans)


def plain(value: "Text | Span") -> str:
    """Return the words alone, for logs of actions, screen readers and terminals."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return "".join(plain(span) for span in value)
    if isinstance(value, Mention):
        return f"@{value.name}"
    if isinstance(value, Link):
        return f"{value.label} ({value.url})"
    return value.text


def coded(words: str) -> Text:
    """Turn a sentence with `backticked` words into spans, the words in backticks as code."""
    pieces = words.split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    return text(*(Code(piece) if index % 2 and piece else piece for index, piece in enumerate(pieces)))
