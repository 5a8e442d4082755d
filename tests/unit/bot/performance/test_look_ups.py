"""Somebody is found quickly among many, whichever way they are named."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.chat.request import Platform
from core.people.model import Identity, Role
from tests.support.patience import patience
from tests.unit.bot.stage import Stage, staged

PEOPLE, LOOKUPS = 1_000, 100
SECONDS = 0.010
"""What a look-up takes at most on average, with the whole command around it."""


@pytest.fixture
async def crowd(tmp_path: Path) -> AsyncIterator[Stage]:
    """Many people of one space, with a name and an identity each."""
    async with staged(tmp_path) as stage:
        await stage.type("/task list", platform=Platform.SLACK)
        async with stage.parts.storage.workspace(1).write() as work:
            space = next(one.space_id for one in (await work.members.all())[0].identities)
            now = stage.clock.now()
            for number in range(PEOPLE):
                member = await work.members.add(f"Person {number} Okafor", Role.MEMBER, at=now)
                await work.members.add_identity(Identity(Platform.SLACK, space, f"U{number}", member))
            await work.commit()
        stage.clock.moment += timedelta(hours=1)
        await stage.type("/task list", platform=Platform.SLACK)
        yield stage


async def test_one_of_a_thousand_people_is_found_in_ten_milliseconds(crowd: Stage) -> None:
    for named in ("@person-{0}-okafor", "Person {0} Okafor", "<@U{0}>"):
        began = time.process_time()
        for number in range(LOOKUPS):
            reply = await crowd.type(f"/user show {named.format(number * 7)}", platform=Platform.SLACK)
            assert reply.problem is None, reply.problem
            assert f"Person {number * 7} Okafor" in str(reply)
        assert (time.process_time() - began) / LOOKUPS < patience(SECONDS), named
