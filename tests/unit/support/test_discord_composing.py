"""What a person types becomes typed options, as Discord's input box makes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.discord import Channel, DiscordPlatform, NotAcceptedError, Person
from tests.support.discord.composing import Composer

Json = dict[str, Any]


def option(name: str, kind: int, **more: Any) -> Json:
    return {"name": name, "description": "x", "type": kind, **more}


PRIORITY = [{"name": "High", "value": "high"}, {"name": "Low", "value": "low"}]
ADD = [option("title", 3), option("due", 3), option("priority", 3, choices=PRIORITY)]
SELL = [
    option("name", 3, required=True), option("quantity", 4, required=True, min_value=1), option("price", 10),
    option("gift", 5), option("seller", 6), option("place", 7), option("team", 8), option("who", 9),
    option("receipt", 11),
]  # fmt: skip
GROUPS = [
    option("task", 2, options=[option("add", 1, options=ADD)]),
    option("sell", 1, options=SELL),
]
SHOP = {"id": "5", "name": "shop", "description": "x", "type": 1, "options": GROUPS}


@pytest.fixture
def box(discord: DiscordPlatform, ben: Person, lobby: Channel) -> Composer:
    return Composer(discord.world, ben.user, lobby, [SHOP])


def values(box: Composer, line: str, **given: Any) -> Json:
    return box.compose(line, given).values


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Buy milk", {"title": "Buy milk"}),
        ("Buy milk due:tomorrow 9am priority:High", {"title": "Buy milk", "due": "tomorrow 9am", "priority": "high"}),
        ('"Buy milk" tomorrow', {"title": "Buy milk", "due": "tomorrow"}),
        ('"Buy milk" "tomorrow 9am" low', {"title": "Buy milk", "due": "tomorrow 9am", "priority": "low"}),
        ("title:Buy: milk", {"title": "Buy: milk"}),
        ("", {}),
    ],
)
def test_texts_take_the_rest_and_names_name(box: Composer, typed: str, expected: Json) -> None:
    assert values(box, f"/shop task add {typed}") == expected


def test_a_text_leaves_required_options_their_word(box: Composer) -> None:
    assert values(box, "/shop sell tea 3 2.50") == {"name": "tea", "quantity": 3, "price": 2.5}


def test_every_type_has_its_value(discord: DiscordPlatform, box: Composer, ben: Person, lobby: Channel) -> None:
    team = discord.world.role("managers")
    file = ben.upload("receipt.pdf", b"%PDF")
    line = '/shop sell "Green tea" 3 2.50 true @ben #lobby @managers who:@managers receipt:receipt.pdf'
    found = box.compose(line, {})
    assert found.values == {
        "name": "Green tea", "quantity": 3, "price": 2.5, "gift": True, "seller": ben.user.id, "place": lobby.id,
        "team": team.id, "who": team.id, "receipt": file.id,
    }  # fmt: skip
    assert file.is_ephemeral
    assert values(box, "/shop sell tea", quantity=1, seller=ben.user, receipt=file)["receipt"] == file.id
    assert [step["name"] for step in found.options()] == ["sell"]


def test_names_in_a_text_become_mentions(discord: DiscordPlatform, box: Composer, ben: Person, lobby: Channel) -> None:
    team = discord.world.role("managers")
    found = box.compose("/shop task add ask @ben, @managers and @me in #lobby, not ben@lobby", {})
    text = f"ask {ben.user.mention}, {team.mention} and @me in {lobby.mention}, not ben@lobby"
    assert found.values["title"] == text
    assert found.entities == [ben.user, team, lobby]


@pytest.mark.parametrize(
    "line",
    [
        "/stall sell",
        "/shop",
        "/shop buy",
        "/shop task",
        "/shop sell tea",
        "/shop sell Green tea 1",
        "/shop sell quantity:1",
        '/shop sell "tea" none',
        '/shop sell "tea" 0',
        '/shop sell "tea" 1 price:cheap',
        '/shop sell "tea" 1 gift:perhaps',
        '/shop sell "tea" 1 seller:nobody',
        '/shop sell "tea" 1 receipt:lost.pdf',
        "/shop task add Buy milk priority:urgent",
    ],
)
def test_what_the_box_would_not_send_is_refused(box: Composer, line: str) -> None:
    with pytest.raises(NotAcceptedError):
        values(box, line)
