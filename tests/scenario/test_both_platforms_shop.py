"""A shop on Slack and on Discord: the same buttons, forms and answers, all within what the platforms take."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.chats import Talk, talking


@pytest.fixture(params=["slack", "discord"])
async def talk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Talk]:
    """People on one platform."""
    async with talking(request.param, tmp_path) as people:
        yield people


async def test_a_shop_sells_restocks_and_takes_back_by_its_buttons(talk: Talk) -> None:
    added = await talk.type("anna", '/stock add "Green tea" 12 4.80 sku:TEA-1 reorder:5')
    assert added.buttons == ["Sell", "Restock", "Undo"]
    selling = await talk.form("anna", added, "Sell")
    assert selling.message.title == "Stock: sell #1"
    (sold,) = await talk.send("anna", selling, {"Quantity": "8"})
    assert "sold 8 × TEA-1 Green tea for 38.40 EUR. 4 left." in sold.words
    assert "below its reorder level of 5" in sold.words
    assert not sold.is_private
    assert sold.buttons == ["Sell", "Restock", "Undo"]
    low = await talk.type("anna", "/stock low")
    assert low.is_private
    coming = await talk.form("anna", low, "Restock")
    renewed, restocked = await talk.send("anna", coming, {"Quantity": "20"}, answers=2)
    assert renewed.message is low.message
    assert "Nothing is low" in renewed.words
    assert "restocked TEA-1 Green tea by 20: 24 now." in restocked.words
    (back,) = await talk.press("anna", sold, "Undo")
    assert "8 × TEA-1 Green tea back: 32 now." in back.words
    again = await talk.type("anna", "/stock add Green tea 3 4.80")
    assert again.buttons == ["Restock by 3"]
    (more,) = await talk.press("anna", again, "Restock by 3")
    assert "35 now" in more.words
    refused = await talk.type("anna", "/stock sell tea-1 99")
    assert refused.is_private
    assert "Only 35 of Green tea are left" in refused.words


async def test_an_order_goes_from_a_form_to_its_refund(talk: Talk) -> None:
    await talk.type("anna", '/stock add "Green tea" 12 4.80 sku:TEA-1')
    asked = await talk.ask("anna", "/order add")
    (cart,) = await talk.send("anna", asked, {"Product": "green tea", "Quantity": "2"})
    assert cart.is_private
    assert cart.buttons == ["Check out", "Add goods", "Cart", "Undo"]
    (placed,) = await talk.press("anna", cart, "Check out")
    assert "placed order #1: 2 pieces of 1 product for 9.60 EUR" in placed.words
    assert not placed.is_private
    (paid,) = await talk.press("anna", placed, "Paid: Cash")
    assert "Order #1 is paid: 9.60 EUR (cash). Receipt 1." in paid.words
    (receipt,) = await talk.press("anna", paid, "Receipt")
    assert receipt.is_private
    assert "Green tea" in receipt.words
    (unpaid,) = await talk.press("anna", paid, "Undo")
    assert "Order #1 is as before" in unpaid.words
    paid = await talk.type("anna", "/order pay 1")
    for asked_first in (await talk.type("anna", "/order refund 1 1.60"), *await talk.press("anna", paid, "Refund")):
        assert asked_first.is_private
        assert "of order #1 is given back, and no Undo takes that back." in asked_first.words
        (given,) = await talk.press("anna", asked_first, "Yes, go ahead")
        assert "EUR back for order #1." in given.words
    assert "Nothing of it is left." in given.words
    refused = await talk.type("ben", "/order refund 1")
    assert refused.is_private
    assert "Only a manager can do that" in refused.words


async def test_discord_completes_products_by_sku_and_by_name(tmp_path: Path) -> None:
    async with talking("discord", tmp_path) as talk:
        for made in ('"Green tea" 12 4.80 sku:TEA-1', '"Green apples" 50 0.50 sku:APL'):
            await talk.type("anna", f"/stock add {made}")
        anna, channel = talk.chat.person("anna"), talk.chat.channel()
        for typed, offered in (("tea-", ["TEA-1"]), ("green", ["APL", "TEA-1"]), ("green t", ["TEA-1"]), ("x", [])):
            exchange = await anna.suggest("/stock sell", "product", typed, channel=channel)
            assert sorted(one["value"] for one in exchange.options) == offered, typed
        asked = await talk.type("anna", "/stock sell tea 2")
        assert asked.is_private
        assert "Did you mean “Green tea”?" in asked.words
        (sold,) = await talk.press("anna", asked, "Green tea")
        assert "sold 2 × TEA-1 Green tea" in sold.words
