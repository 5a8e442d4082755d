"""Which words of a message are for the app."""

import pytest

from adapters.platforms.discord.heard import addressed

BOT = "900000000000000001"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"<@{BOT}> task done 12", "task done 12"),
        (f"<@!{BOT}>, /task done 12 ", "/task done 12"),
        (f"  <@{BOT}>:\n task add Buy <@77> a cake", "task add Buy <@77> a cake"),
        (f"<@{BOT}>", ""),
        (f"hello <@{BOT}> task done 12", None),
        ("<@77> task done 12", None),
        (f"<@&{BOT}> task done 12", None),
        (f"`<@{BOT}> task done 12`", None),
        ("task done 12", None),
        ("", None),
    ],
)
def test_in_a_channel_the_app_has_to_be_named_first(content: str, words: str | None) -> None:
    assert addressed(content, BOT, is_direct=False) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (" task done 12 ", "task done 12"),
        (f"<@{BOT}> task done 12", "task done 12"),
        ("<@77> hi", "<@77> hi"),
        ("", ""),
    ],
)
def test_what_is_said_directly_is_always_for_the_app(content: str, words: str) -> None:
    assert addressed(content, BOT, is_direct=True) == words
