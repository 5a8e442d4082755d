"""What owners are told of posts that did not arrive, or may not have."""

from core.chat.reply import Reply
from core.chat.text import text

GIVEN_UP = "A message may be missing"
"""The title by which such a notice is known, so that none is sent about another."""

_REASONS = {
    "undeliverable": "could not be delivered: the platform refused it everywhere I may post",
    "too_many_attempts": "could not be delivered: the platform did not take it",
    "outcome_unknown": "may not have arrived: the connection broke, and I can't read there to make sure",
}


def given_up(where: str, reason: str) -> Reply:
    """Say for where a post was meant and why it was given up; what it said may not be for owners to read."""
    hint = " Invite me to that channel, or check that the app is still installed."
    return Reply(title=GIVEN_UP, text=text(f"My message for {where} {_REASONS[reason]}.{hint}"))
