"""What Slack, the network and the database do wrong, and that no answer is lost and nothing is done twice."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from tests.scenario.conftest import By
from tests.support.patience import until
from tests.support.slack import Channel, HttpTransport, SlackPlatform
from tests.support.slack.delivery import encode
from tests.support.slack_product import SlackShop, Way, brisk

FORM = "application/x-www-form-urlencoded"


@contextmanager
def stalled(folder: Path) -> Iterator[None]:
    """Hold the database's write lock, so that no change gets through."""
    other = sqlite3.connect(folder / "quartermaster.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.rollback()
        other.close()


def _over_http(slack: SlackPlatform) -> HttpTransport:
    assert isinstance(slack.transport, HttpTransport)
    return slack.transport


async def _titles(by: By, channel: Channel) -> str:
    return (await (await by("anna").command("/task list", channel=channel)).answer()).shown


# ------------------------------------------------------------ who may call


@pytest.mark.parametrize(
    ("secret", "age"), [("another secret", 0.0), (None, 301.0), (None, -301.0)], ids=["forged", "stale", "ahead"]
)
async def test_what_slack_did_not_sign_just_now_is_refused_and_logged_without_its_content(
    slack: SlackPlatform, by: By, general: Channel, secret: str | None, age: float
) -> None:
    http = _over_http(slack)
    payload = (await by("anna").command("/task add Buy milk", channel=general)).payload
    body, _ = encode("slash_commands", {**payload, "text": "add A secret matter", "trigger_id": "1.2.3"})
    now = time.time()  # the app compares it with the machine's
    with capture_logs() as logs:
        refused = await http.post(body, http.sign(body, secret=secret, at=now - age) | {"Content-Type": FORM})
    assert refused.status == 401
    assert [entry["reason"] for entry in logs if entry["event"] == "slack_request_refused"] == ["signature"]
    assert "secret matter" not in str(logs)
    assert "secret matter" not in await _titles(by, general)


async def test_what_is_not_signed_at_all_is_refused(slack: SlackPlatform, shop: SlackShop) -> None:
    http = _over_http(slack)
    assert (await http.post(b"token=x&command=%2Ftask", {"Content-Type": FORM})).status == 401
    assert (await http.post(b"{}", {"Content-Type": "application/json"})).status == 401
    assert (await http.post(b"\xff\xfe", {"Content-Type": FORM})).status == 400
    assert (await http.post(b"x" * 600_000, {"Content-Type": FORM})).status == 400


async def test_a_signed_payload_that_makes_no_sense_ends_in_an_error_and_harms_nothing(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    http = _over_http(slack)
    team = slack.installation.team.id
    person = {"team": {"id": team}, "user": {"id": "U1"}}
    button = {"type": "button", "action_id": "x"}
    strange: list[dict[str, Any]] = [
        {"command": "/task", "team_id": team},
        {"payload": json.dumps({"type": "block_actions", **person, "actions": []})},
        {"payload": json.dumps({"type": "block_actions", **person, "actions": [button]})},
        {"payload": json.dumps({"type": "view_submission", **person, "view": {"callback_id": "quartermaster_form"}})},
        {"payload": json.dumps({"type": "of another time", **person})},
        {"payload": "not json"},
        {"payload": "[1]"},
    ]
    for fields in strange:
        body = urlencode(fields).encode()
        answer = await http.post(body, http.sign(body) | {"Content-Type": FORM})
        assert answer.status is not None, fields
        assert answer.status >= 400, fields
        assert "Traceback" not in answer.body
    assert "Nothing to do" in await _titles(by, general)


# ------------------------------------------------------------ delivered again


async def test_one_delivery_ten_times_at_once_is_done_once_and_answered_alike(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    exchange = await by("anna").command("/task add Buy milk", channel=general)
    attempts = await exchange.delivery.repeat(10)
    assert {attempt.body for attempt in attempts} == {exchange.ack.body}
    listed = await _titles(by, general)
    assert listed.count("Buy milk") == 1


async def test_a_repeated_event_is_answered_once_even_by_the_next_process(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    anna = by("anna")
    exchange = await anna.mention("@bot task add Buy milk", general)
    answer = await exchange.answer()
    await exchange.delivery.repeat(3)
    await shop.stop()
    await shop.start()
    again = slack.person(anna.user)
    exchange.delivery._transport = again.transport
    assert [attempt.status for attempt in await exchange.delivery.repeat(2)] == [200, 200]
    await slack.until(lambda: slack.calls_of("conversations.replies"), what="a look into the thread")
    await (await again.command("/task list", channel=general)).answer()
    answers = [m for m in slack.messages(general) if m.by_bot]
    assert answers == [answer]


# ------------------------------------------------------------ Slack in trouble


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_answer_that_slack_did_not_take_comes_when_it_does(
    slack: SlackPlatform, by: By, general: Channel, status: int
) -> None:
    anna = by("anna")
    added = await (await anna.command("/task add Buy milk", channel=general)).answer()
    slack.faults.add("response_url", status=status, times=3, retry_after=0 if status == 429 else None)
    done = await (await anna.press(added, "Done")).answer()
    assert "completed #1" in done.shown


async def test_a_pause_that_slack_asks_for_is_kept(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    added = await (await anna.command("/task add Buy milk", channel=general)).answer()
    slack.faults.add("response_url", status=429, times=1, retry_after=1)
    pressed_at = time.monotonic()
    exchange = await anna.press(added, "Done")
    assert "completed #1" in (await exchange.answer()).shown
    assert time.monotonic() - pressed_at >= 1.0


async def test_a_public_answer_whose_outcome_is_unknown_is_not_shown_twice(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    added = await (await anna.command("/task add Buy milk", channel=general)).answer()
    slack.faults.drop("response_url", after_effect=True)
    exchange = await anna.press(added, "Done")
    await exchange.answer()
    await slack.until(lambda: slack.calls_of("conversations.history"), what="a look into the channel")
    await _titles(by, general)
    assert sum("completed #1" in message.shown for message in slack.messages(general)) == 1


async def test_after_half_an_hour_the_answer_comes_as_a_message(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna = by("anna")
    added = await (await anna.command("/task add Buy milk", channel=general)).answer()
    exchange = await anna.press(added, "Done")
    await exchange.answer()
    listing = await (await anna.command("/task list done", channel=general)).answer()
    slack.faults.add("response_url", status=404, error="expired_url", times=None)
    await anna.press(listing, "Reopen")
    shown = await slack.until(
        lambda: [m for m in slack.messages(general) if "reopened #1" in m.shown], what="the answer in the channel"
    )
    assert len(shown) == 1
    whispered = await slack.until(lambda: slack.calls_of("chat.postEphemeral"), what="the list again")
    assert whispered[0].args["user"] == anna.user.id


async def test_a_form_that_slack_does_not_open_is_told_with_the_way_to_type_it(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    slack.faults.add("views.open", status=200, error="expired_trigger_id")
    told = await (await by("anna").command("/task add", channel=general)).answer()
    assert told.is_ephemeral
    assert "/task add title" in told.shown


async def test_charts_that_slack_refuses_become_words_and_pictures(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna = by("anna")
    await (await anna.command("/task add Buy milk", channel=general)).answer()
    slack.faults.add("response_url", status=400, error="invalid_blocks")
    for _ in range(2):
        summary = await (await anna.command("/task summary", channel=general)).answer()
        kinds = [block["type"] for block in summary.blocks]
        assert "data_visualization" not in kinds
        assert "table" in kinds
        assert "Open by priority" in summary.shown

    def sent() -> list[str] | None:
        names = [told.files[0]["name"] for told in slack.direct_messages(anna.user) if told.files]
        return names if len(names) == 4 else None

    names = await slack.until(sent, what="two pictures for each")
    assert set(names) == {"Open-by-priority.png", "Open-by-person.png"}
    asked = slack.calls_of("files.getUploadURLExternal")
    assert asked[0].args["alt_txt"].startswith("Open by priority: ")


async def test_mentions_are_answered_though_slack_falters(slack: SlackPlatform, by: By, general: Channel) -> None:
    slack.faults.add("chat.postMessage", status=429, times=1, retry_after=0)
    slack.faults.add("chat.postMessage", status=500, times=1)
    slack.faults.drop("chat.postMessage", after_effect=True)
    exchange = await by("anna").mention("@bot task add Buy milk", general)
    assert "added #1" in (await exchange.answer()).shown
    await _titles(by, general)
    assert sum(message.by_bot for message in slack.messages(general)) == 1


async def test_a_reminder_of_unknown_outcome_is_not_posted_twice(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await (await ben.command("/task list", channel=general)).answer()
    slack.faults.drop("chat.postMessage", after_effect=True)
    await (await anna.command(f"/task add Buy milk assign:<@{ben.user.id}>", channel=general)).answer()
    told = await slack.until(lambda: slack.direct_messages(ben.user), what="the notice")
    assert len(told) == 1
    metadata = told[0].metadata
    assert metadata is not None
    assert metadata["event_type"] == "quartermaster_post"
    await slack.until(lambda: slack.calls_of("conversations.history"), what="a look for the post")
    await (await anna.command(f"/task add Sweep assign:<@{ben.user.id}>", channel=general)).answer()
    await slack.until(lambda: len(slack.direct_messages(ben.user)) == 2, what="the next notice")
    assert [("Buy milk" in m.shown, "Sweep" in m.shown) for m in slack.direct_messages(ben.user)] == [
        (True, False),
        (False, True),
    ]


async def test_notices_wait_out_a_rate_limit_in_their_order(slack: SlackPlatform, by: By, general: Channel) -> None:
    anna, ben = by("anna"), by("ben")
    await (await ben.command("/task list", channel=general)).answer()
    slack.faults.add("chat.postMessage", status=429, times=2, retry_after=1)
    for title in ("First", "Second"):
        await (await anna.command(f"/task add {title} assign:<@{ben.user.id}>", channel=general)).answer()
    await slack.until(lambda: len(slack.direct_messages(ben.user)) == 2, what="both notices")
    assert ["First" in message.shown for message in slack.direct_messages(ben.user)] == [True, False]


# ------------------------------------------------------------ the database in trouble


async def test_with_the_database_stalled_everything_is_acknowledged_in_time_and_answered_afterwards(
    slack: SlackPlatform, tmp_path: Path
) -> None:
    shop = SlackShop(slack, tmp_path, timings=replace(brisk(), answer=0.25, event=0.5))
    await shop.start()
    anna = slack.person(slack.world.user("anna"))
    general = slack.world.channel("general", [anna.user])
    await (await anna.command("/task add First", channel=general)).answer()
    with stalled(shop.folder):
        exchanges = await asyncio.gather(
            *(anna.command(f"/task add Task {number}", channel=general) for number in range(20))
        )
        mention = await anna.mention("@bot task add From a thread", general)
        assert {exchange.status for exchange in (*exchanges, mention)} == {200}
        assert not any(exchange.messages for exchange in exchanges)
        job = await anna.command("/task export", channel=general)
        assert (await job.answer()).text == "Working on it. The answer comes here."
    exported = await job.answers(2)
    assert "Working" not in exported[1].shown
    answers = [await exchange.answer() for exchange in exchanges]
    assert all("added #" in answer.shown for answer in answers)
    assert len({answer.shown for answer in answers}) == 20
    thread = mention.payload["event"]["ts"]
    await slack.until(lambda: len(slack.messages(general, thread)) == 2, what="the answer in the thread")
    await shop.stop()


# ------------------------------------------------------------ no longer welcome


async def test_an_uninstalled_app_says_so_keeps_running_and_serves_again_once_installed(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await (await ben.command("/task list", channel=general)).answer()
    with capture_logs() as logs:
        await slack.uninstall()
    assert [entry["reason"] for entry in logs if entry["event"] == "slack_disabled"] == ["app_uninstalled"]
    refused = await anna.command("/task add Buy milk", channel=general)
    assert "not connected" in (await refused.answer()).text
    assert await _recorded_end(shop.folder) == "app_uninstalled"
    slack.installation.is_revoked = False
    await shop.stop()
    await shop.start()
    again = await slack.person(anna.user).command("/task list", channel=general)
    assert "Nothing to do" in (await again.answer()).shown


async def _recorded_end(folder: Path) -> str:
    """Return why the database says that the installation ended, as soon as it says so."""

    def look() -> str:
        with closing(sqlite3.connect(folder / "quartermaster.db")) as db:
            found = db.execute("SELECT reason FROM installations WHERE status = 'disabled'").fetchone()
        return found[0] if found else ""

    return await until(look, what="the end on record")


async def test_posts_by_a_dead_token_end_the_installation(
    slack: SlackPlatform, shop: SlackShop, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    await (await ben.command("/task list", channel=general)).answer()
    slack.installation.is_revoked = True
    await (await anna.command(f"/task add Buy milk assign:<@{ben.user.id}>", channel=general)).answer()
    await slack.until(lambda: slack.calls_of("conversations.open"), what="the attempt")
    assert await _recorded_end(shop.folder) == "token_revoked"
    refused = await anna.command("/task list", channel=general)
    assert "not connected" in (await refused.answer()).text


async def test_a_token_that_works_later_is_taken_up_without_a_restart(slack: SlackPlatform, tmp_path: Path) -> None:
    slack.faults.add("auth.test", error="invalid_auth", times=2)
    shop = SlackShop(slack, tmp_path)
    with capture_logs() as logs:
        await shop.start()
    try:
        refused = [entry for entry in logs if entry["event"] == "slack_token_refused"]
        assert {entry["reason"] for entry in refused} == {"invalid_auth"}
        anna = slack.person(slack.world.user("anna"))
        general = slack.world.channel("general", [anna.user])
        assert "Nothing to do" in (await (await anna.command("/task list", channel=general)).answer()).shown
    finally:
        await shop.stop()


def _has_connected_since(slack: SlackPlatform, before: int) -> bool:
    return slack.socket.connected_in_all > before


async def test_a_lost_socket_is_opened_again(slack: SlackPlatform, tmp_path: Path) -> None:
    shop = SlackShop(slack, tmp_path, "socket")
    await shop.start()
    try:
        anna = slack.person(slack.world.user("anna"))
        general = slack.world.channel("general", [anna.user])
        for is_abrupt in (False, True):
            before = slack.socket.connected_in_all
            await slack.socket.disconnect(abruptly=is_abrupt)
            await slack.until(partial(_has_connected_since, slack, before))
            await slack.until(lambda: [one for one in slack.socket.connections if not one.closed])
            assert "Nothing to do" in (await (await anna.command("/task list", channel=general)).answer()).shown
    finally:
        await shop.stop()


async def test_private_channels_are_known_as_such_and_their_tasks_stay_there(
    slack: SlackPlatform, by: By, general: Channel
) -> None:
    anna, ben = by("anna"), by("ben")
    secret = slack.world.channel("secret", [anna.user], private=True)
    await (await anna.command("/task add Plan the party", channel=secret)).answer()
    await (await ben.command("/task add Sweep", channel=general)).answer()
    for person, sees in ((anna, True), (ben, False)):
        everything = await (await person.command("/task list channel:all", channel=general)).answer()
        assert ("Plan the party" in everything.shown) is sees


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_a_product_that_stops_answers_what_it_acknowledged(
    slack: SlackPlatform, tmp_path: Path, way: Way
) -> None:
    shop = SlackShop(slack, tmp_path, way, timings=replace(brisk(), answer=0.1))
    await shop.start()
    anna = slack.person(slack.world.user("anna"))
    general = slack.world.channel("general", [anna.user])
    await (await anna.command("/task add First", channel=general)).answer()
    with stalled(tmp_path):
        waiting = await anna.command("/task add Buy milk", channel=general)
        assert (waiting.status, waiting.messages) == (200, [])
        stopping = asyncio.create_task(shop.stop())
        for _ in range(10):
            await asyncio.sleep(0)
    await stopping
    assert "added #2" in waiting.messages[0].shown


async def test_one_product_serves_both_ways_at_once(slack: SlackPlatform, tmp_path: Path) -> None:
    shop = SlackShop(slack, tmp_path, "both")
    await shop.start()
    user = slack.world.user("anna")
    general = slack.world.channel("general", [user])
    for transport in (slack.socket, slack.connect(f"{shop.origin}/slack/events")):
        exchange = await slack.person(user, transport).command("/task list", channel=general)
        assert "Nothing to do" in (await exchange.answer()).shown
    await shop.stop()
