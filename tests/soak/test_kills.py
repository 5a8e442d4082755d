"""Killed by the hundred: nothing that was answered is lost, nothing is there twice, and every next start works."""

import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.support import killed_discord, killed_slack
from tests.support.clock import HeldClock
from tests.support.databases import DATABASES, fresh_database
from tests.support.killed_card_shop import kill_a_shop
from tests.support.killed_writer import assert_kept, kill_a_writer
from tests.support.storage import fresh_url
from tests.support.stripe import StripePlatform

KILLS = 100
ANSWERED = "answered before a kill, all of them kept"


@pytest.mark.timeout(900)
async def test_a_hundred_kills_lose_nothing(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    url, moment = fresh_url(tmp_path), random.Random(8)
    kept = answers = 0
    for number in range(KILLS):
        answered = await kill_a_writer(url, f"shop-{number}", moment.randrange(1, 120))
        kept += await assert_kept(url, f"shop-{number}", answered)
        answers += len(answered)
    record_property("kills", KILLS)
    record_property(ANSWERED, answers)
    record_property("kept without an answer", kept - answers)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", DATABASES)
async def test_kills_of_a_shop_that_takes_cards_leave_books_that_balance(
    kind: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    dice, orders = random.Random(15), 0
    async with fresh_database(kind, tmp_path) as url, StripePlatform(HeldClock()) as stripe:
        for number in range(KILLS // 2):
            orders += await kill_a_shop(url, f"shop-{number}", stripe, dice)
        charges = sum(session.is_paid for session in stripe.world.sessions.values())
    record_property("kills", KILLS // 2)
    record_property("orders that balance", orders)
    record_property("of them charged", charges)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("platform", [killed_slack, killed_discord], ids=["slack", "discord"])
async def test_a_kill_among_a_thousand_commands_loses_nothing(
    platform: ModuleType, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    answered = await platform.assert_a_kill_loses_nothing(tmp_path, adds=1000, killed_after=200)
    record_property(ANSWERED, answered)


@pytest.mark.timeout(300)
async def test_on_postgres_such_a_kill_loses_nothing_either(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with fresh_database("postgresql", tmp_path) as url:
        answered = await killed_slack.assert_a_kill_loses_nothing(tmp_path, adds=1000, killed_after=200, url=url)
    record_property(ANSWERED, answered)
