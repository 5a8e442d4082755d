"""What is known of this process and of what keeps it well, for whoever asks in chat."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import structlog

from core.ports.jobs import Runs
from core.ports.leases import EXECUTOR, LEAD

if TYPE_CHECKING:
    from bot.application.services import Supplies
    from core.ports.backups import Backups
    from core.ports.health import Checkup, Vitals
    from core.ports.jobs import JobEngine
    from core.ports.leases import Leases

log = structlog.get_logger()

T = TypeVar("T")

PATIENCE = 3.0
"""Seconds that a part has to tell how it is: a little longer than it is looked at."""


@dataclass(slots=True)
class Upkeep:
    """The process and its parts; `platforms` are those that the settings name.

    `has_console` is None where nothing is served.
    """

    checkup: "Checkup"
    vitals: "Vitals"
    backups: "Backups"
    platforms: frozenset[str]
    engine: "JobEngine | None" = None
    has_console: bool | None = None


async def processes_alive(leases: "Leases") -> int:
    """Return how many processes run jobs, by the signs of life that they give; raises `StorageUnavailableError`."""
    return await leases.count(EXECUTOR) or await leases.count(LEAD)


async def who_runs_jobs(supplies: "Supplies") -> Runs:
    """Return who runs jobs; whoever does not tell in time is not counted on."""
    if supplies.upkeep.engine:
        return Runs.HERE
    alive = await in_time("jobs", processes_alive(supplies.storage.leases))
    return Runs.ELSEWHERE if alive else Runs.NOWHERE


async def in_time(part: str, told: Awaitable[T]) -> T | None:
    """Return what a part tells of itself; None if it does not, or not soon."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await told
    except Exception as error:  # why: whatever is wrong with a part, the others are told of
        log.warning("part_silent", part=part, kind=type(error).__name__)
        return None
