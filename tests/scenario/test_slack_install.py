"""Installing the app into further Slack workspaces, by the page that anybody may be sent to."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.support.slack import SlackPlatform
from tests.support.slack.world import BOT_SCOPES
from tests.support.slack_product import SlackShop


@pytest.fixture
async def shop(slack: SlackPlatform, tmp_path: Path) -> AsyncIterator[SlackShop]:
    opened = SlackShop(slack, tmp_path, oauth=True)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def _begin(browser: aiohttp.ClientSession, shop: SlackShop) -> dict[str, list[str]]:
    async with browser.get(f"{shop.origin}/slack/install", allow_redirects=False) as response:
        assert response.status == 302
        target = urlsplit(response.headers["Location"])
    assert target.path == "/oauth/v2/authorize"
    return parse_qs(target.query)


async def _finish(browser: aiohttp.ClientSession, shop: SlackShop, **query: str) -> tuple[int, str]:
    async with browser.get(f"{shop.origin}/slack/oauth_redirect", params=query) as response:
        return response.status, await response.text()


async def test_a_second_team_installs_the_app_and_has_its_own_tasks(
    slack: SlackPlatform, shop: SlackShop, browser: aiohttp.ClientSession
) -> None:
    anna = slack.person(slack.world.user("anna"))
    await anna.command("/task add Buy milk", channel=slack.world.channel("general", [anna.user]))
    asked = await _begin(browser, shop)
    assert asked["client_id"] == [slack.app.client_id]
    assert "commands" in asked["scope"][0].split(",")
    other = slack.world.team("Books")
    carla = slack.world.user("carla", other)
    code = slack.oauth_code(other, carla, BOT_SCOPES)
    assert await _finish(browser, shop, code=code, state=asked["state"][0]) == (
        200,
        "Quartermaster is installed. Go back to Slack and type /qm help.\n",
    )
    person = slack.person(carla)
    channel = slack.world.channel("general", [carla])
    assert "Nothing to do" in (await (await person.command("/task list", channel=channel)).answer()).shown
    added = await (await person.command("/task add Sort the shelves", channel=channel)).answer()
    assert "#1" in added.shown
    await shop.stop()
    await shop.start()
    kept = await (await slack.person(carla).command("/task list", channel=channel)).answer()
    assert "Sort the shelves" in kept.shown


async def test_a_way_back_that_this_browser_did_not_begin_installs_nothing(
    slack: SlackPlatform, shop: SlackShop, browser: aiohttp.ClientSession
) -> None:
    asked = await _begin(browser, shop)
    other = slack.world.team("Books")
    code = slack.oauth_code(other, slack.world.user("carla", other), BOT_SCOPES)
    async with aiohttp.ClientSession() as stranger:
        assert (await _finish(stranger, shop, code=code, state=asked["state"][0]))[0] == 400
    assert (await _finish(browser, shop, code=code, state="1.forged"))[0] == 400
    assert (await _finish(browser, shop, code=code))[0] == 400
    assert not slack.calls_of("oauth.v2.access")


async def test_a_refusal_and_an_outage_are_told_in_a_sentence(
    slack: SlackPlatform, shop: SlackShop, browser: aiohttp.ClientSession
) -> None:
    state = (await _begin(browser, shop))["state"][0]
    assert (await _finish(browser, shop, error="access_denied", state=state)) == (200, "Nothing was installed.\n")
    status, words = await _finish(browser, shop, code="no such code", state=state)
    assert (status, "invalid_code" in words) == (400, True)
    slack.faults.add("oauth.v2.access", status=500)
    status, words = await _finish(browser, shop, code="any", state=state)
    assert (status, "could not be reached" in words) == (503, True)
