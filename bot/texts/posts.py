"""What people are told of posts that did not arrive, may not have, or came late."""

from datetime import datetime

from bot.texts.common import moment
from bot.texts.schedules.words import name_of
from core.chat.reply import Action, Reply
from core.chat.text import Text, lines, text
from core.schedules.model import Schedule

GIVEN_UP = "A message may be missing"
"""The title by which such a notice is known, so that none is sent about another."""

_REASONS = {
    "undeliverable": "could not be delivered: the platform refused it everywhere I may post",
    "too_many_attempts": "could not be delivered: the platform did not take it",
    "outcome_unknown": "may not have arrived: the connection broke, and I can't read there to make sure",
}


_REFUSALS = {
    **dict.fromkeys(
        ("channel_not_found", "channel_gone", "missing_access"),
        "The channel is gone, or I am not in it: invite me, or have this sent elsewhere.",
    ),
    **dict.fromkeys(
        ("is_archived", "is_inactive"), "The channel is archived: unarchive it, or have this sent elsewhere."
    ),
    "not_in_channel": "I am not in that channel: type `/invite @quartermaster` there.",
    **dict.fromkeys(
        ("missing_scope", "no_permission", "not_allowed_token_type"),
        "The app lacks a permission: install it anew with the manifest that `quartermaster manifest slack` prints.",
    ),
    **dict.fromkeys(
        ("missing_permissions", "not_allowed"),
        "I may not write there: whoever looks after the server can give me that right in the channel's settings.",
    ),
    **dict.fromkeys(
        ("restricted_action", "restricted_action_read_only_channel"),
        "Only some may post there: let me post in the channel's settings.",
    ),
    **dict.fromkeys(
        ("not_installed", "guild_not_found", "account_inactive", "app_uninstalled", "invalid_auth", "token_revoked"),
        "The app is not installed there any more: install it again.",
    ),
}
"""What to do about the platforms' refusals."""
_OTHERWISE = "Invite me to that channel, or check that the app is still installed."


def given_up(where: str, reason: str, refusal: str) -> Reply:
    """Say for where a post was meant and why it was given up; what it said may not be for owners to read."""
    hint = _REFUSALS.get(refusal, _OTHERWISE)
    return Reply(title=GIVEN_UP, text=text(f"My message for {where} {_REASONS[reason]}. {hint}"))


def not_posted(schedule: Schedule, where: str, reason: str, refusal: str) -> Reply:
    """Tell whose schedule it is that what it made did not arrive, why, and what to do; nothing more until one does."""
    said = lines(
        text(name_of(schedule), f" for {where} {_REASONS[reason]}. {_REFUSALS.get(refusal, _OTHERWISE)}"),
        f"You are told once, and not again until something has arrived in {where}. It goes on at its next time.",
    )
    number = schedule.number
    run, rest = Action("Run now", f"/{schedule.area} run {number}"), Action("Pause", f"/{schedule.area} pause {number}")
    return Reply(title=GIVEN_UP, text=said, actions=(run, rest))


def late(queued_at: datetime, zone: str) -> Text:
    """Say from when it is what could not leave for long."""
    return text("Late: this was to be here at ", moment(queued_at, zone or "UTC"), ".")
