"""Answers on paper, for what is handed on to somebody else."""

from typing import Protocol

from core.chat.reply import Reply
from core.shared.value_objects import value_object


@value_object
class Paper:
    """A PDF whose texts are texts; `has_boxes` where no font here had some of their letters."""

    content: bytes
    has_boxes: bool


class Papers(Protocol):
    """Puts answers on paper."""

    async def printed(self, reply: Reply) -> Paper | None:
        """Return the title, words, fields and tables of an answer as pages; None if that can't be done now."""
        ...
