"""How the service is: each part for anybody, figures for those who look after it."""

import asyncio
import datetime as dt
from importlib.metadata import version
from zoneinfo import ZoneInfo

from bot.application.context import Context
from bot.application.upkeep import in_time, processes_alive
from bot.commands.qm.commands import DISTRIBUTION, qm
from bot.texts.qm import condition as words
from bot.texts.qm import parts as shown
from bot.texts.view import View
from core.chat.reply import Reply
from core.jobs.model import JobCount
from core.people.model import Role
from core.ports.jobs import JobEngine
from core.ports.leases import Leases
from core.ports.storage import UnitOfWork
from core.schedules.missed import LATE_AFTER
from core.schedules.model import ScheduleCounts
from core.schedules.repository import SCHEDULES
from core.shared.value_objects import value_object


@qm.command(role=Role.GUEST)
async def status(ctx: Context) -> Reply:
    """Show how each part of the service is, which version runs, and your time.

    Examples:
        /qm status
    """
    supplies = ctx.services.supplies
    upkeep = supplies.upkeep
    parts, running, schedules, posts, backups = await asyncio.gather(
        upkeep.checkup.parts(),
        in_time("jobs", _processes(upkeep.engine, supplies.storage.leases)),
        in_time("schedules", _schedules(ctx)),
        in_time("posts", supplies.storage.outbox.backlog()),
        in_time("backups", upkeep.backups.times()),
    )
    condition = shown.Condition(
        works=parts,
        platforms=upkeep.platforms,
        has_console=upkeep.has_console,
        engine=upkeep.engine.state if upkeep.engine else None,
        processes=running,
        schedules=schedules,
        posts=posts,
        backups=backups,
    )
    directory = ctx.directory
    people = sum(member.active for member in directory.members.values())
    is_served = upkeep.engine is not None or running != 0
    about = words.About(version(DISTRIBUTION), directory.workspace, people, len(directory.channels), is_served)
    view = View(ctx.actor, directory, ctx.now)
    return words.status(about, shown.rows(condition, ctx.now, may_change=ctx.actor.role >= Role.ADMIN), view)


@qm.command(role=Role.ADMIN)
async def stats(ctx: Context) -> Reply:
    """Show figures of the service: memory, database, cache, jobs, schedules, posts, how long things take.

    Examples:
        /qm stats
    """
    supplies = ctx.services.supplies
    posts, work = await asyncio.gather(
        in_time("posts", supplies.storage.outbox.backlog()), in_time("database", _counts(ctx))
    )
    return words.stats(
        words.Figures(
            signs=supplies.upkeep.vitals.signs(),
            storage=supplies.storage.statistics(),
            posts=posts,
            jobs=work.jobs if work else None,
            schedules=work.schedules if work else None,
            cache=supplies.cache.figures(),
            is_served=supplies.upkeep.engine is not None,
        ),
        ctx.now,
    )


@value_object
class _Counts:
    jobs: "list[JobCount]"
    schedules: ScheduleCounts


async def _processes(engine: JobEngine | None, leases: Leases) -> int:
    return await (engine.processes() if engine else processes_alive(leases))


async def _schedules(ctx: Context) -> ScheduleCounts:
    async with ctx.services.supplies.storage.workspace(ctx.actor.workspace_id).read() as work:
        return await _schedule_counts(work, ctx)


async def _counts(ctx: Context) -> _Counts:
    today = ctx.now.astimezone(ZoneInfo(ctx.actor.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    async with ctx.services.supplies.storage.workspace(ctx.actor.workspace_id).read() as work:
        jobs = await work.jobs.counts(today.astimezone(dt.UTC))
        return _Counts(list(jobs), await _schedule_counts(work, ctx))


async def _schedule_counts(work: UnitOfWork, ctx: Context) -> ScheduleCounts:
    return await work.of(SCHEDULES).counts(ctx.now - LATE_AFTER)
