"""Events and their retries, Socket Mode, and faults: the local Slack against the real SDK."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.patience import patience
from tests.support.slack import Channel, NotShownError, Person, SlackPlatform
from tests.support.slack.sample_app import SampleApp, make_client, refused

Anna = Callable[[], Person]


# ---------------------------------------------------------------- events


async def test_a_mention_in_a_thread_is_answered_in_the_thread(
    app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    person = anna()
    await person.say("a topic", general)
    topic = slack.messages(general)[0]
    exchange = await person.mention("@bot task done 12", general, thread_ts=topic.ts)
    answer = await exchange.answer()
    bot = slack.installation.bot.id
    assert (answer.text, answer.thread_ts) == (f"heard <@{bot}> task done 12", topic.ts)
    assert app.seen[0]["event"]["type"] == "app_mention"


async def test_a_direct_message_reaches_the_app(app: SampleApp, anna: Anna) -> None:
    exchange = await anna().direct_message("task list")
    assert (await exchange.answer()).text == "heard task list"
    assert app.seen[0]["event"]["channel_type"] == "im"


async def test_a_failed_event_is_sent_again_with_the_same_id(app: SampleApp, anna: Anna, general: Channel) -> None:
    app.fail_events = 2
    exchange = await anna().mention("@bot hi", general)
    attempts = await exchange.settled()
    assert [attempt.status for attempt in attempts] == [500, 500, 200]
    assert len({body["event_id"] for body in app.seen}) == 1
    assert (await exchange.answer()).text.startswith("heard")


async def test_slack_gives_up_after_three_retries(app: SampleApp, anna: Anna, general: Channel) -> None:
    app.fail_events = 9
    exchange = await anna().mention("@bot hi", general)
    assert [attempt.retry_num for attempt in await exchange.settled()] == [0, 1, 2, 3]


async def test_the_app_can_ask_for_no_retry(slack: SlackPlatform, anna: Anna) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    server = web.Application()
    server.router.add_post("/", refuse)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    exchange = await anna().direct_message("hello")
    assert [attempt.status for attempt in await exchange.settled()] == [500]
    await runner.cleanup()


async def test_url_verification_and_uninstalling(app: SampleApp, slack: SlackPlatform) -> None:
    verified = await slack.verify_url()
    assert json.loads(verified.ack.body) == {"challenge": verified.payload["challenge"]}
    gone, revoked = await slack.uninstall()
    assert gone.status == 200
    assert revoked.payload["event"]["tokens"]["bot"] == [slack.installation.bot.id]
    assert revoked.status == 404  # the small app does not listen to it: bolt answers 404


async def test_the_same_delivery_can_arrive_many_times(app: SampleApp, anna: Anna, general: Channel) -> None:
    exchange = await anna().command("/task once", channel=general)
    again = await exchange.delivery.repeat(times=10)
    assert {attempt.body for attempt in again} == {"did: once"}
    assert len(app.seen) == 11


# ---------------------------------------------------------------- Socket Mode


async def test_socket_mode_carries_commands_actions_modals_and_events(
    socket_mode: AsyncSocketModeHandler, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    person = anna()
    assert (await (await person.command("/task add x", channel=general)).answer()).text == "did: add x"
    listed = await person.command("/task list", channel=general)
    await listed.answer()
    assert (await (await person.press(listed, "Done")).answer()).text == "done 12"
    view = await (await person.command("/task form", channel=general)).view()
    file = person.upload("a.csv", b"x")
    assert (await person.submit(view, {"Title": "wrong", "File": [file]})).errors == {"t": "not that one"}
    assert (await (await person.mention("@bot hi", general)).answer()).text.startswith("heard")
    assert len(slack.socket.acknowledgements) == 6


async def test_socket_mode_retries_events_that_were_not_acknowledged(
    socket_mode: AsyncSocketModeHandler, app: SampleApp, slack: SlackPlatform, anna: Anna
) -> None:
    slack.ack_seconds = 0.2
    app.fail_events = 1
    exchange = await anna().direct_message("hi")
    assert [attempt.status for attempt in await exchange.settled()] == [None, 200]


async def test_socket_mode_reconnects_when_asked_to(
    socket_mode: AsyncSocketModeHandler, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    await slack.socket.disconnect("refresh_requested")
    await slack.until(lambda: slack.socket.connected_in_all == 2 and len(slack.socket.connections) == 1)
    assert (await (await anna().command("/task x", channel=general)).answer()).text == "did: x"


async def test_without_a_connection_the_person_sees_a_failure(
    slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    assert (await anna().command("/task x", channel=general)).error_shown == "dispatch_failed"


# ---------------------------------------------------------------- faults


async def test_a_rate_limit_is_waited_out_by_the_handler(
    slack: SlackPlatform, client: AsyncWebClient, general: Channel
) -> None:
    slack.faults.add("chat.postMessage", status=429, retry_after=0, times=2)
    await client.chat_postMessage(channel=general.id, text="hello")
    assert len(slack.calls_of("chat.postMessage")) == 3
    assert [message.text for message in slack.messages(general)] == ["hello"]


async def test_without_the_handler_a_rate_limit_is_an_error(
    slack: SlackPlatform, session: aiohttp.ClientSession, general: Channel
) -> None:
    client = make_client(slack, session, retry_handlers=[])
    slack.faults.add("chat.postMessage", status=429, retry_after=30)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=general.id, text="hello")
    assert caught.value.response.headers["Retry-After"] == "30"


async def test_a_connection_cut_after_the_post_leaves_the_post(
    slack: SlackPlatform, session: aiohttp.ClientSession, general: Channel
) -> None:
    client = make_client(slack, session, retry_handlers=[])
    slack.faults.drop("chat.postMessage", after_effect=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(
            channel=general.id, text="once", metadata={"event_type": "qm", "event_payload": {}}
        )
    found = await client.conversations_history(channel=general.id, include_all_metadata=True)
    assert [message["metadata"]["event_type"] for message in found["messages"]] == ["qm"]
    plain = await client.conversations_history(channel=general.id)
    assert "metadata" not in plain["messages"][0]


async def test_the_sdks_default_handler_posts_twice_after_such_a_cut(
    slack: SlackPlatform, session: aiohttp.ClientSession, general: Channel
) -> None:
    client = make_client(slack, session, retry_handlers=None)
    slack.faults.drop("chat.postMessage", after_effect=True)
    await client.chat_postMessage(channel=general.id, text="twice")
    assert len(slack.messages(general)) == 2


async def test_a_connection_cut_before_the_post_leaves_nothing(
    slack: SlackPlatform, session: aiohttp.ClientSession, general: Channel
) -> None:
    client = make_client(slack, session, retry_handlers=[])
    slack.faults.drop("chat.postMessage", after_effect=False)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=general.id, text="never")
    assert slack.messages(general) == []


async def test_a_held_answer_goes_on_when_released(
    slack: SlackPlatform, client: AsyncWebClient, general: Channel
) -> None:
    fault = slack.faults.hang("chat.postMessage")
    posting = asyncio.create_task(client.chat_postMessage(channel=general.id, text="slow"))
    await fault.reached.wait()
    assert slack.messages(general) == []
    fault.release()
    assert (await posting)["ok"]


async def test_a_server_error_is_an_error(slack: SlackPlatform, client: AsyncWebClient, general: Channel) -> None:
    slack.faults.add("chat.postMessage", status=500)
    assert await refused(client.chat_postMessage(channel=general.id, text="x")) == "internal_error"


async def test_waiting_in_vain_says_for_what(slack: SlackPlatform) -> None:
    with pytest.raises(NotShownError, match="a sign"):
        await slack.until(lambda: None, seconds=0.01, what="a sign")


async def test_the_app_hears_its_own_direct_messages_and_the_sdk_ignores_them(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna
) -> None:
    exchange = await anna().direct_message("task list")
    await exchange.answer()
    await client.chat_postMessage(channel=anna().direct_channel.id, text="a reminder")
    assert [message.text for message in slack.direct_messages(anna().user)] == ["heard task list", "a reminder"]
    assert len(app.seen) == 1


async def test_a_client_that_gives_up_waiting_leaves_nothing_behind(slack: SlackPlatform, general: Channel) -> None:
    fault = slack.faults.hang("chat.postMessage")
    # The SDK's own `timeout` counts only without a session: with one, the session's does.
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=patience(0.3))) as impatient:
        client = make_client(slack, impatient, retry_handlers=[])
        with pytest.raises(TimeoutError):
            await client.chat_postMessage(channel=general.id, text="never")
    assert fault.hits == 1
    assert slack.messages(general) == []


async def test_three_hundred_commands_at_once_are_all_answered(app: SampleApp, anna: Anna, general: Channel) -> None:
    app.slack.ack_seconds = 60
    person = anna()
    exchanges = await asyncio.gather(*(person.command(f"/task add {n}", channel=general) for n in range(300)))
    assert [exchange.messages[0].text for exchange in exchanges] == [f"did: add {n}" for n in range(300)]
