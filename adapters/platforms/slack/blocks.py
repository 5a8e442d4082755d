"""Blocks and their limits; pure. What is handed in fits already, or is cut where nothing of worth is lost."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]

MESSAGE_BLOCKS = 50
MESSAGE_CHARACTERS = 12_500
"""Characters of all blocks of a message as JSON. Slack refuses some 13,200 with `msg_blocks_too_long`."""

HEADER = 150
BUTTON = 75
OPTION = 75
OPTIONS = 100
PLACEHOLDER = 150
FIELD = 2000
FIELDS = 10
ELEMENTS = 25
CONFIRM = 300


def cut(words: str, limit: int) -> str:
    """Return words shortened to a limit, with an ellipsis if anything went."""
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def plain_text(words: str, limit: int) -> Block:
    """Return a plain text object."""
    return {"type": "plain_text", "text": cut(words, limit)}


def header(words: str) -> Block:
    """Return a header."""
    return {"type": "header", "text": plain_text(words, HEADER)}


def section(text: str) -> Block:
    """Return a section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def fields(texts: Sequence[str]) -> Block:
    """Return a section of up to ten fields."""
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in texts]}


def context(text: str) -> Block:
    """Return small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def actions(elements: Sequence[Block]) -> Block:
    """Return a row of buttons and selects."""
    return {"type": "actions", "elements": list(elements)}


def size(block: Block) -> int:
    """Return how much of a message's characters a block takes."""
    return len(json.dumps(block, ensure_ascii=False)) + 2
