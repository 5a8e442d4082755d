"""What people read of what is set for channels."""

import re

from bot.texts.common import on_the_clock, undo_action
from bot.texts.errors import Reasons
from bot.texts.history import Told
from bot.texts.view import View
from core.chat.reply import Reply
from core.chat.text import Bold, Text, coded, lines, text
from core.workspaces.kind import CHANNEL_KIND
from core.workspaces.model import Channel
from core.workspaces.service import ChannelChanged

TOLD = Told(CHANNEL_KIND, "channel", {"zone": "Time zone"})

REASONS = Reasons(
    refusals={
        "channel_of_one": lambda _w: (
            "This conversation is yours alone: it goes by your own time zone.",
            "Set yours with `/user zone`.",
        ),
        "channel_changed_since": lambda _w: (
            "The time zone of that channel has been changed since.",
            "Set the one that you want with `/qm channel`.",
        ),
    }
)

IN_TARGET = re.compile(r"(?<![^ ])channel ([0-9]{1,10})\Z")
"""A channel in a target of the audit trail."""


def target(channel: Channel) -> str:
    """Return what a channel is in the audit trail."""
    return f"channel {channel.id}"


def shown(channel: Channel, view: View) -> Reply:
    """Say in which zone a channel is."""
    command, does = ("none", "goes back to the workspace's") if channel.zone else ("Europe/Berlin", "sets one")
    return Reply(
        text=lines(text("The time zone of ", *_told(channel, view), "."), coded(f"`/qm channel {command}` {does}."))
    )


def changed(change: ChannelChanged, view: View) -> Reply:
    """Say in which zone a channel is from now on."""
    if not change.undo_id:
        return Reply(text=text("The time zone of ", *_told(change.channel, view), " already."))
    was = view.directory.zones.of(change.before.zone)
    said = text("The time zone of ", *_told(change.channel, view, "now "), f" (was {was}).")
    kept = "Digests and schedules that are there already keep theirs."
    return Reply(text=lines(said, kept), actions=(undo_action(change.undo_id),))


def restored(channel: Channel, view: View) -> Reply:
    """Say in which zone a channel is again."""
    return Reply(text=text("Undone: the time zone of ", *_told(channel, view), " again."))


def _told(channel: Channel, view: View, since: str = "") -> Text:
    """Return a channel and its zone, and what the clock shows there."""
    zone = view.directory.zones.of(channel.zone)
    whose = "" if channel.zone else " (the workspace's)"
    name, clock = view.directory.channel_name(channel.id), on_the_clock(view.now, zone)
    return text(f"{name} is {since}", Bold(zone), f"{whose}, {clock}")
