"""Replies, posts and plain data as the texts that are stored."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from core.chat.reply import Action, Reply
from core.ports.storage import Post


@cache
def _replies() -> TypeAdapter[Reply]:
    return TypeAdapter(Reply)


@cache
def _actions() -> TypeAdapter[tuple[Action, ...]]:
    return TypeAdapter(tuple[Action, ...])


@cache
def _posts() -> TypeAdapter[Post]:
    return TypeAdapter(Post)


def reply_text(reply: Reply) -> str:
    """Return a reply as text."""
    return _replies().dump_json(reply).decode()


def reply_of(text: str) -> Reply:
    """Return the reply that a text was made of."""
    return _replies().validate_json(text)


def actions_text(actions: Sequence[Action]) -> str:
    """Return the actions of a reply as text."""
    return _actions().dump_json(tuple(actions)).decode()


def actions_of(text: str) -> tuple[Action, ...]:
    """Return the actions that a text was made of."""
    return _actions().validate_json(text)


def post_text(post: Post) -> str:
    """Return a post as text."""
    return _posts().dump_json(post).decode()


def post_of(text: str) -> Post:
    """Return the post that a text was made of."""
    return _posts().validate_json(text)


def data_text(data: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return JSON-ready data as compact text."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def data_of(text: str) -> Any:
    """Return the data that a text was made of."""
    return json.loads(text)
