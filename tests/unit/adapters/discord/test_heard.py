"""Which words of a message are for the app."""

from typing import Any

import pytest

from adapters.platforms.discord.heard import addressed, may_be_heard

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


@pytest.mark.parametrize(
    ("more", "may"),
    [
        ({"mentions": [{"id": BOT}]}, True),
        ({"mentions": [{"id": "77"}, {"id": BOT}]}, True),
        ({"mention_roles": ["5"]}, True),
        ({"mentions": [{"id": "77"}]}, False),
        ({}, False),
        ({"mentions": [{"id": BOT}], "author": {"id": "8", "bot": True}}, False),
        ({"mentions": [{"id": BOT}], "webhook_id": "8"}, False),
    ],
)
def test_most_messages_of_a_channel_are_passed_over_at_a_glance(more: dict[str, Any], may: bool) -> None:
    data: dict[str, Any] = {"author": {"id": "8"}, "guild_id": "1", "mentions": [], "mention_roles": []}
    assert may_be_heard(data | more, BOT) is may


@pytest.mark.parametrize(("author", "may"), [({"id": "8"}, True), ({"id": BOT, "bot": True}, False)])
def test_direct_messages_of_people_are_heard(author: dict[str, Any], may: bool) -> None:
    assert may_be_heard({"author": author, "mentions": []}, BOT) is may
