"""The local Slack's Web API: what it refuses, as the real one does, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack import Channel, Person, SlackPlatform
from tests.support.slack.auth import ManifestError
from tests.support.slack.sample_app import button, make_client, modal, refused, section

Anna = Callable[[], Person]
Json = dict[str, Any]


# ---------------------------------------------------------------- tokens


async def test_a_call_needs_a_living_token_of_the_right_kind(slack: SlackPlatform, client: AsyncWebClient) -> None:
    assert await refused(client.auth_test(token="")) == "not_authed"
    assert await refused(client.auth_test(token="xoxb-unknown")) == "invalid_auth"
    assert await refused(client.auth_test(token=slack.app.app_token)) == "not_allowed_token_type"
    assert await refused(client.apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"
    assert (await client.auth_revoke())["revoked"] is True
    assert await refused(client.auth_test()) == "token_revoked"


async def test_a_missing_scope_is_named(slack: SlackPlatform, client: AsyncWebClient, general: Channel) -> None:
    slack.installation.scopes.remove("chat:write")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=general.id, text="x")
    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", "chat:write")


async def test_consent_becomes_an_installation(
    slack: SlackPlatform, session: aiohttp.ClientSession, client: AsyncWebClient
) -> None:
    other = slack.world.team("Other")
    owner = slack.world.user("zoe", other, is_owner=True)
    code = slack.oauth_code(other, owner, "chat:write,commands")
    # Not `oauth_v2_access`: the SDK makes the header with a class that aiohttp warns of.
    asked = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret, "code": code}
    granted = await client.api_call("oauth.v2.access", data=asked)
    assert (granted["team"]["id"], granted["scope"]) == (other.id, "chat:write,commands")
    assert await refused(client.api_call("oauth.v2.access", data=asked)) == "code_already_used"
    theirs = make_client(slack, session, token=granted["access_token"])
    assert (await theirs.auth_test())["team"] == "Other"


# ---------------------------------------------------------------- posting


async def test_a_post_needs_a_channel_the_bot_is_in(slack: SlackPlatform, client: AsyncWebClient, anna: Anna) -> None:
    elsewhere = slack.world.channel("elsewhere", [anna().user], with_bot=False)
    secret = slack.world.channel("secret", [anna().user], private=True, with_bot=False)
    assert await refused(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel=elsewhere.id, text="x")) == "not_in_channel"
    assert await refused(client.chat_postMessage(channel=secret.id, text="x")) == "channel_not_found"
    elsewhere.is_archived = True
    assert await refused(client.chat_postMessage(channel=elsewhere.id, text="x")) == "is_archived"


async def test_every_post_is_a_new_message(slack: SlackPlatform, client: AsyncWebClient, general: Channel) -> None:
    for _ in range(2):
        await client.chat_postMessage(
            channel=general.id, text="same", metadata={"event_type": "e", "event_payload": {}}
        )
    first, second = slack.messages(general)
    assert first.text == second.text
    assert first.ts < second.ts


async def test_only_own_messages_can_be_changed(
    slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    await anna().say("mine", general)
    theirs = slack.messages(general)[0].ts
    assert await refused(client.chat_update(channel=general.id, ts=theirs, text="x")) == "cant_update_message"
    assert await refused(client.chat_delete(channel=general.id, ts=theirs)) == "cant_delete_message"
    posted = await client.chat_postMessage(channel=general.id, text="old", blocks=[section("old")])
    assert await refused(client.chat_update(channel=general.id, ts=posted["ts"], text="x" * 4001)) == "msg_too_long"
    await client.chat_update(channel=general.id, ts=posted["ts"], text="new")
    message = slack.messages(general)[-1]
    assert (message.text, message.blocks, len(message.revisions)) == ("new", [], 1)
    await client.chat_delete(channel=general.id, ts=posted["ts"])
    assert await refused(client.chat_update(channel=general.id, ts=posted["ts"], text="x")) == "message_not_found"


async def test_an_ephemeral_message_is_for_a_member_and_in_no_history(
    slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    bob = slack.world.user("bob")
    call = client.chat_postEphemeral(channel=general.id, user=bob.id, text="psst")
    assert await refused(call) == "user_not_in_channel"
    shown = await client.chat_postEphemeral(channel=general.id, user=anna().user.id, text="psst")
    assert [message.text for message in slack.ephemerals(anna().user)] == ["psst"]
    assert (await client.conversations_history(channel=general.id))["messages"] == []
    update = client.chat_update(channel=general.id, ts=shown["message_ts"], text="x")
    assert await refused(update) == "message_not_found"


# ---------------------------------------------------------------- blocks


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(options: int) -> Json:
    many = [{"text": {"type": "plain_text", "text": "x"}, "value": str(n)} for n in range(options)]
    return {"type": "static_select", "action_id": "s", "options": many}


def plain(size: int) -> Json:
    return {"type": "plain_text", "text": "x" * size}


INVALID: dict[str, list[Json]] = {
    "51 blocks": [{"type": "divider"}] * 51,
    "no text": [section("")],
    "3001 characters": [section("x" * 3001)],
    "header of 151": [{"type": "header", "text": plain(151)}],
    "header in mrkdwn": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "26 elements": [actions(*(button("x", action_id=str(n)) for n in range(26)))],
    "no elements": [actions()],
    "label of 76": [actions(button("x" * 76))],
    "value of 2001": [actions(button("x", "v" * 2001))],
    "action id of 256": [actions(button("x", action_id="a" * 256))],
    "same action id in a block": [actions(button("x", action_id="a"), button("y", action_id="a"))],
    "same block id": [{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}],
    "101 options": [actions(select(101))],
    "placeholder of 151": [actions(select(1) | {"placeholder": plain(151)})],
    "options and groups": [actions({"type": "static_select", "action_id": "s"})],
    "6 in an overflow menu": [actions(select(6) | {"type": "overflow"})],
    "unknown property": [section("x") | {"imageUrl": "y"}],
    "unknown block": [{"type": "carousel_of_doom"}],
    "unknown element": [actions({"type": "plain_text_input", "action_id": "i"})],
    "input of a file": [{"type": "input", "label": plain(1), "element": {"type": "file_input", "action_id": "f"}}],
    "unknown file": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F404"}}],
    "image without alt text": [{"type": "image", "image_url": "https://a.example/x.png"}],
    "11 in a context": [{"type": "context", "elements": [plain(1)] * 11}],
    "11 fields": [{"type": "section", "fields": [plain(1)] * 11}],
    "uneven data table": [
        {
            "type": "data_table",
            "caption": "c",
            "rows": [[{"type": "raw_text", "text": "a"}], [{"type": "raw_text", "text": "a"}] * 2],
        }
    ],
}


@pytest.mark.parametrize("name", INVALID)
async def test_blocks_beyond_the_limits_are_refused(
    name: str, slack: SlackPlatform, client: AsyncWebClient, general: Channel
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=general.id, text="x", blocks=INVALID[name])
    assert caught.value.response["error"] == "invalid_blocks"
    assert "[json-pointer:/blocks" in caught.value.response["response_metadata"]["messages"][0]
    assert slack.messages(general) == []


async def test_blocks_at_the_limits_are_taken(slack: SlackPlatform, client: AsyncWebClient, general: Channel) -> None:
    rows = [[{"type": "raw_text", "text": "sku"}], *([[{"type": "raw_number", "value": 1, "text": "1"}]] * 100)]
    line = {"series": [{"name": "n", "data": [{"label": "Mo", "value": 1.5}]}], "axis_config": {"categories": ["Mo"]}}
    taken: list[list[Json]] = [
        [{"type": "divider"}] * 50,
        [section("x" * 3000), {"type": "header", "text": plain(150)}],
        [actions(*(button("x" * 75, "v", str(n)) for n in range(25)))],
        [actions(button("x", action_id="a")), actions(button("x", action_id="a"))],
        [{"type": "data_table", "caption": "Stock", "rows": rows, "row_header_column_index": 0}],
        [{"type": "data_visualization", "title": "Sales", "chart": {"type": "line", **line}}],
        [{"type": "markdown", "text": "x" * 12_000}],
    ]
    for blocks in taken:
        await client.chat_postMessage(channel=general.id, text="x", blocks=blocks)
    assert len(slack.messages(general)) == len(taken)


async def test_whole_messages_have_limits_too(client: AsyncWebClient, general: Channel) -> None:
    long = client.chat_postMessage(channel=general.id, text="x", blocks=[section("x" * 2900)] * 5)
    assert await refused(long) == "msg_blocks_too_long"
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    two = client.chat_postMessage(channel=general.id, text="x", blocks=[table, table])
    assert await refused(two) == "only_one_table_allowed"
    # The SDK itself warns of a post without text.
    assert await refused(client.api_call("chat.postMessage", json={"channel": general.id})) == "no_text"


@pytest.mark.parametrize(
    "more",
    [
        {"title": plain(25)},
        {"private_metadata": "x" * 3001},
        {"blocks": [{"type": "divider"}] * 101},
        {"blocks": [{"type": "markdown", "text": "x"}]},
        {"submit": plain(25)},
    ],
)
async def test_modals_beyond_the_limits_are_refused(
    more: Json, slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    exchange = await anna().command("/task", channel=general)
    trigger = exchange.payload["trigger_id"]
    assert await refused(client.views_open(trigger_id=trigger, view=modal(**more))) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger, view=modal()))["ok"]


async def test_an_outdated_hash_does_not_overwrite_a_view(
    slack: SlackPlatform, client: AsyncWebClient, anna: Anna
) -> None:
    home = {"type": "home", "blocks": [section("Nothing to do")]}
    user = anna().user.id
    first = await client.views_publish(user_id=user, view=home)
    await client.views_publish(user_id=user, view=home, hash=first["view"]["hash"])
    stale = client.views_publish(user_id=user, view=home, hash=first["view"]["hash"])
    assert await refused(stale) == "hash_conflict"
    shown = slack.home_of(anna().user)
    assert shown is not None
    assert "Nothing to do" in shown.shown


# ---------------------------------------------------------------- conversations


async def test_members_come_in_pages(slack: SlackPlatform, client: AsyncWebClient) -> None:
    crowd = [slack.world.user(f"user{n}") for n in range(25)]
    channel = slack.world.channel("crowd", crowd)
    found: list[str] = []
    async for page in await client.conversations_members(channel=channel.id, limit=10):
        found += page["members"]
    assert found == [*(user.id for user in crowd), slack.installation.bot.id]


async def test_history_is_newest_first_without_replies(
    client: AsyncWebClient, general: Channel, slack: SlackPlatform
) -> None:
    posted = [await client.chat_postMessage(channel=general.id, text=str(n)) for n in range(5)]
    await client.chat_postMessage(channel=general.id, text="reply", thread_ts=posted[0]["ts"])
    page = await client.conversations_history(channel=general.id, limit=2, oldest=posted[1]["ts"])
    assert [message["text"] for message in page["messages"]] == ["4", "3"]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=general.id, limit=2, oldest=posted[1]["ts"], cursor=cursor)
    assert [message["text"] for message in rest["messages"]] == ["2"]
    thread = await client.conversations_replies(channel=general.id, ts=posted[0]["ts"])
    assert [message["text"] for message in thread["messages"]] == ["0", "reply"]


async def test_the_bot_knows_only_its_own_private_conversations(
    slack: SlackPlatform, client: AsyncWebClient, anna: Anna, general: Channel
) -> None:
    slack.world.channel("secret", [anna().user], private=True, with_bot=False)
    ours = slack.world.channel("ours", [anna().user], private=True)
    kinds = "public_channel,private_channel"
    listed = await client.users_conversations(user=anna().user.id, types=kinds)
    assert [channel["id"] for channel in listed["channels"]] == [general.id, ours.id]
    direct = (await client.conversations_open(users=anna().user.id))["channel"]["id"]
    assert (await client.conversations_info(channel=direct))["channel"]["user"] == anna().user.id
    assert await refused(client.users_info(user="U404")) == "user_not_found"
    assert (await client.users_info(user=anna().user.id))["user"]["tz"] == "Europe/Amsterdam"


# ---------------------------------------------------------------- files


async def test_a_file_goes_up_into_a_channel_and_comes_down(
    slack: SlackPlatform, session: aiohttp.ClientSession, client: AsyncWebClient, general: Channel
) -> None:
    await client.files_upload_v2(
        channel=general.id, filename="tasks.csv", content="title\n", title="Tasks", initial_comment="Here"
    )
    message = slack.messages(general)[0]
    assert (message.text, message.files[0]["title"]) == ("Here", "Tasks")
    info = await client.files_info(file=message.files[0]["id"])
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with session.get(info["file"]["url_private"], headers=headers) as response:
        assert await response.text() == "title\n"


async def test_a_file_cannot_be_shared_before_it_is_uploaded_or_where_the_bot_is_not(
    slack: SlackPlatform, client: AsyncWebClient, anna: Anna
) -> None:
    place = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    early = client.files_completeUploadExternal(files=[{"id": place["file_id"]}])
    assert await refused(early) == "internal_error"
    elsewhere = slack.world.channel("elsewhere", [anna().user], with_bot=False)
    upload = client.files_upload_v2(channel=elsewhere.id, filename="a.txt", content="abc")
    assert await refused(upload) == "not_in_channel"
    assert await refused(client.files_info(file="F404")) == "file_not_found"


# ---------------------------------------------------------------- manifest


@pytest.mark.parametrize(
    "commands",
    [
        [{"command": f"/c{n}", "description": "x"} for n in range(51)],
        [{"command": "/" + "c" * 32, "description": "x"}],
        [{"command": "/Task", "description": "x"}],
        [{"command": "/task", "description": ""}],
        [{"command": "/task", "description": "x", "usage_hint": "h" * 1001}],
    ],
)
def test_a_manifest_beyond_the_limits_is_refused(commands: list[Json], slack: SlackPlatform) -> None:
    manifest = {"display_information": {"name": "QM"}, "features": {"slash_commands": commands}}
    with pytest.raises(ManifestError):
        slack.app.use_manifest(manifest)
