"""The question which time zone is somebody's."""

from datetime import datetime, timedelta
from operator import itemgetter

from core.chat.actor import Actor
from core.chat.reply import Action, Choice, Placement, Reply
from core.chat.text import Bold, Code, lines, text
from core.shared.zones import zone

LIKELY = (
    *("Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago"),
    *("America/New_York", "America/Halifax", "America/Sao_Paulo", "Europe/London", "Africa/Lagos", "Europe/Berlin"),
    *("Africa/Johannesburg", "Europe/Athens", "Europe/Istanbul", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata"),
    *("Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Australia/Brisbane", "Australia/Sydney"),
    *("Pacific/Auckland",),
)
"""Where most people are; a select takes no more than 25."""


def which_zone(actor: Actor, now: datetime) -> Reply:
    """Ask in which zone somebody is, whose dates are read in another meanwhile; whatever they press is a command."""
    offsets = {name: now.astimezone(zone(name)).utcoffset() or timedelta() for name in LIKELY}
    from_west = sorted(offsets.items(), key=itemgetter(1))
    choices = tuple(Choice(f"{name} ({_words(offset)})", f"/user zone {name}") for name, offset in from_west)
    return Reply(
        title="Which time zone is yours?",
        text=lines(
            text("Nobody tells me where you are, so times that you say are those of ", Bold(actor.zone), "."),
            text("Choose your own, or type it: ", Code("/user zone Asia/Kathmandu"), "."),
            "What you said just now stays as it is. I ask this only once.",
        ),
        actions=(
            Action("Your time zone", choices=choices, placement=Placement.UPDATE, only=actor.member_id),
            Action(f"Keep {actor.zone}", "/user zone none", placement=Placement.UPDATE, only=actor.member_id),
        ),
    )


def _words(offset: timedelta) -> str:
    """Return `UTC-5`, `UTC+5:30`."""
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"UTC{'-' if offset < timedelta() else '+'}{hours}{f':{minutes:02}' if minutes else ''}"
