"""The same delivery at two copies, of which one is quick and one is late, or dies: it is answered once."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.databases import fresh_database
from tests.support.slack import Channel, Exchange, Person, SlackPlatform
from tests.support.slack.delivery import Attempt
from tests.support.slack_product import SlackShop, brisk, slack_process, tuned

TURN = 0.5
LATE = replace(brisk(), answer=0.0, turn=TURN)
"""Timings by which nothing is ready for the acknowledgement."""
LATE_PROGRAM = tuned(answer=0.0, turn=TURN)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[str]:
    async with fresh_database("postgresql", tmp_path) as url:
        yield url


@asynccontextmanager
async def _open(slack: SlackPlatform, folder: Path, url: str, **timings: float) -> AsyncIterator[SlackShop]:
    shop = SlackShop(slack, folder, timings=replace(LATE, **timings), url=url)
    await shop.start()
    try:
        yield shop
    finally:
        await shop.stop()


def _team(slack: SlackPlatform) -> tuple[Person, Channel]:
    user = slack.world.user("anna")
    return slack.person(user), slack.world.channel("general", [user])


async def _delivered_to(shop: SlackShop, exchange: Exchange) -> Attempt:
    """Deliver the very same again, to another copy."""
    exchange.delivery._transport = shop.slack.connect(f"{shop.origin}/slack/events")
    return (await exchange.delivery.repeat())[0]


def _posted(slack: SlackPlatform, channel: Channel) -> int:
    return sum("added #1" in message.shown for message in slack.messages(channel) if message.by_bot)


async def test_what_one_copy_answers_later_no_other_one_answers_at_once(
    slack: SlackPlatform, database: str, tmp_path: Path
) -> None:
    async with _open(slack, tmp_path, database, answer=20.0) as quick, _open(slack, tmp_path, database):
        anna, general = _team(slack)
        exchange = await anna.command("/task add Buy milk", channel=general)
        assert (await _delivered_to(quick, exchange)).body == ""
        await exchange.answer()
    assert _posted(slack, general) == 1


async def test_what_one_copy_answers_at_once_no_other_one_answers_later(
    slack: SlackPlatform, database: str, tmp_path: Path
) -> None:
    async with _open(slack, tmp_path, database) as late, _open(slack, tmp_path, database, answer=20.0):
        anna, general = _team(slack)
        exchange = await anna.command("/task add Buy milk", channel=general)
        assert "added #1" in exchange.ack.body
        # Which of the two acknowledgements Slack gets to see nobody here knows.
        assert (await _delivered_to(late, exchange)).body == exchange.ack.body
    assert _posted(slack, general) == 1


async def test_who_is_killed_before_its_answer_is_posted_is_stood_in_for(
    slack: SlackPlatform, database: str, tmp_path: Path
) -> None:
    async with (
        _open(slack, tmp_path, database) as other,
        slack_process(slack, tmp_path, database, program=LATE_PROGRAM) as killed,
    ):
        anna, general = _team(slack)
        posting = slack.faults.hang("response_url")
        exchange = await anna.command("/task add Buy milk", channel=general)
        await posting.reached.wait()
        await _delivered_to(other, exchange)
        await killed.end(signal.SIGKILL)
        assert "added #1" in (await exchange.answer()).shown
    assert _posted(slack, general) == 1
