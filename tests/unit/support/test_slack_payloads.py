"""What the local Slack sends has the fields of the samples, which follow Slack's reference and the SDK's own tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack import Channel, Message, Person, SlackPlatform
from tests.support.slack.sample_app import SampleApp, button, modal

Anna = Callable[[], Person]
Json = dict[str, Any]
SAMPLES = Path(__file__).parents[2] / "payloads" / "slack"


def fields(node: object, at: str = "") -> set[str]:
    """The paths of all fields, list items taken together; ids that the app chose are left out."""
    if isinstance(node, list):
        return {path for item in node for path in fields(item, f"{at}[]")}
    if not isinstance(node, dict):
        return set()
    found: set[str] = set()
    for key, value in node.items():
        name = "*" if at.removesuffix(".*").endswith("state.values") else key
        found |= {f"{at}.{name}"} | fields(value, f"{at}.{name}")
    return found


def assert_like_sample(name: str, payload: Json) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    assert fields(payload) == fields(sample)
    assert (payload.get("type"), payload.get("event", {}).get("type")) == (
        sample.get("type"),
        sample.get("event", {}).get("type"),
    )


async def post(slack: SlackPlatform, client: AsyncWebClient, channel: Channel, *blocks: Json) -> Message:
    await client.chat_postMessage(channel=channel.id, text="t", blocks=blocks)
    return slack.messages(channel)[-1]


async def test_commands_and_shortcuts(app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel) -> None:
    person = anna()
    assert_like_sample("slash_command", (await person.command("/task x", channel=general)).payload)
    await person.say("Buy milk", general)
    shortcut = await person.shortcut("make_task", slack.messages(general)[-1])
    assert_like_sample("message_action", shortcut.payload)


async def test_actions(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    person = anna()
    option = {"text": {"type": "plain_text", "text": "Later"}, "value": "later"}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*#12* Buy milk"}}
    pressed = {"type": "actions", "elements": [button("Done", "7", "done")]}
    message = await post(slack, client, general, section, pressed)
    assert_like_sample("block_actions_button", (await person.press(message, "Done")).payload)
    await client.chat_postEphemeral(channel=general.id, user=person.user.id, text="t", blocks=[pressed])
    message = slack.ephemerals(person.user)[-1]
    assert_like_sample("block_actions_ephemeral", (await person.press(message, "Done")).payload)
    overflow = {"type": "overflow", "action_id": "pick", "options": [option]}
    message = await post(slack, client, general, section | {"accessory": overflow})
    assert_like_sample("block_actions_overflow", (await person.choose(message, "pick", "Later")).payload)
    placeholder = {"type": "plain_text", "text": "Assign"}
    users = {"type": "users_select", "action_id": "pick", "placeholder": placeholder}
    message = await post(slack, client, general, {"type": "actions", "elements": [users]})
    assert_like_sample("block_actions_users_select", (await person.choose(message, "Assign", person.user)).payload)
    picker = {"type": "datetimepicker", "action_id": "pick"}
    message = await post(slack, client, general, {"type": "actions", "elements": [picker]})
    assert_like_sample("block_actions_datetimepicker", (await person.choose(message, "pick", 1763629200)).payload)


async def test_modals(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    person = anna()
    close = {"type": "plain_text", "text": "Cancel"}
    trigger = (await person.command("/task x", channel=general)).payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=modal(close=close, notify_on_close=True))
    view = slack.open_views(person.user)[-1]
    view.blocks[0]["element"].pop("max_length")
    values = {"Title": "wrong", "File": [person.upload("tasks.csv", b"title\nBuy milk")]}
    assert_like_sample("view_submission", (await person.submit(view, values)).payload)
    closed = await person.close(view)
    assert closed is not None
    assert_like_sample("view_closed", closed.payload)


async def test_a_button_in_a_modal(
    app: SampleApp, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    person = anna()
    texts = {name: {"type": "plain_text", "text": name} for name in ("close", "submit")}
    blocks = [{"type": "actions", "elements": [button("Done", "7", "pick")]}]
    trigger = (await person.command("/task x", channel=general)).payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=modal(blocks=blocks, **texts))
    pressed = await person.press(slack.open_views(person.user)[-1], "Done")
    assert_like_sample("block_actions_view", pressed.payload)


async def test_events(app: SampleApp, slack: SlackPlatform, anna: Anna, general: Channel) -> None:
    person = anna()
    await person.say("a topic", general)
    mention = await person.mention("@bot task done 12", general, thread_ts=slack.messages(general)[0].ts)
    assert_like_sample("app_mention", mention.payload)
    assert_like_sample("message_im", (await person.direct_message("task list & more")).payload)
    file = person.upload("tasks.csv", b"title\n")
    sent = await person.direct_message("task import", files=[file])
    assert_like_sample("message_im_file_share", sent.payload)
    assert_like_sample("app_home_opened", (await person.open_home()).payload)
    assert_like_sample("url_verification", (await slack.verify_url()).payload)
    gone, revoked = await slack.uninstall()
    assert_like_sample("app_uninstalled", gone.payload)
    assert_like_sample("tokens_revoked", revoked.payload)


def test_every_sample_is_used() -> None:
    used = Path(__file__).read_text()
    assert [path.stem for path in SAMPLES.glob("*.json") if f'"{path.stem}"' not in used] == []
