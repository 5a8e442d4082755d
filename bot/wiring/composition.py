"""Tying the application together from its parts, whatever adapters those are."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from adapters.backups import KeptBackups, Place
from adapters.secrets import load_keys
from adapters.telemetry.checkup import PartsCheckup
from adapters.telemetry.vitals import ProcessVitals
from bot.application.application import QuartermasterApplication
from bot.application.awaited import Awaited
from bot.application.clearing import follow_clearing
from bot.application.contexts import Contexts
from bot.application.queue import Lane
from bot.application.services import Supplies
from bot.application.upkeep import Upkeep
from bot.grammar.completion import Completer, Look
from bot.grammar.filling import Filler
from bot.grammar.plan import Planner
from bot.grammar.registry import Registry
from bot.identity.audiences import Audiences
from bot.identity.directory import Directory
from bot.identity.identities import Defaults, Identities
from bot.identity.presence import PlatformPresence
from bot.jobs.operations import OperationLog
from bot.middleware.answered import Answered
from bot.middleware.ask_zone import AskZone
from bot.middleware.audit import Audit
from bot.middleware.authorize import authorize
from bot.middleware.confirm import Confirm
from bot.middleware.deduplicate import Deduplicate
from bot.middleware.errors import Errors
from bot.middleware.identity import Identity
from bot.middleware.job_slots import JobSlots
from bot.middleware.meant import Meant
from bot.middleware.newcomers import Newcomers
from bot.middleware.outlasting import PATIENCE, Outlasting
from bot.middleware.override import override
from bot.middleware.rate_limit import Limit, RateLimit
from bot.middleware.recorded import Recorded
from bot.middleware.resolve import Resolve
from bot.middleware.trace import Trace
from bot.middleware.transaction import Transaction
from bot.settings.model import Settings
from bot.wiring.figures import Figures
from bot.wiring.product import Product
from core.chat.actor import Actor
from core.chat.request import Platform
from core.chat.spec import Cost
from core.ports.platform import Messenger
from core.ports.secrets import SecretBox
from core.ports.storage import Operation, Storage
from core.shared.clock import Clock
from core.shared.ids import new_id
from core.shared.value_objects import value_object
from core.workspaces.model import Audience

if TYPE_CHECKING:
    from datetime import datetime

    from bot.wiring.jobs import Jobs
    from core.chat.reply import Reply
    from core.ports.analyses import Analyses
    from core.ports.cache import Cache
    from core.ports.file_jobs import FileJobs
    from core.ports.files import FileStore
    from core.ports.jobs import JobEngine
    from core.ports.papers import Papers
    from core.ports.payments import Till
    from core.ports.workbooks import Workbooks


@value_object
class Pace:
    """How much is let in and done at once: the members' limits by cost, what runs and what may wait.

    A process that dies is missed for as long as the lease lasts that it had on what only one process does.
    """

    limits: Mapping[Cost, Limit] = field(default_factory=lambda: {Cost.QUICK: Limit(600, 60), Cost.JOB: Limit(10, 0.5)})
    quick_width: int = 64
    quick_depth: int = 2000
    job_width: int = 2
    reading_width: int = 2
    job_depth: int = 50
    reminder_seconds: float = 1.0
    board_seconds: float = 2.0
    engine_seconds: float = 1.0
    """How long it serves before jobs can be run, unless there is one."""
    lease_seconds: float = 10.0
    long_seconds: float = PATIENCE
    """How long a command may take before it is a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What everything else is built on."""

    settings: Settings
    storage: Storage
    files: "FileStore"
    workbooks: "Workbooks"
    analyses: "Analyses"
    papers: "Callable[[], Papers]"
    file_jobs: "FileJobs"
    secrets: SecretBox
    clock: Clock
    registry: Registry
    metrics: Figures
    cache: "Cache"
    messengers: dict[Platform, Messenger]
    pace: Pace
    engine: "JobEngine | None" = None
    """What runs jobs, where there is something."""
    till: "Till | None" = None
    """Who takes cards, if somebody does."""


def compose(parts: Parts, operations: OperationLog | None = None) -> Product:
    """Tie the application together; one beside another in the same process shares its operation log."""
    settings, storage, clock = parts.settings, parts.storage, parts.clock
    upkeep = _upkeep(parts)
    defaults = Defaults(settings.application.timezone, settings.application.currency)
    identities = Identities(storage, parts.messengers, clock, defaults)
    operations = operations or OperationLog(storage.system)
    process = new_id(clock.now())
    quick = Lane(parts.pace.quick_width, parts.pace.quick_depth)
    contexts = _contexts(parts, identities, process, upkeep, quick)
    application = _application(parts, contexts, operations, quick)
    follow_clearing(storage, parts.cache)
    parts.metrics.watch_storage(storage.statistics)
    parts.metrics.watch_cache(parts.cache.figures)
    parts.metrics.watch_queue(lambda: application.quick.waiting, "quick")
    parts.metrics.watch_queue(lambda: application.jobs.waiting, "jobs")
    if engine := parts.engine:
        parts.metrics.watch_engine(lambda: engine.state.phase)

    def jobs() -> "Jobs":
        from bot.wiring.jobs import make_jobs  # whoever runs a line and ends has no use for it

        return make_jobs(parts, application, contexts, operations)

    return Product(
        application=application,
        storage=storage,
        identities=identities,
        files=parts.files,
        secrets=parts.secrets,
        clock=clock,
        operations=operations,
        make_jobs=jobs,
        engine=parts.engine,
        upkeep=upkeep,
    )


def _application(parts: Parts, contexts: Contexts, operations: OperationLog, quick: Lane) -> QuartermasterApplication:
    storage, clock, pace = parts.storage, parts.clock, parts.pace
    identities, planner = contexts.identities, Planner(parts.registry, clock)
    resolver = Resolve(storage.system, planner, clock)
    look = _everywhere(identities, contexts.audiences)
    awaited = Awaited(partial(_runs_jobs, parts.engine))

    def record(operation: Operation) -> None:
        operations.record(operation)
        parts.metrics.command(operation)

    return QuartermasterApplication(
        registry=parts.registry,
        planner=planner,
        identities=identities,
        completer=Completer(parts.registry, storage, look),
        filler=Filler(parts.registry, storage, look),
        resolver=resolver,
        clock=clock,
        middleware=[
            Trace(clock, record),
            Outlasting(storage, clock, awaited, parts.registry.errors, pace.long_seconds),
            Errors(parts.registry.errors),
            resolver,
            JobSlots(asyncio.Semaphore(pace.job_width)),
            Deduplicate(),
            Identity(contexts, storage),
            authorize,
            RateLimit(dict(pace.limits)),
            Newcomers(identities),
            Answered(storage.system),
            Transaction(clock),
            Meant(parts.registry.errors),
            AskZone(clock, _which_zone),
            Recorded(clock),
            Confirm(parts.registry.errors),
            override,
            Audit(clock),
        ],
        quick=quick,
        jobs=Lane(pace.job_width + pace.job_depth, 0),
        awaited=awaited,
    )


def _everywhere(identities: Identities, audiences: Audiences) -> Look:
    async def look(actor: Actor, directory: Directory) -> Audience:
        spaces = {space.id: space for space in await identities.all_spaces()}
        return await audiences.of(actor, directory, spaces, everywhere=True)

    return look


def _runs_jobs(engine: "JobEngine | None") -> bool:
    """Tell whether jobs are run here, or soon will be."""
    if engine is None:
        return False
    from core.ports.jobs import Phase

    return engine.state.phase in (Phase.STARTING, Phase.READY)


def _place(settings: Settings) -> Place:
    """Return what is backed up; our version is read from the installation, which takes as long as many a command."""
    from importlib.metadata import version

    where = settings.storage
    return Place(where.database_url, where.files_url, where.data_dir, version("quartermaster"))


def _upkeep(parts: Parts) -> Upkeep:
    settings, engine = parts.settings, parts.engine
    where = settings.storage
    keys = partial(load_keys, settings.application.secret_keys, where.data_dir)
    chats = {"slack": settings.slack.is_on, "discord": settings.discord.is_on}
    return Upkeep(
        checkup=PartsCheckup({"database": parts.storage.check}, {"jobs": lambda: engine.state.words} if engine else {}),
        vitals=ProcessVitals(parts.metrics.longest_stall),
        backups=KeptBackups(partial(_place, settings), parts.files, lambda: keys().keys),
        platforms=frozenset(name for name, is_on in chats.items() if is_on),
        engine=engine,
    )


def _contexts(parts: Parts, identities: Identities, process: str, upkeep: Upkeep, quick: Lane) -> Contexts:
    supplies = Supplies(
        storage=parts.storage,
        files=parts.files,
        workbooks=parts.workbooks,
        analyses=parts.analyses,
        papers=parts.papers,
        is_serving=quick.is_serving,
        turns=asyncio.Semaphore(parts.pace.reading_width),
        cache=parts.cache,
        file_jobs=parts.file_jobs,
        secrets=parts.secrets,
        clock=parts.clock,
        presence=PlatformPresence(identities, parts.messengers),
        upload_limit=parts.settings.storage.upload_limit,
        jobs=parts.registry.jobs,
        process=process,
        upkeep=upkeep,
        till=parts.till,
    )
    audiences = Audiences(parts.messengers, parts.clock)
    return Contexts(identities, audiences, supplies, parts.registry, parts.clock)


def _which_zone(actor: Actor, now: "datetime") -> "Reply":
    """Return the question which zone is somebody's; its words are loaded for the few who are asked."""
    from bot.texts.zones import which_zone

    return which_zone(actor, now)
