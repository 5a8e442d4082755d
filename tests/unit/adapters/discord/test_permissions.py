"""What somebody may do in a channel."""

from adapters.platforms.discord.permissions import (
    ADMINISTRATOR,
    EVERYTHING,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    Overwrite,
    Rights,
    administers,
)

RIGHTS = Rights("1", "9", {"1": VIEW_CHANNEL | SEND_MESSAGES, "2": 0, "3": ADMINISTRATOR})
HIDDEN = Overwrite("1", 0, VIEW_CHANNEL)


def test_what_everybody_may_see_is_public() -> None:
    assert RIGHTS.is_public(())
    assert not RIGHTS.is_public((HIDDEN,))


def test_a_role_or_a_person_is_let_into_a_hidden_channel() -> None:
    by_role, by_name = Overwrite("2", VIEW_CHANNEL, 0), Overwrite("5", VIEW_CHANNEL, 0)
    assert RIGHTS.within("5", ["2"], (HIDDEN, by_role)) & VIEW_CHANNEL
    assert not RIGHTS.within("6", [], (HIDDEN, by_role)) & VIEW_CHANNEL
    assert RIGHTS.within("5", [], (HIDDEN, by_name)) & VIEW_CHANNEL


def test_a_persons_own_overwrite_goes_last() -> None:
    denied = Overwrite("5", 0, VIEW_CHANNEL)
    assert not RIGHTS.within("5", ["2"], (HIDDEN, Overwrite("2", VIEW_CHANNEL, 0), denied)) & VIEW_CHANNEL


def test_the_owner_and_administrators_may_everything() -> None:
    assert RIGHTS.within("9", [], (HIDDEN,)) == EVERYTHING
    assert RIGHTS.within("5", ["3"], (HIDDEN,)) == EVERYTHING
    assert administers(RIGHTS.anywhere("5", ["3"]))
    assert not administers(RIGHTS.anywhere("5", ["2"]))
