"""A thousand schedules due in one minute, over forty channels in four Slack teams: how long until all are posted.

Slack takes about a message a second into a channel; 25 of them are for each.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.settings.model import Settings
from bot.wiring.bootstrap import open_product
from core.chat.request import ChannelKind, Platform
from core.people.model import Identity, Role
from core.ports.storage import Storage
from core.sales.model import SaleLine
from core.sales.repository import SALES
from core.schedules.model import Schedule, written
from core.schedules.repository import SCHEDULES
from core.workspaces.model import Installation, InstallationStatus
from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Target
from tests.benchmarks.processes import BenchError
from tests.benchmarks.stage import DATABASE, scratch, settings_in
from tests.support.slack import Channel, SlackPlatform, world

TEAMS, CHANNELS, EACH = 4, 10, 25
SOONEST = 40
"""Seconds until they are due, in which the server has to be up."""
LIMIT = 200.0
WITHIN = Target("ours", "≤", 40)
DAYS = 14


async def run(*, is_quick: bool) -> list[Figure]:
    """The seconds from when they are due until the last one is in its channel."""
    each = 2 if is_quick else EACH
    async with scratch() as folder, SlackPlatform() as slack:
        slack.pace.seconds = 1.0
        due = datetime.now(UTC) + timedelta(seconds=SOONEST)
        channels = await _prepared(slack, settings_in(folder), each, due)
        port = processes.free_port()
        command = processes.module("tests.benchmarks.product")
        async with processes.running(command, folder, _environment(slack, folder, port)) as process:
            await processes.until_ready(f"http://127.0.0.1:{port}/readyz", process, folder)
            if datetime.now(UTC) > due:
                raise BenchError("the server came up too late")
            before = processes.processor_seconds(process.pid)
            seconds = await _all_posted(channels, each, due)
            used = processes.processor_seconds(process.pid) - before
            await asyncio.sleep(2.0)
        _expect_once(channels, each)
    count = len(channels) * each
    note = f"Slack refused {slack.pace.refused} that came too soon; {used:.1f} s of processor time"
    return [Figure(f"{count:,} schedules due at once, all posted", "s", seconds, WITHIN, note=note)]


async def _all_posted(channels: list[Channel], each: int, due: datetime) -> float:
    """Wait until every channel has all its messages, and return how long after they were due that is."""
    while any(len(channel.messages) < each for channel in channels):
        late = (datetime.now(UTC) - due).total_seconds()
        if late > LIMIT:
            raise BenchError(f"only {sum(len(channel.messages) for channel in channels)} are posted")
        await asyncio.sleep(0.05)
    return (datetime.now(UTC) - due).total_seconds()


def _expect_once(channels: list[Channel], each: int) -> None:
    keys = Counter(str(message.metadata) for channel in channels for message in channel.messages)
    if set(keys.values()) != {1} or any(len(channel.messages) != each for channel in channels):
        raise BenchError("something was posted twice")


def _environment(slack: SlackPlatform, folder: Path, port: int) -> dict[str, str]:
    return {
        "QM_DATA_DIR": str(folder),
        "QM_DATABASE_URL": f"sqlite+aiosqlite:///{folder / DATABASE}",
        "QM_PORT": str(port),
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.app.signing_secret,
        "SLACK_API_URL": slack.api_url,
    }


async def _prepared(slack: SlackPlatform, settings: Settings, each: int, due: datetime) -> list[Channel]:
    """Fill a fresh database with teams, somebody in each, what was sold there, and schedules."""
    found: list[Channel] = []
    installed = [slack.installation, *(slack.world.install(slack.world.team(f"Team {n}")) for n in range(1, TEAMS))]
    async with open_product(settings) as (_, equipment):
        for one in installed:
            user = slack.world.user("anna", team=one.team)
            channels = [slack.world.channel(f"shop-{n}", [user]) for n in range(CHANNELS)]
            await _filled(equipment.storage, one, user, channels, each, due)
            found += channels
    return found


async def _filled(
    storage: Storage, installed: world.Installation, user: world.User, channels: list[Channel], each: int, due: datetime
) -> None:
    now, team = datetime.now(UTC), installed.team
    workspace = await storage.system.create_workspace(team.name, zone="UTC", currency="EUR", locale="en", at=now)
    space = await storage.system.ensure_space(workspace.id, Platform.SLACK, team.id, team.name, now)
    kept = Installation(
        space.id, workspace.id, Platform.SLACK, team.id, installed.token, installed.bot.id, installed.bot.app_id or "",
        tuple(installed.scopes), InstallationStatus.ACTIVE, "", now,
    )  # fmt: skip
    await storage.system.save_installation(kept)
    async with storage.workspace(workspace.id).write() as work:
        anna = await work.members.add("Anna", Role.MANAGER, at=now)
        await work.members.add_identity(Identity(Platform.SLACK, space.id, user.id, anna))
        places = [
            await work.channels.ensure(space.id, channel.id, channel.name, ChannelKind.PUBLIC, now)
            for channel in channels
        ]
        work.of(SALES).add([_line(now, day) for day in range(DAYS)])
        work.of(SCHEDULES).add_all(
            [_schedule(1 + n, places[n % len(places)].id, anna, due) for n in range(each * len(places))]
        )
        await work.commit()


def _line(now: datetime, day: int) -> SaleLine:
    amount = Decimal(10 + day)
    sold = (now - timedelta(days=day)).date()
    return SaleLine(sold, amount, Decimal(1), amount, "EUR", "import", digest=str(day))


def _schedule(number: int, channel_id: int, anna: int, due: datetime) -> Schedule:
    return Schedule(
        number=number,
        title="sales last 14 days",
        area="report",
        kind="command",
        arguments=written({"line": "/report sales last 14 days"}),
        rule="PT86400S",
        zone="UTC",
        channel_id=channel_id,
        author_id=anna,
        created_at=due,
        since=due,
        next_at=due,
    )


if __name__ == "__main__":
    start = time.perf_counter()
    print(asyncio.run(run(is_quick=False)), time.perf_counter() - start)
