"""What the owner types into a shell, as a request."""

from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef


def typed(line: str) -> Request:
    """A line in the channel of everybody."""
    channel, owner = ChannelRef("general", "general", ChannelKind.PUBLIC), UserRef("owner", "Owner")
    return Request(platform=Platform.TERMINAL, space_id="", channel=channel, user=owner, delivery_id="", text=line)
