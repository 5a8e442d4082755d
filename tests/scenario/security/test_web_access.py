"""Who gets into the console, and with what."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from adapters.platforms.web import texts
from adapters.platforms.web.hub import MAX_PAGES
from tests.support.patience import patiently
from tests.support.web import Page, Shop, sign_in, upload, visitor


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path)
    await shop.start()
    yield shop
    await shop.stop()


@pytest.fixture
async def stranger() -> AsyncIterator[aiohttp.ClientSession]:
    async with visitor() as session:
        yield session


@pytest.fixture
async def owner(shop: Shop) -> AsyncIterator[aiohttp.ClientSession]:
    async with visitor() as session:
        await sign_in(session, shop)
        yield session


async def test_without_a_session_there_is_one_sentence(shop: Shop, stranger: aiohttp.ClientSession) -> None:
    async with stranger.get(shop.origin) as response:
        assert response.status == 401
        assert texts.SIGN_IN in await response.text()
    for path in ("/ws", "/files/01ABC", "/session"):
        async with stranger.get(shop.origin + path) as response:
            assert response.status == 401
            assert "Traceback" not in await response.text()


async def test_the_link_signs_in_once_and_the_cookie_lasts(shop: Shop, stranger: aiohttp.ClientSession) -> None:
    link = shop.sign_in_url()
    async with stranger.get(link) as response:
        cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
    async with stranger.get(shop.origin) as response:
        assert response.status == 200
        assert '<html lang="en">' in await response.text()
    async with stranger.get(link) as response:
        assert response.status == 200  # spent, but this browser is in already
    async with visitor() as other, other.get(link) as response:
        assert response.status == 401
        assert texts.LINK_SPENT in await response.text()


async def test_the_session_survives_a_restart_and_the_link_does_not(shop: Shop, owner: aiohttp.ClientSession) -> None:
    link = shop.sign_in_url()
    await shop.restart()

    async with owner.get(f"{shop.origin}/session") as response:
        assert response.status == 204
    async with visitor() as other, other.get(link) as response:
        assert response.status == 401


async def test_signing_out_takes_the_cookie_away(shop: Shop, owner: aiohttp.ClientSession) -> None:
    async with owner.post(f"{shop.origin}/logout", headers={"Origin": shop.origin}) as response:
        assert response.status == 204
    async with owner.get(f"{shop.origin}/session") as response:
        assert response.status == 401


async def test_signing_out_ends_the_session_and_not_the_cookie_alone(
    shop: Shop, owner: aiohttp.ClientSession, stranger: aiohttp.ClientSession
) -> None:
    kept = [(morsel.key, morsel.value) for morsel in owner.cookie_jar]
    page = await Page.open(owner, shop.origin)
    async with owner.post(f"{shop.origin}/logout", headers={"Origin": shop.origin}) as response:
        assert response.status == 204
    async with patiently():
        assert (await page.socket.receive()).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
    stranger.cookie_jar.update_cookies(kept, URL(shop.origin))
    for _ in range(2):
        for path in ("/", "/session", "/ws", "/files/01ABC"):
            async with stranger.get(shop.origin + path) as response:
                assert response.status == 401, path
        await shop.restart()


@pytest.mark.parametrize("path", ["/", "/login", "/static/js/main.js", "/session", "/ws", "/files/01ABC"])
async def test_nothing_comes_through_a_proxy(shop: Shop, owner: aiohttp.ClientSession, path: str) -> None:
    for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host"):
        async with owner.get(shop.origin + path, headers={name: "1.2.3.4"}) as response:
            assert response.status == 403


async def test_other_names_for_this_machine_are_refused(shop: Shop, owner: aiohttp.ClientSession) -> None:
    async with owner.get(shop.origin, headers={"Host": "evil.example"}) as response:
        assert response.status == 403
        assert texts.WRONG_HOST in await response.text()


async def test_sockets_of_other_origins_are_refused(shop: Shop, owner: aiohttp.ClientSession) -> None:
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await owner.ws_connect(f"{shop.origin}/ws", headers=headers)
        assert refused.value.status == 403


async def test_uploads_of_other_origins_are_refused(shop: Shop, owner: aiohttp.ClientSession) -> None:
    for headers in ({}, {"Origin": "http://evil.example"}):
        async with owner.post(f"{shop.origin}/upload?name=a.csv", data=b"x", headers=headers) as response:
            assert response.status == 403


async def test_uploads_have_a_name_and_a_limit(shop: Shop, owner: aiohttp.ClientSession) -> None:
    headers = {"Origin": shop.origin}
    async with owner.post(f"{shop.origin}/upload", data=b"x", headers=headers) as response:
        assert (response.status, (await response.json())["message"]) == (400, texts.UPLOAD_NAMELESS)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield b"x" * (1024 * 1024)

    async with owner.post(f"{shop.origin}/upload?name=big", data=endless(), headers=headers) as response:
        assert response.status == 413
        assert "50 MB" in (await response.json())["message"]


async def test_nobody_uploads_without_a_session(shop: Shop, stranger: aiohttp.ClientSession) -> None:
    async with stranger.post(
        f"{shop.origin}/upload?name=a.csv", data=b"x", headers={"Origin": shop.origin}
    ) as response:
        assert response.status == 401


async def test_the_static_files_are_ours_alone(shop: Shop, stranger: aiohttp.ClientSession) -> None:
    async with stranger.get(f"{shop.origin}/static/js/main.js") as response:
        assert response.status == 200
        assert response.content_type == "text/javascript"
        etag = response.headers["ETag"]
    async with stranger.get(f"{shop.origin}/static/js/main.js", headers={"If-None-Match": etag}) as response:
        assert response.status == 304
    for path in ("/static/../gateway.py", "/static/%2e%2e/gateway.py", "/static/none.js", "/static//etc/passwd"):
        async with stranger.get(URL(shop.origin + path, encoded=True)) as response:
            assert response.status == 404


async def test_a_socket_that_does_not_say_hello_is_closed(shop: Shop, owner: aiohttp.ClientSession) -> None:
    async with owner.ws_connect(f"{shop.origin}/ws", headers={"Origin": shop.origin}) as socket:
        await socket.send_str("good morning")
        message = await socket.receive()
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1008)


async def test_what_can_not_be_read_is_said_and_the_page_goes_on(shop: Shop, owner: aiohttp.ClientSession) -> None:
    page = await Page.open(owner, shop.origin)
    for text in ("{", '{"type":"submit"}', '{"type":"open","channel":"x"}'):
        await page.socket.send_str(text)
        assert (await page.frame("error"))["message"] == texts.FRAME_UNREADABLE
    assert (await page.submit("a1", page.channel("general"), text="/task list"))["type"] == "done"
    await page.close()


async def test_a_frame_too_large_ends_the_socket(shop: Shop, owner: aiohttp.ClientSession) -> None:
    page = await Page.open(owner, shop.origin)
    await page.socket.send_str("x" * (300 * 1024))
    message = await page.socket.receive()

    assert message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING}


async def test_pages_that_come_at_once_are_bounded_too(shop: Shop, owner: aiohttp.ClientSession) -> None:
    async def comes() -> aiohttp.ClientWebSocketResponse | int:
        try:
            return await owner.ws_connect(f"{shop.origin}/ws", headers={"Origin": shop.origin})
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status

    came = await asyncio.gather(*(comes() for _ in range(MAX_PAGES + 10)))
    assert [one for one in came if isinstance(one, int)] == [503] * 10
    for socket in came:
        if not isinstance(socket, int):
            await socket.close()
    await (await Page.open(owner, shop.origin)).close()


async def test_the_number_of_pages_is_bounded(shop: Shop, owner: aiohttp.ClientSession) -> None:
    pages = [await Page.open(owner, shop.origin, f"page-{number}") for number in range(MAX_PAGES)]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await owner.ws_connect(f"{shop.origin}/ws", headers={"Origin": shop.origin})
    assert refused.value.status == 503
    for page in pages:
        await page.close()


async def test_only_whom_a_file_is_for_downloads_it(
    shop: Shop, owner: aiohttp.ClientSession, stranger: aiohttp.ClientSession
) -> None:
    page = await Page.open(owner, shop.origin)
    general = page.channel("general")
    await page.submit("a1", general, text="/task add Buy milk")
    await page.submit("a2", general, text="/task export csv")
    file = next(item["reply"]["files"][0] for item in await page.messages(general) if "files" in item.get("reply", {}))
    async with owner.get(f"{shop.origin}/files/{file['id']}") as response:
        assert response.status == 200
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.content_type == "application/octet-stream"
        assert "Buy milk" in await response.text()
        assert len(await response.read()) == file["size"]
    async with stranger.get(f"{shop.origin}/files/{file['id']}") as response:
        assert response.status == 401
    async with owner.get(f"{shop.origin}/files/00000000000000000000000000") as response:
        assert (response.status, texts.NO_SUCH_FILE in await response.text()) == (404, True)
    await page.close()


async def test_a_token_of_an_upload_that_is_no_token_is_refused(shop: Shop, owner: aiohttp.ClientSession) -> None:
    page = await Page.open(owner, shop.origin)
    ended = await page.submit("a1", page.channel("general"), text="/task import", files=["made-up"])

    assert (ended["type"], ended["message"]) == ("failed", texts.FILE_GONE)
    assert await upload(owner, shop.origin, "tasks.csv", b"title\nMilk\n")
    await page.close()
