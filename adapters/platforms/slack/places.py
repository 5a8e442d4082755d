"""Where an answer belongs."""

from core.chat.request import ChannelKind
from core.shared.value_objects import value_object


@value_object
class Place:
    """A spot in Slack that a person acted from.

    `response_url` takes five posts within half an hour of `since` (seconds since the epoch). `message` is the
    timestamp of the message whose control was used, empty if that can't be changed by name (it was ephemeral).
    `is_talk`: the person wrote to the bot, in a thread or directly, and is answered with a message there.
    `in_home`: the control was in the person's Home tab; `channel` is their conversation with the bot.
    """

    team: str
    user: str
    channel: str
    kind: ChannelKind
    thread: str = ""
    response_url: str = ""
    since: float = 0.0
    message: str = ""
    is_talk: bool = False
    in_home: bool = False
