"""Messages of the console's channels."""

from datetime import datetime

from core.chat.reply import Reply
from core.shared.value_objects import value_object


@value_object
class Message:
    """A message: numbered in its channel without gaps in order of commit; a person's words or the bot's reply.

    `author_id` is None for the bot. `only` is the member who alone sees it. `change` numbers all posts and edits of the
    channel, so that a reader asks for what came after the last change seen.
    """

    channel_id: int
    seq: int
    change: int
    author_id: int | None
    only: int | None
    text: str
    reply: Reply | None
    created_at: datetime
    updated_at: datetime
    answers: int | None = None
    """The `seq` of the message that this one answers, if any."""
