"""Replies, posts and plain data as the texts that are stored."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from adapters.storage.schema.text_forms import storable
from core.chat.reply import Action, Reply
from core.ports.storage import Post

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Codec(Generic[T]):
    """Locks one type into text and back; what that takes is worked out on first use."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    @cached_property
    def _adapter(self) -> "TypeAdapter[tuple[T]]":
        from pydantic import ConfigDict, TypeAdapter  # not by those who only read tables

        # By itself, what is no number would be stored as null, and could not be read back. Rules can't be given for a
        # dataclass itself, only for what holds it.
        rules = ConfigDict(ser_json_inf_nan="constants")
        return TypeAdapter(tuple[self._kind], config=rules)  # type: ignore[name-defined]

    def text(self, value: T) -> str:
        """Return a value as text."""
        try:
            return self._adapter.dump_json((value,)).decode()
        except ValueError:
            # Half a character, such as some senders leave, has no UTF-8.
            return storable(json.dumps(self._adapter.dump_python((value,), mode="json"), ensure_ascii=False))

    def value(self, text: str) -> T:
        """Return the value that a text was made of."""
        return self._adapter.validate_json(text)[0]


_replies = Codec(Reply)
_posts = Codec(Post)
_actions: Codec[tuple[Action, ...]] = Codec(tuple[Action, ...])


def reply_text(reply: Reply) -> str:
    """Return a reply as text."""
    return _replies.text(reply)


def reply_of(text: str) -> Reply:
    """Return the reply that a text was made of."""
    return _replies.value(text)


def actions_text(actions: Sequence[Action]) -> str:
    """Return the actions of a reply as text."""
    return _actions.text(tuple(actions))


def actions_of(text: str) -> tuple[Action, ...]:
    """Return the actions that a text was made of."""
    return _actions.value(text)


def post_text(post: Post) -> str:
    """Return a post as text."""
    return _posts.text(post)


def post_of(text: str) -> Post:
    """Return the post that a text was made of."""
    return _posts.value(text)


def data_text(data: object) -> str:
    """Return JSON-ready data as compact text."""
    return storable(_COMPACT.encode(data))


def data_of(text: str) -> Any:
    """Return the data that a text was made of."""
    return json.loads(text)
