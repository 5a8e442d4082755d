"""What Slack sends, as requests; the samples follow Slack's reference."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.platforms.slack import translate
from adapters.platforms.slack.translate import Payload, UnreadablePayloadError
from core.chat.request import Attachment, ChannelKind, ChannelRef, Platform
from tests.unit.bot.sample_area import registry

SAMPLES = Path(__file__).parents[3] / "payloads" / "slack"
BOT = "U0BOT"
CATALOGUE = registry().catalogue


def sample(name: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found | more


def attach(file: Payload) -> Attachment:
    def nothing() -> Any:
        raise AssertionError("nothing is read while translating")

    return Attachment(str(file["name"]), str(file["mimetype"]), file["size"], nothing)


def test_a_slash_command() -> None:
    body = sample("slash_command")
    said = translate.command(body, 100.0)
    assert said.request.platform is Platform.SLACK
    assert said.request.space_id == body["team_id"]
    assert said.request.user.id == body["user_id"]
    assert said.request.text == f"{body['command']} {translate.typed(body['text'])}".strip()
    assert said.request.delivery_id == f"slack:{body['team_id']}:{body['trigger_id']}"
    assert said.place.response_url == body["response_url"]
    assert said.place.since == 100.0


@pytest.mark.parametrize(
    ("channel_id", "name", "kind", "shown"),
    [
        ("C1", "general", ChannelKind.PUBLIC, "general"),
        ("C1", "privategroup", ChannelKind.PRIVATE, ""),
        ("G1", "old-private", ChannelKind.PRIVATE, "old-private"),
        ("C1", "mpdm-anna--ben-1", ChannelKind.PRIVATE, "mpdm-anna--ben-1"),
        ("D1", "directmessage", ChannelKind.DIRECT, ""),
        ("D1", "anything", ChannelKind.DIRECT, ""),
        ("C1", "", ChannelKind.PRIVATE, ""),
    ],
)
def test_only_what_is_surely_public_is_public(channel_id: str, name: str, kind: ChannelKind, shown: str) -> None:
    said = translate.command(sample("slash_command", channel_id=channel_id, channel_name=name), 0)
    assert said.request.channel == ChannelRef(channel_id, shown, kind)


def test_a_pressed_button_is_the_stored_action_by_its_id() -> None:
    said = translate.pressed(sample("block_actions_ephemeral"), 0)
    assert said.request.action_id == "press:0"
    assert said.request.text == ""
    assert said.place.message == ""
    assert said.trigger == "13345224609.738474920.8088930838d88f008e0"


def test_a_public_message_can_be_changed_by_name_and_a_choice_completes_its_id() -> None:
    body = sample("block_actions_button")
    body["actions"][0] |= {"action_id": "set.4", "selected_option": {"value": ".2"}}
    said = translate.pressed(body, 0)
    assert said.request.action_id == "set.4.2"
    assert said.place.message == body["container"]["message_ts"]


def test_a_mention_is_a_command_for_its_thread() -> None:
    said = translate.talk(sample("app_mention"), BOT)
    assert said is not None
    assert (said.text, said.thread, said.kind) == ("task done 12", "1763629100.000100", None)
    ready = translate.talk_request(said, ChannelRef("C1", "general", ChannelKind.PUBLIC), attach, "https://x/1")
    assert ready.request.channel.thread == "1763629100.000100"
    assert ready.request.origin == "https://x/1"
    assert ready.place.is_talk


def test_a_direct_message_brings_its_files() -> None:
    said = translate.talk(sample("message_im_file_share"), BOT)
    assert said is not None
    assert (said.text, said.kind, said.thread) == ("task import", ChannelKind.DIRECT, "")
    ready = translate.talk_request(said, ChannelRef("D0001", "", ChannelKind.DIRECT), attach)
    assert [file.name for file in ready.request.attachments] == ["tasks.csv"]


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B1"},
        {"user": BOT},
        {"user": ""},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"type": "app_mention", "text": f"hello <@{BOT}>"},
        {"type": "message", "channel_type": "channel"},
        {"type": "reaction_added"},
    ],
)
def test_what_nobody_said_to_the_bot_is_left_alone(event: dict[str, Any]) -> None:
    body = sample("app_mention")
    body["event"] |= event
    assert translate.talk(body, BOT) is None


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("add &lt;b&gt; &amp; c", "add <b> & c"),
        ("add assign:<@U123> channel:<#C1|shop>", "add assign:<@U123> channel:<#C1|shop>"),
        ("get <https://example.com/a?b=1&amp;c=2>", "get https://example.com/a?b=1&c=2"),
        ("get <http://example.com|example.com> now", "get example.com now"),
        ("get <https://example.com/x|a label>", "get https://example.com/x"),
        ("mail <mailto:ann@example.com|ann@example.com>", "mail ann@example.com"),
        ("tell <!here> <!subteam^S1|@cooks>", "tell  <@&S1|cooks>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_text_is_read_as_it_was_typed(sent: str, meant: str) -> None:
    assert translate.typed(sent) == meant


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(translate.typed(text), str)


def test_payloads_without_what_they_must_have_are_named() -> None:
    with pytest.raises(UnreadablePayloadError, match="channel_id"):
        translate.command(sample("slash_command", channel_id=""), 0)
    with pytest.raises(UnreadablePayloadError, match="actions"):
        translate.pressed(sample("block_actions_button", actions=[]), 0)
    with pytest.raises(UnreadablePayloadError, match="private_metadata"):
        translate.submitted(sample("view_submission"), attach)


def test_a_permanent_link_needs_the_workspaces_address() -> None:
    assert translate.permalink("https://acme.slack.com/", "C1", "1763629100.000100") == (
        "https://acme.slack.com/archives/C1/p1763629100000100"
    )
    assert translate.permalink("", "C1", "1.2") == ""


def test_a_shortcut_on_a_message_asks_for_a_task_with_its_words_and_link() -> None:
    body = sample("message_action")
    found = translate.aimed(body)
    assert (found.channel.name, found.ts) == ("general", body["message"]["ts"])
    said = translate.made_from(found, CATALOGUE, "https://acme.slack.com/archives/C1/p1", {}, 100.0)
    assert said.request.command == "task add"
    assert said.request.arguments == {"title": "Buy milk"}
    assert said.request.ask
    assert said.request.origin == "https://acme.slack.com/archives/C1/p1"
    assert (said.place.response_url, said.trigger) == (body["response_url"], body["trigger_id"])


def test_people_places_and_groups_in_a_message_are_called_by_their_names() -> None:
    message = {
        "ts": "1.2",
        "text": "<@U1> <@U2|ben> <@U3> in <#C1|shop> with <!subteam^S1|@devs> &amp; <https://x.example|the site>",
    }
    found = translate.aimed(sample("message_action", message=message))
    assert translate.mentioned(found.text) == ["U1", "U3"]
    said = translate.made_from(found, CATALOGUE, "", {"U1": "Anna"}, 100.0)
    assert said.request.arguments["title"] == "@Anna @ben @somebody in #shop with @devs & https://x.example"


def test_a_control_in_the_home_tab_belongs_to_the_conversation_with_the_bot() -> None:
    body = sample("block_actions_view")
    home = {**body["view"], "type": "home", "private_metadata": "D024BE91L"}
    said = translate.pressed({**body, "view": home}, 100.0)
    assert said.place.in_home
    assert (said.request.channel.id, said.request.channel.kind) == ("D024BE91L", ChannelKind.DIRECT)
    for wrong in (body, {**body, "view": {**home, "private_metadata": "C1"}}, {**body, "view": None}):
        with pytest.raises(UnreadablePayloadError):
            translate.pressed(wrong, 100.0)


def test_a_user_group_is_kept_by_its_id() -> None:
    assert translate.typed("assign 1 <!subteam^S012|@dev ops> now") == "assign 1 <@&S012|devops> now"
    assert translate.typed("<!subteam^S012>") == "<@&S012|>"
