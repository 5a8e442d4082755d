"""Posts that nobody asked for at a page, and pages that do not read what they are sent."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.platforms.web import hub, texts
from adapters.platforms.web.client import WebMessenger
from core.chat.reply import Reply
from core.chat.request import Platform
from core.chat.text import text
from core.ports.platform import CHANNEL_GONE, MESSAGE_GONE, Destination, PostRejectedError
from core.workspaces.model import Space
from tests.support.clock import RunningClock
from tests.support.patience import patiently
from tests.support.web import Frame, Page, Shop, sign_in, visitor


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path)
    await shop.start()
    yield shop
    await shop.stop()


@pytest.fixture
async def session(shop: Shop) -> AsyncIterator[aiohttp.ClientSession]:
    async with visitor() as session:
        await sign_in(session, shop)
        yield session


@pytest.fixture
async def page(shop: Shop, session: aiohttp.ClientSession) -> AsyncIterator[Page]:
    page = await Page.open(session, shop.origin)
    yield page
    await page.close()


@pytest.fixture
async def space(shop: Shop) -> Space:
    return next(space for space in await shop.served.product.storage.system.spaces() if space.platform is Platform.WEB)


@pytest.fixture
def messenger(shop: Shop, space: Space) -> WebMessenger:
    return WebMessenger(shop.served.product.storage, space, RunningClock())


async def test_a_post_appears_on_open_pages(messenger: WebMessenger, space: Space, page: Page) -> None:
    general = page.channel("general")
    await page.follow(general)
    await messenger.post(Destination(space, channel="general"), Reply(text=text("Milk is due.")), "key-1")

    (item,) = (await page.frame("messages"))["items"]
    assert (item["author"], item["reply"]["text"]) == (None, ["Milk is due."])


async def test_a_post_to_a_person_goes_to_their_direct_channel(
    messenger: WebMessenger, space: Space, page: Page
) -> None:
    await messenger.post(Destination(space, user="owner"), Reply(text=text("Milk is due.")), "key-1")

    assert (await page.messages(page.channel(texts.BOT_NAME)))[0]["reply"]["text"] == ["Milk is due."]
    assert await page.messages(page.channel("general")) == []


async def test_a_post_happens_once_and_is_found_again(messenger: WebMessenger, space: Space, page: Page) -> None:
    where = Destination(space, channel="general")
    assert await messenger.find(where, "key-1") is None
    first = await messenger.post(where, Reply(text=text("Milk is due.")), "key-1")
    again = await messenger.post(where, Reply(text=text("Milk is due.")), "key-1")

    assert first == again == await messenger.find(where, "key-1")
    assert len(await page.messages(page.channel("general"))) == 1


async def test_a_post_to_a_channel_that_is_gone_is_rejected(messenger: WebMessenger, space: Space) -> None:
    where = Destination(space, channel="nowhere")

    with pytest.raises(PostRejectedError) as rejected:
        await messenger.post(where, Reply(text=text("Hello")), "key-1")
    assert rejected.value.reason == CHANNEL_GONE
    assert await messenger.find(where, "key-1") is None


async def test_a_post_is_edited_where_it_stands_and_taken_away(
    messenger: WebMessenger, space: Space, page: Page
) -> None:
    where, general = Destination(space, channel="general"), page.channel("general")
    await page.follow(general)
    post = await messenger.post(where, Reply(text=text("Milk is due.")), "key-1")
    await page.frame("messages")
    assert await messenger.is_in(where)
    await messenger.pin(where, post)
    await messenger.edit(where, post, Reply(text=text("Milk is done.")))
    (item,) = (await page.frame("messages"))["items"]
    assert item["reply"]["text"] == ["Milk is done."]
    assert item["edited"]
    await messenger.remove(where, post)
    (item,) = (await page.frame("messages"))["items"]
    assert item["reply"]["text"] == [texts.TAKEN_AWAY]
    await messenger.remove(where, f"{general}:99")
    with pytest.raises(PostRejectedError) as rejected:
        await messenger.edit(where, f"{general}:99", Reply())
    assert rejected.value.reason == MESSAGE_GONE


async def test_the_console_has_no_groups(messenger: WebMessenger, space: Space) -> None:
    with pytest.raises(PostRejectedError):
        await messenger.group_members(space, "S1")


async def test_the_messenger_knows_a_persons_private_channels(messenger: WebMessenger, space: Space) -> None:
    assert await messenger.private_channels(space, "owner") == {"direct:owner"}
    assert (await messenger.profile(space, "owner")).id == "owner"


async def test_nobody_sees_another_persons_direct_channel(
    messenger: WebMessenger, space: Space, page: Page, session: aiohttp.ClientSession
) -> None:
    await messenger.post(Destination(space, user="ann"), Reply(text=text("For Ann alone.")), "key-1")
    anns = next(channel for channel in await messenger._rooms._all() if channel.external_id == "direct:ann")
    fresh = await Page.open(session, page.origin, "page-2")

    assert anns.id not in [channel["id"] for channel in fresh.welcome["channels"]]
    await fresh.send(type="open", channel=anns.id)
    await fresh.send(type="people")
    await fresh.frame("people")
    assert "For Ann alone." not in str(fresh.frames)
    await fresh.close()


async def test_a_page_that_lets_too_much_wait_is_dropped_and_comes_back_whole(
    monkeypatch: pytest.MonkeyPatch, page: Page, session: aiohttp.ClientSession
) -> None:
    monkeypatch.setattr(hub, "MAX_QUEUED", 3)
    general = page.channel("general")
    await page.submit("a1", general, text="hello")
    for number in range(400):
        await page.send(type="create_channel", id=f"c{number}", name="")
    async with patiently():
        async for _ in page.socket:
            pass

    assert page.socket.close_code == 1013
    back = await Page.open(session, page.origin)
    assert (await back.follow(general, since=0))["items"][0]["text"] == "hello"
    await back.close()


async def test_an_overview_of_ones_own_tasks_keeps_itself_up_to_date_in_the_bots_channel(page: Page) -> None:
    direct = next(int(item["id"]) for item in page.welcome["channels"] if item["kind"] == "direct")
    await page.follow(direct)
    await page.submit("s-1", direct, text="/task board")
    shown = await page.until(lambda frame: _titled(frame, "My work"))
    (seq,) = [item["seq"] for item in shown["items"] if item["reply"]["title"] == "My work"]
    await page.submit("s-2", page.channel("general"), text="/task add Buy milk assign:@me")
    renewed = await page.until(lambda frame: _titled(frame, "My work"))
    (item,) = renewed["items"]
    assert (item["seq"], item["reply"]["tables"][0]["rows"][0]["cells"][1]) == (seq, "Buy milk")
    done = item["reply"]["tables"][0]["rows"][0]["actions"][0]
    await page.submit("s-3", direct, action=done["id"])
    emptied = await page.until(lambda frame: _titled(frame, "My work"))
    assert emptied["items"][0]["reply"].get("tables", []) == []


def _titled(frame: Frame, title: str) -> bool:
    return any((item.get("reply") or {}).get("title") == title for item in frame.get("items", ()))
