"""Commands, buttons, modals: a person and an app on the real SDK, through the local Slack."""

from __future__ import annotations

from collections.abc import Callable

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack import Channel, NotAcceptedError, Person, SlackPlatform
from tests.support.slack.sample_app import SampleApp, button, modal, refused

Anna = Callable[[], Person]


# ---------------------------------------------------------------- commands


async def test_a_command_is_answered_in_the_acknowledgement(app: SampleApp, anna: Anna, general: Channel) -> None:
    exchange = await anna().command("/task add Buy milk", channel=general)
    answer = await exchange.answer()
    assert (exchange.status, answer.text, answer.is_ephemeral) == (200, "did: add Buy milk", True)
    assert app.seen[0]["channel_name"] == "general"
    assert not app.slack.calls_of("auth.test")


async def test_a_late_command_shows_a_timeout_and_the_answer_still_arrives(
    app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    slack.ack_seconds = 1.0
    exchange = await anna().command("/task slow", channel=general)
    assert (exchange.status, exchange.error_shown) == (None, "operation_timeout")
    app.gate.set()
    assert (await exchange.answer()).text == "better late"


async def test_replacing_does_nothing_for_a_command(app: SampleApp, anna: Anna, general: Channel) -> None:
    exchange = await anna().command("/task later", channel=general)
    first, second = await exchange.answers(2)
    assert (first.text, first.is_ephemeral, second.text, second.is_ephemeral) == ("first", False, "second", True)


async def test_invalid_blocks_in_the_acknowledgement_are_shown_as_an_error(
    app: SampleApp, anna: Anna, general: Channel
) -> None:
    exchange = await anna().command("/task bad", channel=general)
    assert exchange.error_shown == "invalid_command_response"


async def test_the_manifest_decides_which_commands_exist_and_what_is_escaped(
    app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    entry = {"command": "/task", "description": "Tasks", "should_escape": True}
    slack.app.use_manifest({"display_information": {"name": "QM"}, "features": {"slash_commands": [entry]}})
    bob = slack.world.user("bob")
    await anna().command("/task add <b> & call @bob in #general, see https://a.example/x", channel=general)
    assert app.seen[0]["text"] == (
        f"add &lt;b&gt; &amp; call <@{bob.id}> in <#{general.id}|general>, see <https://a.example/x>"
    )
    with pytest.raises(NotAcceptedError):
        await anna().command("/stock list", channel=general)


async def test_a_forged_or_stale_request_is_turned_away(app: SampleApp, slack: SlackPlatform) -> None:
    transport = slack.connect(slack.transport.url)  # type: ignore[attr-defined]
    body = b"command=%2Ftask&text=x&team_id=T1"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    forged = await transport.post(body, headers | transport.sign(body, secret="other"))
    stale = await transport.post(body, headers | transport.sign(body, at=slack.clock.now() - 600))
    assert (forged.status, stale.status) == (401, 401)
    assert not app.seen


async def test_the_response_address_takes_five_posts_within_half_an_hour(
    app: SampleApp, slack: SlackPlatform, session: aiohttp.ClientSession, anna: Anna, general: Channel
) -> None:
    exchange = await anna().command("/task x", channel=general)
    url = exchange.payload["response_url"]

    async def post() -> tuple[int, str]:
        async with session.post(url, json={"text": "more"}) as response:
            return response.status, await response.text()

    assert [await post() for _ in range(5)] == [(200, "ok")] * 5
    assert (await post())[0] == 404
    late = await anna().command("/task y", channel=general)
    slack.clock.advance(31 * 60)
    async with session.post(late.payload["response_url"], json={"text": "late"}) as response:
        assert (await response.json())["error"] == "expired_url"


# ---------------------------------------------------------------- controls and modals


async def test_a_button_replaces_its_message(
    app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    listed = await (await anna().command("/task list", channel=general)).answer()
    assert listed.labels == ["Done"]
    pressed = await anna().press(listed, "Done")
    assert (await pressed.answer()).text == "done 12"
    body = app.seen[-1]
    assert body["message"]["blocks"][1]["elements"][0]["action_id"] == "done"
    assert body["container"]["message_ts"] == listed.ts
    assert len(slack.messages(general)) == 1


async def test_a_press_on_an_ephemeral_message_carries_no_message(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    person = anna()
    blocks = [{"type": "actions", "elements": [button("Done", "7", "done")]}]
    await client.chat_postEphemeral(channel=general.id, user=person.user.id, text="t", blocks=blocks)
    pressed = await person.press(slack.ephemerals(person.user)[0], "Done")
    assert (await pressed.answer()).is_ephemeral
    assert "message" not in app.seen[-1]
    assert app.seen[-1]["container"]["is_ephemeral"] is True


async def test_selects_send_what_was_chosen(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    option = {"text": {"type": "plain_text", "text": "Tomorrow 9:00", "emoji": True}, "value": "tomorrow"}
    menus = {
        "static_select": ("Tomorrow 9:00", "selected_option", option, {"options": [option]}),
        "overflow": ("tomorrow", "selected_option", option, {"options": [option]}),
        "users_select": (anna().user, "selected_user", anna().user.id, {}),
        "datepicker": ("2026-11-20", "selected_date", "2026-11-20", {}),
        "datetimepicker": (1763629200, "selected_date_time", 1763629200, {}),
    }
    for kind, (choice, key, expected, more) in menus.items():
        blocks = [{"type": "actions", "elements": [{"type": kind, "action_id": "pick", **more}]}]
        await client.chat_postMessage(channel=general.id, text=kind, blocks=blocks)
        exchange = await anna().choose(slack.messages(general)[-1], "pick", choice)
        assert exchange.status == 200
        assert app.seen[-1]["actions"][0][key] == expected


async def test_a_modal_with_a_file_comes_back_filled_in(
    app: SampleApp, slack: SlackPlatform, session: aiohttp.ClientSession, anna: Anna, general: Channel
) -> None:
    person = anna()
    view = await (await person.command("/task form", channel=general)).view()
    assert view.labels == ["Title", "File"]
    with pytest.raises(NotAcceptedError):
        await person.submit(view, {"Title": "tasks"})
    file = person.upload("tasks.csv", b"title\nBuy milk\n")
    wrong = await person.submit(view, {"Title": "wrong", "File": [file]})
    assert wrong.errors == {"t": "not that one"}
    assert view.is_open
    assert slack.open_views(person.user) == [view]
    await person.submit(view, {"Title": "right"})
    assert slack.open_views(person.user) == []
    sent = app.seen[-1]["view"]["state"]["values"]["f"]["file"]["files"][0]
    address = sent["url_private_download"]
    async with session.get(address, headers={"Authorization": f"Bearer {slack.bot_token}"}) as response:
        assert await response.read() == b"title\nBuy milk\n"
    async with session.get(address) as response:
        assert (response.status, response.content_type) == (200, "text/html")


async def test_a_trigger_works_once_and_for_three_seconds(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    used = (await anna().command("/task form", channel=general)).payload["trigger_id"]
    assert await refused(client.views_open(trigger_id=used, view=modal())) == "exchanged_trigger_id"
    old = (await anna().command("/task x", channel=general)).payload["trigger_id"]
    slack.clock.advance(slack.trigger_seconds + 0.5)
    assert await refused(client.views_open(trigger_id=old, view=modal())) == "expired_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


async def test_a_message_shortcut_answers_where_the_message_is(
    app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    person = anna()
    await person.say("buy milk", general)
    exchange = await person.shortcut("make_task", slack.messages(general)[0])
    assert (await exchange.answer()).text == "from buy milk"


async def test_an_external_select_shows_what_the_app_suggests(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    blocks = [{"type": "actions", "elements": [{"type": "external_select", "action_id": "pick"}]}]
    await client.chat_postMessage(channel=general.id, text="pick", blocks=blocks)
    message = slack.messages(general)[0]
    options = (await anna().suggest(message, "pick", "mil")).options
    assert [option["value"] for option in options] == ["mil"]
    await anna().choose(message, "pick", options[0])
    assert app.seen[-1]["actions"][0]["selected_option"] == options[0]


async def test_a_modal_can_be_pushed_and_an_error_must_name_an_input(
    app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel
) -> None:
    person = anna()
    view = await (await person.command("/task form", channel=general)).view()
    file = person.upload("a.csv", b"x")
    lost = await person.submit(view, {"Title": "nowhere", "File": [file]})
    assert (lost.errors, lost.error_shown) == ({}, "We had some trouble connecting. Try again?")
    pushed = await (await person.submit(view, {"Title": "more"})).view()
    assert slack.open_views(person.user) == [view, pushed]
    assert pushed.data["previous_view_id"] == view.id
